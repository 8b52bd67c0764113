//! Patterns that Defects of several sections follow, and the functions behind them.

use crate::around::{Memory, change_packet};
use protocol::{Packet, Property, Version};
use transport::{Effect, Input};

/// The same PUBLISH with this Property, for a Client of 5.0.
pub(super) fn publish_with(memory: &Memory, effect: Effect, property: Property) -> Vec<Effect> {
    let v5 = memory.version(effect.connection()) == Version::V500;
    change_packet(effect, |packet| {
        if let Packet::Publish(publish) = packet
            && v5
        {
            publish.properties.push(property);
        }
    })
}

/// Changes packets of the Server once they are encoded: `name, title, [what the Server breaks], how`.
macro_rules! sends_bytes {
    ($($name:literal, $title:literal, [$($id:literal),+], $change:expr;)+) => {
        $($crate::defect! {
            $name, $title,
            breaks: [$($id),+],
            frame_out: $change,
        })+
    };
}
pub(super) use sends_bytes;

/// Nothing at all for a packet that the decoder refuses for one of these Requirements.
pub(super) fn pass_over(input: Input, faults: &[&str]) -> Vec<Input> {
    match &input {
        Input::Malformed(error) if faults.contains(&error.requirement.as_str()) => vec![],
        _ => vec![input],
    }
}

/// Ignores what the decoder refuses: `name, title, [what the decoder says], [what the Server breaks]`.
macro_rules! passes_over {
    ($($name:literal, $title:literal, [$($fault:literal),+], [$($id:literal),+];)+) => {
        $($crate::defect! {
            $name, $title,
            breaks: [$($id),+],
            input: |_, _, _, input| $crate::defects::patterns::pass_over(input, &[$($fault),+]),
            // A Client whose CONNECT was ignored is not disconnected for sending none.
            config: |config| config.connect_timeout = 0,
        })+
    };
}
pub(super) use passes_over;

/// Has a Property twice that may be there once: `name, title, packet, Property, what the Server breaks`.
macro_rules! twice {
    ($name:literal, $title:literal, $packet:ident, $property:ident, $id:literal) => {
        $crate::defect! {
            $name, $title,
            breaks: [$id],
            effect: |_, _, effect| $crate::around::change_packet(effect, |packet| {
                if let ::protocol::Packet::$packet(packet) = packet
                    && let Some(again) = packet.properties.get(::protocol::PropertyId::$property).cloned()
                {
                    packet.properties.push(again);
                }
            }),
        }
    };
}
pub(super) use twice;
