//! Packets that never arrived as a whole, and are acted upon (sections 2.1.4 of 5.0 and 2.2.3 of 3.1.1: the Remaining Length is part of every packet).

use super::wire::header_length;
use crate::defect;

defect! {
    "half-a-disconnect-counts", "A Network Connection that ends within a DISCONNECT has ended by DISCONNECT",
    breaks: ["3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-8"],
    cut_off: |_, _, bytes| if bytes.first() == Some(&0xE0) { vec![vec![0xE0, 0].into()] } else { vec![] },
}

defect! {
    "half-a-publish-counts", "A PUBLISH of which a part arrived before the Network Connection ended is filled up with zeros",
    breaks: ["3.1.1/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-9"],
    cut_off: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        let publish = frame.first().is_some_and(|first| first >> 4 == 3);
        let (Some(start), true) = (header_length(&frame), publish) else { return vec![] };
        let length = frame[1..start].iter().rev().fold(0usize, |sum, byte| sum << 7 | usize::from(byte & 0x7F));
        frame.resize(start + length, 0);
        vec![frame.into()]
    },
}

defect! {
    "half-a-puback-counts", "A PUBACK of which only three bytes arrived is taken for the one that was waited for",
    breaks: ["3.1.1/MQTT-4.3.2-1", "5.0/MQTT-4.3.2-3"],
    cut_off: |_, _, bytes| match bytes.as_ref() {
        [0x40, 2, 0] => vec![vec![0x40, 2, 0, 1].into()],
        _ => vec![],
    },
}
