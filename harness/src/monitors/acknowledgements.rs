//! Acknowledgements carry identifiers that were asked about, and problem information only where it is wanted.

use super::{Watch, packets};
use crate::monitor;
use crate::tester::Transcript;
use protocol::{Packet, PropertyId, Role, Version};
use std::collections::BTreeSet;

monitor!(
    "acknowledgements-have-the-identifier-of-a-request",
    "PUBACK, PUBREC, PUBCOMP, SUBACK and UNSUBACK have the identifier of something that the Client sent",
    [
        "3.1.1/MQTT-2.3.1-6",
        "3.1.1/MQTT-2.3.1-7",
        "3.1.1/MQTT-3.8.4-2",
        "3.1.1/MQTT-3.10.4-4",
        "5.0/MQTT-2.2.1-5",
        "5.0/MQTT-2.2.1-6",
        "5.0/MQTT-3.8.4-2"
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            // Bytes that were crafted may hold identifiers that we do not know of.
            let crafted = transcript.observations.iter().any(|o| {
                o.connection == connection
                    && matches!(&o.kind, crate::tester::ObservationKind::Sent { packet: None, .. })
            });
            if crafted {
                continue;
            }
            let mut asked: BTreeSet<(u8, u16)> = BTreeSet::new();
            for seen in packets(transcript).filter(|s| s.connection == connection) {
                let answered = match (seen.by, seen.packet) {
                    (Role::Client, Packet::Publish(p)) => {
                        asked.extend(p.packet_id.map(|id| (0, id)));
                        continue;
                    }
                    (Role::Client, Packet::Pubrel(p)) => {
                        asked.insert((3, p.packet_id));
                        continue;
                    }
                    (Role::Client, Packet::Subscribe(p)) => {
                        asked.insert((1, p.packet_id));
                        continue;
                    }
                    (Role::Client, Packet::Unsubscribe(p)) => {
                        asked.insert((2, p.packet_id));
                        continue;
                    }
                    (Role::Server, Packet::Puback(p) | Packet::Pubrec(p)) => (0, p.packet_id),
                    (Role::Server, Packet::Suback(p)) => (1, p.packet_id),
                    (Role::Server, Packet::Unsuback(p)) => (2, p.packet_id),
                    (Role::Server, Packet::Pubcomp(p)) => (3, p.packet_id),
                    _ => continue,
                };
                watch.judge(asked.contains(&answered), || {
                    seen.breach(
                        "the identifier of a request",
                        format!("{} {}", seen.packet.packet_type(), answered.1),
                    )
                });
            }
        }
    }
);

monitor!(
    "no-problem-information-where-it-is-not-wanted",
    "With Request Problem Information 0, Reason String and User Property come in PUBLISH, CONNACK and DISCONNECT only",
    ["5.0/MQTT-3.1.2-29"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let unwanted = packets(transcript).any(|s| {
                matches!(s.packet, Packet::Connect(p) if s.connection == connection && p.properties.request_problem_information() == Some(0))
            });
            if !unwanted {
                continue;
            }
            for seen in packets(transcript)
                .filter(|s| s.connection == connection && s.by == Role::Server && s.version == Version::V500)
            {
                if matches!(seen.packet, Packet::Publish(_) | Packet::Connack(_) | Packet::Disconnect(_)) {
                    continue;
                }
                let Some(properties) = seen.packet.properties() else { continue };
                let present = [PropertyId::ReasonString, PropertyId::UserProperty]
                    .into_iter()
                    .find(|id| properties.get(*id).is_some());
                watch.judge(present.is_none(), || {
                    seen.breach(
                        format!("{} without Reason String and User Property", seen.packet.packet_type()),
                        present.map_or("", |id| id.name()),
                    )
                });
            }
        }
    }
);

monitor!(
    "no-response-information-unless-asked-for",
    "CONNACK has no Response Information unless the CONNECT asked for it",
    ["5.0/MQTT-3.1.2-28"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let asked = packets(transcript).any(|s| {
                matches!(s.packet, Packet::Connect(p) if s.connection == connection && p.properties.request_response_information() == Some(1))
            });
            if asked {
                continue;
            }
            for seen in
                packets(transcript).filter(|s| s.connection == connection && s.version == Version::V500)
            {
                if let Packet::Connack(p) = seen.packet {
                    watch.judge(p.properties.response_information().is_none(), || {
                        seen.breach("no Response Information", "Response Information")
                    });
                }
            }
        }
    }
);
