//! What goes wrong when a Session is resumed, or is not there any more (sections 3.2.2.1.1, 4.1, 4.4, 4.6 and 4.9).

use super::{change_packet, send};
use crate::defect;
use protocol::{Packet, Publish, QoS};
use transport::{Effect, Input};

fn is_shared(filter: &str, topic: &str) -> bool {
    let plain = filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/'));
    plain.is_some_and(|(_, filter)| protocol::topic::matches(filter, topic))
}

defect! {
    "redelivery-comes-in-the-opposite-order", "What is sent when a Session is resumed comes in the opposite order",
    breaks: ["3.1.1/MQTT-4.6.0-6", "5.0/MQTT-4.6.0-5"],
    effect: |memory, _, effect| {
        let resuming = matches!(memory.present, Some(Input::Received(Packet::Connect(_))));
        if resuming && matches!(&effect, Effect::Send { packet: Packet::Publish(_), .. }) {
            memory.effects.insert(0, effect);
            return vec![];
        }
        vec![effect]
    },
}

defect! {
    "new-messages-overtake-those-under-way", "When a Session is resumed what has waited comes before what is sent again",
    breaks: ["3.1.1/MQTT-4.6.0-6", "5.0/MQTT-4.6.0-5"],
    effect: |memory, _, effect| {
        let resuming = matches!(memory.present, Some(Input::Received(Packet::Connect(_))));
        if resuming && matches!(&effect, Effect::Send { packet: Packet::Publish(publish), .. } if publish.dup) {
            memory.effects.push(effect);
            return vec![];
        }
        vec![effect]
    },
}

defect! {
    "redelivery-knows-no-receive-maximum", "When a Session is resumed everything that was unacknowledged comes at once",
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

defect! {
    "sessions-are-said-to-survive-a-restart", "After a restart Session Present is 1 for everybody who returns, although nothing was kept",
    breaks: ["3.1.1/MQTT-3.2.2-3", "5.0/MQTT-3.2.2-3"],
    input: |memory, now, _, input| {
        // A Server that begins its life late is not in its first one.
        if memory.mark("alive") && !now.is_zero() {
            memory.mark("restarted");
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let returns = memory.connect(effect.connection()).is_some_and(|connect| !connect.clean_start);
        let restarted = memory.marked("restarted");
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && connack.reason.0 == 0
            {
                connack.session_present |= returns && restarted;
            }
        })
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
    "a-qos-2-message-goes-to-another-member-after-a-cut", "A QoS 2 message whose member has lost its Network Connection goes to the next member that subscribes",
    breaks: ["5.0/MQTT-4.8.2-4", "5.0/MQTT-4.8.2-5"],
    input: |memory, _, connection, input| {
        match &input {
            Input::Received(Packet::Pubcomp(ack)) => {
                memory.packets.remove(&format!("{connection} {}", ack.packet_id));
            }
            Input::Ended => {
                let prefix = format!("{connection} ");
                let keys: Vec<String> = memory.packets.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
                let open: Vec<Packet> = keys.iter().filter_map(|key| memory.packets.remove(key)).flatten().collect();
                memory.packets.entry("orphans".to_owned()).or_default().extend(open);
            }
            Input::Received(Packet::Subscribe(subscribe)) => {
                let orphans = memory.packets.remove("orphans").unwrap_or_default();
                for packet in orphans {
                    let own = |topic: &str| subscribe.filters.iter().any(|(filter, _)| is_shared(filter, topic));
                    if matches!(&packet, Packet::Publish(publish) if own(&publish.topic)) {
                        let effect = send(memory, connection, packet);
                        memory.effects.push(effect);
                    }
                }
            }
            _ => {}
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        if let Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect
            && let (QoS::ExactlyOnce, Some(id)) = (publish.qos, publish.packet_id)
            && memory.subscriptions(*connection).iter().any(|(filter, _)| is_shared(filter, &publish.topic))
        {
            let copy = Publish::new(publish.topic.clone(), publish.payload.clone());
            memory.packets.insert(format!("{connection} {id}"), vec![Packet::Publish(copy)]);
        }
        vec![effect]
    },
}
