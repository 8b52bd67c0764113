//! Sessions: what is kept, for whom and how long (sections 3.1.2.4, 3.1.2.11.2 and 4.1).

use crate::around::{change_packet, change_received};
use crate::defect;
use protocol::{Packet, Property, PropertyId, Version};
use transport::{Effect, Input};

defect! {
    "sessions-survive-clean-start", "Clean Start 1 resumes the old Session",
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
    "sessions-never-expire", "Sessions never expire, whatever the Session Expiry Interval",
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
    "clean-start-is-turned-round", "Clean Start 1 is treated as 0, and 0 as 1",
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
    "clean-start-0-makes-no-session", "With Clean Start 0 and no Session to resume none is created: Subscriptions are acknowledged and deliver nothing",
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
    "sessions-end-while-their-client-is-there", "A Client gets no more messages from a second and a half after CONNACK",
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
    "sessions-end-sooner-than-was-told", "Sessions end with their Network Connection, and CONNACK does not say so",
    breaks: ["5.0/RULE-3.2.2.3.2-changed-interval-is-told", "5.0/RULE-3.1.2.11.2-never-expires"],
    config: |config| config.session_expiry_maximum = 0,
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.properties.remove(PropertyId::SessionExpiryInterval);
        }
    }),
}

defect! {
    "endless-sessions-end-at-once", "Session Expiry Interval 0xFFFFFFFF is treated as 0",
    breaks: ["5.0/RULE-3.1.2.11.2-never-expires", "5.0/MQTT-3.1.2-23"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && connect.version == Version::V500
            && connect.properties.session_expiry_interval() == Some(u32::MAX)
        {
            connect.properties.set(Property::SessionExpiryInterval(0));
        }
    }),
    effect: |_, _, effect| match effect {
        Effect::Send { connection, version, packet: Packet::Connack(mut connack) } => {
            connack.properties.remove(PropertyId::SessionExpiryInterval);
            vec![Effect::Send { connection, version, packet: Packet::Connack(connack) }]
        }
        effect => vec![effect],
    },
}

defect! {
    "old-messages-are-delivered-to-a-new-session", "Messages that have waited for a Client are delivered although Session Present is 0",
    breaks: ["3.1.1/MQTT-3.1.2-6", "5.0/MQTT-3.1.2-4"],
    input: |memory, _, _, input| {
        if let Input::Received(Packet::Publish(publish)) = &input
            && !publish.topic.is_empty()
        {
            memory.keep_for_those_away(publish, |own| {
                own.keys().any(|filter| protocol::topic::matches(filter, &publish.topic))
            });
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let Effect::Send { packet: Packet::Connack(connack), .. } = &effect else { return vec![effect] };
        let (accepted, present) = (connack.reason.0 == 0, connack.session_present);
        let kept = memory.take_kept(connection);
        let given = if accepted && !present { kept } else { vec![] };
        [effect].into_iter().chain(given).collect()
    },
}

defect! {
    "session-expiry-absent-means-for-ever", "A Session without Session Expiry Interval is kept forever",
    breaks: ["5.0/RULE-3.1.2.11.2-absent-means-zero"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let protocol::Packet::Connect(connect) = packet
            && connect.version == protocol::Version::V500
            && connect.properties.session_expiry_interval().is_none()
        {
            connect.properties.push(protocol::Property::SessionExpiryInterval(u32::MAX));
        }
    }),
}
