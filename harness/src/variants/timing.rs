//! Choices that no rule is about: when bytes go out, and in what pieces.

use crate::variant;
use protocol::Packet;
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
    "one-byte-segments", "Every byte goes out alone",
    frame_out: |_, _, bytes| (0..bytes.len()).map(|i| bytes.slice(i..=i)).collect(),
}

variant! {
    "acknowledgements-in-batches", "Acknowledgements wait a moment for each other",
    effect: |memory, now, effect| match &effect {
        Effect::Send { packet: Packet::Puback(_) | Packet::Pubrec(_) | Packet::Pubcomp(_), .. } => {
            let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
            memory.later(Duration::from_millis((millis / 300 + 1) * 300), effect);
            vec![]
        }
        _ => vec![effect],
    },
}
