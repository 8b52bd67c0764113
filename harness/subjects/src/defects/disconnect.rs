//! DISCONNECT (section 3.14).

use super::patterns::twice;
use crate::around::{Memory, change_packet, change_received, send};
use crate::defect;
use bytes::Bytes;
use protocol::{Packet, Property, PropertyId, ReasonCode, Version};
use transport::{Effect, Input};

defect! {
    "speaks-after-disconnect", "The Server sends a PINGRESP after its DISCONNECT",
    breaks: ["5.0/MQTT-3.14.4-1"],
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Disconnect(_), connection, .. } => {
            let more = send(memory, *connection, Packet::Pingresp);
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
        change_packet(effect, |packet| {
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
    "short-disconnects-are-lost", "A DISCONNECT without Reason Code or without Property Length is ignored",
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

twice!(
    "reason-string-twice-in-disconnect",
    "DISCONNECT has its Reason String twice",
    Disconnect,
    ReasonString,
    "5.0/RULE-3.14.2.2.3-twice"
);

defect! {
    "two-session-expiry-intervals-in-disconnect", "A DISCONNECT with two Session Expiry Intervals is accepted",
    breaks: ["5.0/RULE-3.14.2.2.2-twice"],
    frame_in: |memory, connection, bytes| {
        let is = bytes.first() == Some(&0xE0) && memory.version(connection) == Version::V500;
        let two = bytes.iter().filter(|byte| **byte == 0x11).count() > 1;
        if is && two { vec![Bytes::from_static(&[0xE0, 0])] } else { vec![bytes] }
    },
}

defect! {
    "reason-string-stands-twice-in-disconnect", "DISCONNECT of the Server has two Reason Strings",
    breaks: ["5.0/RULE-3.14.2.2.3-twice"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Disconnect(disconnect) = packet {
            disconnect.properties.push(Property::ReasonString("once".into()));
            disconnect.properties.push(Property::ReasonString("twice".into()));
        }
    }),
}

defect! {
    "disconnect-has-a-code-for-clients", "DISCONNECT of the Server has the Reason Code 0x04, which only Clients use",
    breaks: ["5.0/MQTT-3.14.2-1"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Disconnect(disconnect) = packet {
            disconnect.reason = ReasonCode(0x04);
        }
    }),
}

defect! {
    "session-expiry-in-disconnect-is-ignored", "The Session Expiry Interval of DISCONNECT is ignored",
    breaks: ["5.0/RULE-3.14.2.2.2-new-interval-applies"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Disconnect(disconnect) = packet {
            disconnect.properties.remove(PropertyId::SessionExpiryInterval);
        }
    }),
}

defect! {
    "disconnect-ends-the-session", "A DISCONNECT without Session Expiry Interval is treated as one with 0",
    breaks: ["5.0/RULE-3.14.2.2.2-new-interval-applies"],
    input: |memory, _, connection, input| {
        let v5 = memory.version(connection) == protocol::Version::V500;
        change_received(input, |packet| {
            if let Packet::Disconnect(disconnect) = packet
                && v5
                && disconnect.properties.session_expiry_interval().is_none()
            {
                disconnect.properties.set(Property::SessionExpiryInterval(0));
            }
        })
    },
}

defect! {
    "session-expiry-above-0-after-0-is-taken", "A DISCONNECT that sets a Session Expiry Interval where CONNECT had none is accepted",
    breaks: ["5.0/RULE-3.14.2.2.2-above-zero-after-zero"],
    input: |memory, _, connection, input| {
        let none = memory.connect(connection).is_some_and(|c| c.properties.session_expiry_interval().unwrap_or(0) == 0);
        change_received(input, |packet| {
            if let protocol::Packet::Disconnect(disconnect) = packet
                && none
            {
                disconnect.properties.remove(protocol::PropertyId::SessionExpiryInterval);
            }
        })
    },
}
