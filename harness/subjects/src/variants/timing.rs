//! Choices that no rule is about: when bytes go out, in what pieces, and in which of several forms.

use crate::variant;
use protocol::{Packet, Version};
use std::time::Duration;
use transport::Effect;

variant! {
    "slow", "Everything takes two seconds",
    effect: |memory, now, effect| {
        memory.later(now + Duration::from_secs(2), effect);
        vec![]
    },
}

variant! {
    "stalls-once", "Nothing comes out for 25 seconds, once, and then all of it in order",
    effect: |memory, now, effect| {
        let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let is_connack = matches!(&effect, Effect::Send { packet: Packet::Connack(_), .. });
        let end = memory.number("the stall ends at");
        if *end == 0 && !is_connack {
            *end = millis + 25_000;
        }
        let end = *end;
        if millis >= end {
            return vec![effect];
        }
        memory.later(Duration::from_millis(end), effect);
        vec![]
    },
}

variant! {
    "one-byte-segments", "Every byte goes out alone",
    frame_out: |_, _, bytes| (0..bytes.len()).map(|i| bytes.slice(i..=i)).collect(),
}

variant! {
    "acknowledgements-in-batches", "Acknowledgements are held for a moment and sent together",
    effect: |memory, now, effect| match &effect {
        Effect::Send { packet: Packet::Puback(_) | Packet::Pubrec(_) | Packet::Pubcomp(_), .. } => {
            let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
            memory.later(Duration::from_millis((millis / 300 + 1) * 300), effect);
            vec![]
        }
        _ => vec![effect],
    },
}

variant! {
    "acknowledgements-in-full", "Acknowledgements of 5.0 have a Reason Code and a Property Length where both could be left out (3.4.2.1)",
    frame_out: |memory, connection, bytes| match bytes.as_ref() {
        [first @ (0x40 | 0x50 | 0x62 | 0x70), 2, high, low] if memory.version(connection) == Version::V500 => {
            vec![vec![*first, 4, *high, *low, 0, 0].into()]
        }
        _ => vec![bytes],
    },
}

variant! {
    "acknowledgements-without-property-length", "Acknowledgements of 5.0 have a Reason Code and no Property Length (3.4.2.2.1)",
    frame_out: |memory, connection, bytes| match bytes.as_ref() {
        [first @ (0x40 | 0x50 | 0x62 | 0x70), 2, high, low] if memory.version(connection) == Version::V500 => {
            vec![vec![*first, 3, *high, *low, 0].into()]
        }
        _ => vec![bytes],
    },
}
