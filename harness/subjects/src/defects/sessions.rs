//! Sessions: what is kept, for whom, and what CONNACK says of it (sections 3.1.2.4, 3.1.4, 3.2.2.1.1 and 4.1).

use super::{change_packet, change_received};
use crate::defect;
use protocol::{Packet, Property, PropertyId};
use transport::Effect;

defect! {
    "session-present-is-always-0", "Session Present is 0 although a Session is resumed",
    breaks: ["3.1.1/MQTT-3.2.2-2", "5.0/MQTT-3.2.2-3"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.session_present = false;
        }
    }),
}

defect! {
    "session-present-is-always-1", "Session Present is 1 although there was no Session",
    breaks: ["3.1.1/MQTT-3.2.2-1", "3.1.1/MQTT-3.2.2-3", "5.0/MQTT-3.2.2-2", "5.0/MQTT-3.2.2-3"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.session_present = connack.reason.0 == 0;
        }
    }),
}

defect! {
    "session-present-in-refusals", "A CONNACK that refuses has Session Present 1",
    breaks: ["3.1.1/MQTT-3.2.2-4", "5.0/MQTT-3.2.2-6"],
    frame_out: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() == Some(&0x20) && frame.len() > 3 && frame[3] != 0 {
            frame[2] = 1;
        }
        vec![frame.into()]
    },
}

defect! {
    "sessions-survive-clean-start", "Clean Start 1 goes on with the old Session",
    breaks: ["3.1.1/MQTT-3.1.2-6", "5.0/MQTT-3.1.2-4"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && !connect.client_id.is_empty()
        {
            connect.clean_start = false;
        }
    }),
    effect: |memory, _, effect| {
        let clean = memory.connect(effect.connection()).is_some_and(|c| c.clean_start);
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && clean
            {
                connack.session_present = false;
            }
        })
    },
}

defect! {
    "sessions-are-never-kept", "Every Session ends with its Network Connection",
    breaks: ["3.1.1/MQTT-3.1.2-4", "3.1.1/MQTT-3.1.2-5", "3.1.1/MQTT-4.1.0-1", "5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.2-23"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && !connect.client_id.is_empty()
        {
            connect.clean_start = true;
            connect.properties.remove(PropertyId::SessionExpiryInterval);
        }
    }),
}

defect! {
    "sessions-never-expire", "The Session Expiry Interval is taken for endless",
    breaks: ["5.0/MQTT-4.1.0-2"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.properties.set(Property::SessionExpiryInterval(u32::MAX));
        }
        if let Packet::Disconnect(disconnect) = packet {
            disconnect.properties.remove(PropertyId::SessionExpiryInterval);
        }
    }),
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::SessionExpiryInterval);
        }
    }),
}

defect! {
    "takeover-leaves-the-old-connection-open", "A second Client with the same Client Identifier does not close the first one's Network Connection",
    breaks: ["3.1.1/MQTT-3.1.4-2", "5.0/MQTT-3.1.4-3"],
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let id = memory.client_id(connection);
        let taken_over = memory.peers.iter().any(|(other, peer)| {
            *other > connection && peer.connect.as_ref().is_some_and(|c| c.client_id == id)
        });
        match effect {
            Effect::Close { .. } if taken_over => vec![],
            Effect::Send { packet: Packet::Disconnect(_), .. } if taken_over => vec![],
            effect => vec![effect],
        }
    },
}

defect! {
    "clean-start-is-turned-round", "Clean Start 1 is taken for 0, and 0 for 1",
    breaks: ["3.1.1/MQTT-3.1.2-4", "3.1.1/MQTT-3.1.4-3", "5.0/MQTT-3.1.2-4", "5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.4-4"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && !connect.client_id.is_empty()
        {
            connect.clean_start = !connect.clean_start;
        }
    }),
}

defect! {
    "clean-start-0-makes-no-session", "With Clean Start 0 and no Session to go on with there is none: Subscriptions are acknowledged and bring nothing",
    breaks: ["3.1.1/MQTT-3.1.2-4", "5.0/MQTT-3.1.2-6"],
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let peer = memory.peers.get(&connection);
        let asked = peer.and_then(|peer| peer.connect.as_ref()).is_some_and(|connect| !connect.clean_start);
        let present = peer.and_then(|peer| peer.connack.as_ref()).is_some_and(|connack| connack.session_present);
        match effect {
            Effect::Send { packet: Packet::Publish(_), .. } if asked && !present => vec![],
            effect => vec![effect],
        }
    },
}

defect! {
    "sessions-end-while-their-client-is-there", "A second and a half after CONNACK a Client gets no messages any more",
    breaks: ["3.1.1/MQTT-4.1.0-2", "5.0/MQTT-4.1.0-1"],
    effect: |memory, now, effect| {
        let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let since = format!("{}", effect.connection());
        match &effect {
            Effect::Send { packet: Packet::Connack(_), .. } => drop(memory.numbers.insert(since, millis)),
            Effect::Send { packet: Packet::Publish(_), .. } if millis >= *memory.number(since) + 1500 => return vec![],
            _ => {}
        }
        vec![effect]
    },
}

defect! {
    "session-expiry-in-disconnect-is-ignored", "The Session Expiry Interval of DISCONNECT is passed over",
    breaks: ["5.0/RULE-3.14.2.2.2-new-interval-applies"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Disconnect(disconnect) = packet {
            disconnect.properties.remove(PropertyId::SessionExpiryInterval);
        }
    }),
}

defect! {
    "disconnect-ends-the-session", "A DISCONNECT without Session Expiry Interval is taken for one with 0",
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
