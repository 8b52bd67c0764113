//! The life of a Network Connection: CONNACK first and once, nothing after DISCONNECT, closes that must follow.

use super::{Breach, Watch, packets};
use crate::monitor;
use crate::tester::{ObservationKind, Transcript};
use protocol::{Packet, Role, Version};

monitor!(
    "connack-is-the-first-packet",
    "The Server sends nothing before CONNACK, AUTH excepted",
    ["3.1.1/MQTT-3.2.0-1", "5.0/MQTT-3.2.0-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let first = packets(transcript)
                .filter(|s| s.connection == connection && s.by == Role::Server)
                .find(|s| !(s.version == Version::V500 && matches!(s.packet, Packet::Auth(_))));
            if let Some(first) = first {
                watch.judge(matches!(first.packet, Packet::Connack(_)), || {
                    first.breach("CONNACK as the first packet", first.packet.packet_type().name())
                });
            }
        }
    }
);

monitor!(
    "one-connack-per-connection",
    "The Server sends CONNACK once at most on a Network Connection",
    ["5.0/MQTT-3.2.0-2"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let connacks: Vec<_> = packets(transcript)
                .filter(|s| s.connection == connection && matches!(s.packet, Packet::Connack(_)))
                .collect();
            match connacks.as_slice() {
                [] => {}
                [_] => watch.occasion(),
                [_, second, ..] => watch.breach(second.breach("no second CONNACK", "CONNACK again")),
            }
        }
    }
);

monitor!(
    "a-refusing-connack-has-session-present-0",
    "A CONNACK that refuses has Session Present 0",
    ["3.1.1/MQTT-3.2.2-4", "5.0/MQTT-3.2.2-6"],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript) {
            if let Packet::Connack(p) = seen.packet
                && p.reason.0 != 0
            {
                watch.judge(!p.session_present, || seen.breach("Session Present 0", "Session Present 1"));
            }
        }
    }
);

monitor!(
    "no-disconnect-before-connack",
    "The Server sends no DISCONNECT before a CONNACK that accepts",
    ["5.0/MQTT-3.14.0-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let mut accepted = false;
            for seen in packets(transcript).filter(|s| s.connection == connection && s.by == Role::Server) {
                match seen.packet {
                    Packet::Connack(p) => {
                        accepted |= !p.reason.is_failure();
                        watch.occasion();
                    }
                    Packet::Disconnect(_) => watch.judge(accepted, || {
                        seen.breach("no DISCONNECT before an accepting CONNACK", "DISCONNECT")
                    }),
                    _ => {}
                }
            }
        }
    }
);

monitor!(
    "nothing-follows-a-disconnect",
    "Whoever has sent DISCONNECT sends nothing more",
    ["5.0/MQTT-3.14.4-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let mut over = false;
            for seen in packets(transcript).filter(|s| s.connection == connection && s.by == Role::Server) {
                if over {
                    watch.breach(seen.breach("nothing after DISCONNECT", seen.packet.packet_type().name()));
                }
                if matches!(seen.packet, Packet::Disconnect(_)) {
                    over = true;
                    watch.occasion();
                }
            }
        }
    }
);

monitor!(
    "no-session-expiry-interval-in-the-servers-disconnect",
    "The Server's DISCONNECT has no Session Expiry Interval",
    ["5.0/MQTT-3.14.2-2"],
    |transcript: &Transcript, watch: &mut Watch| {
        for seen in packets(transcript).filter(|s| s.by == Role::Server) {
            if let Packet::Disconnect(p) = seen.packet {
                watch.judge(p.properties.session_expiry_interval().is_none(), || {
                    seen.breach("no Session Expiry Interval", "a Session Expiry Interval")
                });
            }
        }
    }
);

monitor!(
    "no-auth-without-a-method",
    "The Server sends no AUTH and no Authentication Method to a Client whose CONNECT has none",
    ["5.0/MQTT-4.12.0-6"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let connect = packets(transcript).find_map(|s| match s.packet {
                Packet::Connect(p) if s.connection == connection => Some(p),
                _ => None,
            });
            let Some(connect) = connect else { continue };
            if connect.version != Version::V500 || connect.properties.authentication_method().is_some() {
                continue;
            }
            for seen in packets(transcript).filter(|s| s.connection == connection && s.by == Role::Server) {
                match seen.packet {
                    Packet::Auth(_) => watch.breach(seen.breach("no AUTH", "AUTH")),
                    Packet::Connack(p) => watch.judge(p.properties.authentication_method().is_none(), || {
                        seen.breach("no Authentication Method in CONNACK", "an Authentication Method")
                    }),
                    _ => {}
                }
            }
        }
    }
);

monitor!(
    "a-failing-connack-or-disconnect-is-followed-by-a-close",
    "After CONNACK with a failure, or after its DISCONNECT, the Server closes",
    ["3.1.1/MQTT-3.2.2-5", "5.0/MQTT-3.2.2-7", "5.0/MQTT-3.14.4-2", "5.0/MQTT-4.13.2-1"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let farewell = packets(transcript).find(|s| {
                s.connection == connection
                    && s.by == Role::Server
                    && match s.packet {
                        Packet::Connack(p) => p.reason.0 != 0,
                        Packet::Disconnect(_) => true,
                        _ => false,
                    }
            });
            let Some(farewell) = farewell else { continue };
            let closed = transcript.observations.iter().skip(farewell.observation).any(|o| {
                o.connection == connection
                    && matches!(
                        o.kind,
                        ObservationKind::EndOfStream { .. }
                            | ObservationKind::Reset
                            | ObservationKind::Shut(_)
                    )
            });
            // Only a scenario that waited for the close and did not get it is evidence.
            let waited = transcript
                .observations
                .iter()
                .skip(farewell.observation)
                .any(|o| o.connection == connection && matches!(o.kind, ObservationKind::Quiet(_)));
            if closed {
                watch.occasion();
            } else if waited {
                let requirement = match (farewell.version, farewell.packet) {
                    (Version::V311, _) => catalogue::RequirementId::parse("3.1.1/MQTT-3.2.2-5"),
                    (Version::V500, Packet::Connack(_)) => {
                        catalogue::RequirementId::parse("5.0/MQTT-3.2.2-7")
                    }
                    (Version::V500, _) => catalogue::RequirementId::parse("5.0/MQTT-3.14.4-2"),
                };
                watch.breach(Breach {
                    requirement,
                    ..farewell.breach("the Server closes afterwards", "it stays open")
                });
            }
        }
    }
);
