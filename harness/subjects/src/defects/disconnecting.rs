//! DISCONNECT (section 3.14).

use super::Memory;
use crate::defect;
use protocol::{Packet, Property, Version};
use transport::{Effect, Input};

defect! {
    "speaks-after-disconnect", "The Server sends a PINGRESP after its DISCONNECT",
    breaks: ["5.0/MQTT-3.14.4-1"],
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Disconnect(_), connection, .. } => {
            let more = super::send(memory, *connection, Packet::Pingresp);
            vec![effect, more]
        }
        _ => vec![effect],
    },
}

defect! {
    "session-expiry-in-the-servers-disconnect", "The Server's DISCONNECT has a Session Expiry Interval",
    breaks: ["5.0/MQTT-3.14.2-2"],
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        super::change_packet(effect, |packet| {
            if let Packet::Disconnect(disconnect) = packet
                && v5
            {
                disconnect.properties.set(Property::SessionExpiryInterval(1));
            }
        })
    },
}

defect! {
    "stays-open-after-its-disconnect", "The Network Connection stays open after the Server's DISCONNECT",
    breaks: ["5.0/MQTT-3.14.4-2", "5.0/MQTT-4.13.2-1"],
    effect: |memory, _, effect| {
        let key = format!("farewell {}", effect.connection());
        match &effect {
            Effect::Send { packet: Packet::Disconnect(_), .. } => {
                memory.mark(key);
                vec![effect]
            }
            Effect::Close { .. } if memory.marked(&key) => vec![],
            _ => vec![effect],
        }
    },
}

defect! {
    "short-disconnects-are-lost", "A DISCONNECT without Reason Code or without Property Length is passed over",
    breaks: ["5.0/RULE-3.14.2.1-short-form"],
    frame_in: |memory, connection, bytes| {
        let short = matches!(bytes.as_ref(), [0xE0, 0] | [0xE0, 1, _]);
        if short && memory.version(connection) == Version::V500 { vec![] } else { vec![bytes] }
    },
}

/// After DISCONNECT the Server does not close. It should, and need not: a Defect against the recommendation, a Variant for all the rest.
pub fn leave_the_close_to_the_client(memory: &mut Memory, effect: Effect) -> Vec<Effect> {
    let answered = format!("{} was told", effect.connection());
    let asked = matches!(memory.present, Some(Input::Received(Packet::Disconnect(_))));
    match &effect {
        Effect::Close { .. } if asked && !memory.marked(&answered) => return vec![],
        // A DISCONNECT that is in error is another matter.
        Effect::Send { packet: Packet::Disconnect(_), .. } => drop(memory.mark(answered)),
        _ => {}
    }
    vec![effect]
}

defect! {
    "waits-for-the-client-to-close", "The Network Connection stays open after the Client's DISCONNECT",
    breaks: ["3.1.1/SHOULD-3.14.4-server-closes", "5.0/SHOULD-3.14.4-receiver-closes"],
    effect: |memory, _, effect| leave_the_close_to_the_client(memory, effect),
}

defect! {
    "protocol-errors-are-not-explained", "The Server closes without DISCONNECT, whatever was wrong",
    breaks: ["5.0/SHOULD-4.13.1-server-sends-disconnect", "5.0/SHOULD-4.12.1-disconnect-on-failure", "5.0/SHOULD-3.2.2.3.5-retain-code"],
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Disconnect(_), .. } => vec![],
        effect => vec![effect],
    },
}
