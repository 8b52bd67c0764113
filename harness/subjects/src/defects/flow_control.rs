//! Receive Maximum and quotas (sections 3.3.4 and 4.9).

use crate::around::{change_packet, change_received, send};
use crate::defect;
use protocol::{Acknowledgement, Packet, Property, PropertyId, Publish, Version};
use transport::{Effect, Input};

defect! {
    "receive-maximum-is-ignored", "More PUBLISH packets are unacknowledged than the Receive Maximum of the Client allows",
    breaks: ["5.0/MQTT-3.3.4-9", "5.0/MQTT-4.9.0-1", "5.0/MQTT-4.9.0-2"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.properties.remove(PropertyId::ReceiveMaximum);
        }
    }),
}

defect! {
    "one-more-than-the-receive-maximum", "One PUBLISH more is unacknowledged than the Receive Maximum of the Client allows",
    breaks: ["5.0/MQTT-3.3.4-9", "5.0/MQTT-4.9.0-1", "5.0/MQTT-4.9.0-2"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(maximum) = connect.properties.receive_maximum()
        {
            connect.properties.set(Property::ReceiveMaximum(maximum.saturating_add(1)));
        }
    }),
}

defect! {
    "a-failure-gives-no-quota-back", "A PUBACK or PUBREC with a failure code does not end the exchange",
    breaks: ["5.0/RULE-4.9-quota-returns", "5.0/MQTT-4.4.0-2"],
    input: |_, _, _, input| match &input {
        Input::Received(Packet::Puback(ack) | Packet::Pubrec(ack)) if ack.reason.is_failure() => vec![],
        _ => vec![input],
    },
}

defect! {
    "pubrec-gives-quota-back", "A successful PUBREC returns its quota, before PUBCOMP",
    breaks: ["5.0/RULE-4.9-quota-returns", "5.0/MQTT-4.9.0-2", "5.0/MQTT-3.3.4-9"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Pubrec(ack)) = &input
            && !ack.reason.is_failure()
        {
            // To the engine the exchange is over.
            memory.inputs.push((connection, Input::Received(Packet::Pubcomp(Acknowledgement::new(ack.packet_id)))));
        }
        vec![input]
    },
}

defect! {
    "a-surplus-puback-raises-the-quota", "A PUBACK that acknowledges nothing adds to the send quota",
    breaks: ["5.0/RULE-4.9-quota-never-above-start", "5.0/MQTT-3.3.4-9"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Puback(ack)) = &input
            && !memory.marked(&format!("{connection} sent {}", ack.packet_id))
        {
            *memory.number(format!("{connection} surplus")) += 1;
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        if let Effect::Send { packet: Packet::Publish(publish), .. } = &effect
            && let Some(id) = publish.packet_id
        {
            memory.mark(format!("{connection} sent {id}"));
            if *memory.number(format!("{connection} surplus")) > 0 {
                *memory.number(format!("{connection} surplus")) -= 1;
                memory.inputs.push((connection, Input::Received(Packet::Puback(Acknowledgement::new(id)))));
            }
        }
        vec![effect]
    },
}

defect! {
    "the-receive-maximum-of-the-first-connection-stays", "A resumed Session keeps the Receive Maximum of its first Network Connection",
    breaks: ["5.0/RULE-4.9-quota-per-connection", "5.0/MQTT-3.3.4-9"],
    input: |memory, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            let own = connect.properties.receive_maximum().unwrap_or(u16::MAX);
            let first = memory.numbers.entry(connect.client_id.to_string()).or_insert(u64::from(own));
            connect.properties.set(Property::ReceiveMaximum(u16::try_from(*first).unwrap_or(own)));
        }
    }),
}

defect! {
    "everything-waits-for-quota", "At the Receive Maximum of a Client the Server sends it nothing at all",
    breaks: ["5.0/MQTT-3.3.4-10", "5.0/MQTT-4.9.0-3"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Puback(_) | Packet::Pubcomp(_)) = &input {
            let open = memory.number(format!("{connection}"));
            *open = open.saturating_sub(1);
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let maximum = memory.connect(connection).and_then(|c| c.properties.receive_maximum()).unwrap_or(u16::MAX);
        match &effect {
            Effect::Send { packet: Packet::Publish(publish), .. } => {
                *memory.number(format!("{connection}")) += u64::from(publish.packet_id.is_some());
            }
            Effect::Send { packet: Packet::Pingresp, .. } | Effect::Close { .. } | Effect::SendRaw { .. } => {}
            Effect::Send { .. } if *memory.number(format!("{connection}")) >= u64::from(maximum) => return vec![],
            Effect::Send { .. } => {}
        }
        vec![effect]
    },
}

defect! {
    "the-servers-receive-maximum-is-not-watched", "More open messages than the Server's Receive Maximum are accepted",
    breaks: ["5.0/RULE-3.3.4-receive-maximum-exceeded"],
    config: |config| config.receive_maximum = u16::MAX,
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && v5
            {
                connack.properties.set(Property::ReceiveMaximum(2));
            }
        })
    },
}

defect! {
    "redelivery-knows-no-receive-maximum", "When a Session is resumed all unacknowledged messages are sent at once, whatever the Receive Maximum",
    breaks: ["5.0/MQTT-3.3.4-9"],
    input: |memory, _, connection, input| {
        if let Input::Received(Packet::Puback(ack) | Packet::Pubrec(ack)) = &input {
            let key = format!("open {} {:05}", memory.client_id(connection), ack.packet_id);
            memory.packets.remove(&key);
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let connection = effect.connection();
        let client = memory.client_id(connection);
        match &effect {
            Effect::Send { packet: Packet::Connack(connack), .. } if connack.session_present => {
                let prefix = format!("open {client} ");
                let open = memory.packets.iter().filter(|(key, _)| key.starts_with(&prefix));
                let again: Vec<Packet> = open.flat_map(|(_, packets)| packets.clone()).collect();
                let again: Vec<Effect> = again.into_iter().map(|packet| send(memory, connection, packet)).collect();
                [effect].into_iter().chain(again).collect()
            }
            // It has come already.
            Effect::Send { packet: Packet::Publish(publish), .. } if publish.dup => vec![],
            Effect::Send { packet: Packet::Publish(publish), .. } => {
                if let Some(id) = publish.packet_id {
                    let copy = Packet::Publish(Publish { dup: true, ..publish.clone() });
                    memory.packets.insert(format!("open {client} {id:05}"), vec![copy]);
                }
                vec![effect]
            }
            _ => vec![effect],
        }
    },
}
