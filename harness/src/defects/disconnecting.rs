//! DISCONNECT (section 3.14).

use crate::defect;
use protocol::{Packet, Property, Version};
use transport::Effect;

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
