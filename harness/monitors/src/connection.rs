//! The life of a Network Connection: CONNACK first and once, nothing after DISCONNECT, closes that must follow.

use super::identity::{connack_of, connect_of, identities};
use super::{Seen, Watch, ids, is_crafted, packets, packets_of};
use crate::monitor;
use catalogue::RequirementId;
use protocol::{Packet, Role, Version};
use std::collections::BTreeMap;
use tester::{ObservationKind, Transcript};

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
                watch.judge(&first, matches!(first.packet, Packet::Connack(_)), || {
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
                [only] => watch.occasion(only),
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
                watch.judge(&seen, !p.session_present, || {
                    seen.breach("Session Present 0", "Session Present 1")
                });
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
                        watch.occasion(&seen);
                    }
                    Packet::Disconnect(_) => watch.judge(&seen, accepted, || {
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
                    watch.occasion(&seen);
                }
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
            let Some(connect) = connect_of(transcript, connection) else { continue };
            if connect.version != Version::V500
                || connect.properties.authentication_method().is_some()
                || is_crafted(transcript, connection)
            {
                continue;
            }
            for seen in packets_of(transcript, connection).filter(|s| s.by == Role::Server) {
                match seen.packet {
                    Packet::Auth(_) => watch.breach(seen.breach("no AUTH", "AUTH")),
                    Packet::Connack(p) => {
                        watch.judge(&seen, p.properties.authentication_method().is_none(), || {
                            seen.breach("no Authentication Method in CONNACK", "an Authentication Method")
                        })
                    }
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
            let farewell = packets_of(transcript, connection)
                .filter(|seen| seen.by == Role::Server)
                .find_map(|seen| Some((seen, farewell(&seen)?)));
            let Some((farewell, requirements)) = farewell else { continue };
            // What happened first: the end that has to come, ours, or a scenario that waited in vain.
            let then = transcript.observations.iter().skip(farewell.observation).find_map(|o| match o.kind {
                _ if o.connection != connection => None,
                ObservationKind::EndOfStream { .. } | ObservationKind::Reset => Some(true),
                ObservationKind::Quiet(_) => Some(false),
                _ => None,
            });
            let ours = transcript
                .observations
                .iter()
                .skip(farewell.observation)
                .any(|o| o.connection == connection && matches!(o.kind, ObservationKind::Shut(_)));
            match then {
                Some(true) => watch.occasion_for(&farewell, requirements),
                Some(false) if !ours => watch.judge_for(&farewell, requirements, false, || {
                    farewell.breach("the Server closes afterwards", "it stays open")
                }),
                _ => {}
            }
        }
    }
);

/// The statements that make this packet the last one, if it is.
fn farewell(seen: &Seen<'_>) -> Option<&'static [RequirementId]> {
    match (seen.version, seen.packet) {
        (Version::V311, Packet::Connack(p)) if p.reason.0 != 0 => Some(ids!["3.1.1/MQTT-3.2.2-5"]),
        (Version::V500, Packet::Connack(p)) if p.reason.is_failure() => {
            Some(ids!["5.0/MQTT-3.2.2-7", "5.0/MQTT-4.13.2-1"])
        }
        (Version::V500, Packet::Disconnect(p)) if p.reason.is_failure() => {
            Some(ids!["5.0/MQTT-3.14.4-2", "5.0/MQTT-4.13.2-1"])
        }
        (Version::V500, Packet::Disconnect(_)) => Some(ids!["5.0/MQTT-3.14.4-2"]),
        _ => None,
    }
}

monitor!(
    "no-session-present-after-a-clean-start",
    "CONNACK has Session Present 0 if the CONNECT asks for a clean start",
    ["3.1.1/MQTT-3.2.2-1", "5.0/MQTT-3.2.2-2"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let clean = connect_of(transcript, connection).is_some_and(|connect| connect.clean_start);
            if !clean || is_crafted(transcript, connection) {
                continue;
            }
            for seen in packets_of(transcript, connection) {
                if let Packet::Connack(connack) = seen.packet
                    && connack.reason.0 == 0
                {
                    watch.judge(&seen, !connack.session_present, || {
                        seen.breach("Session Present 0", "Session Present 1")
                    });
                }
            }
        }
    }
);

monitor!(
    "no-session-of-a-connection-that-kept-none",
    "CONNACK has Session Present 0 if the Session before ended with its Network Connection",
    ["3.1.1/MQTT-3.1.2-6", "3.1.1/MQTT-3.2.2-3", "5.0/MQTT-3.2.2-3", "5.0/MQTT-4.1.0-2"],
    |transcript: &Transcript, watch: &mut Watch| {
        for identity in identities(transcript) {
            let mut before: Option<usize> = None;
            for connection in identity.connections {
                let Some(connect) = connect_of(transcript, connection) else { continue };
                let accepted = packets_of(transcript, connection)
                    .find(|seen| matches!(seen.packet, Packet::Connack(c) if c.reason.0 == 0));
                let Some(seen) = accepted else { continue };
                let Packet::Connack(connack) = seen.packet else { continue };
                if let Some(before) = before.replace(connection)
                    && !connect.clean_start
                    && kept_nothing(transcript, before, connection)
                {
                    watch.judge(&seen, !connack.session_present, || {
                        seen.breach("Session Present 0", "Session Present 1")
                    });
                }
            }
        }
    }
);

/// Whether the Session of an earlier connection is over for sure when the later one asks for it.
fn kept_nothing(transcript: &Transcript, earlier: usize, later: usize) -> bool {
    let (Some(connect), Some(connack)) = (connect_of(transcript, earlier), connack_of(transcript, earlier))
    else {
        return false;
    };
    // What passes between versions, both leave open.
    if transcript.connections[earlier].version != transcript.connections[later].version {
        return false;
    }
    if connect.version == Version::V311 {
        return connect.clean_start;
    }
    let prolonged = packets_of(transcript, earlier).any(|seen| {
        matches!(seen.packet, Packet::Disconnect(d) if d.properties.session_expiry_interval().is_some())
    });
    // In 5.0 a Session that does not last ends when the Server learns that the connection is gone, and only its own end of stream proves that.
    let asked = packets_of(transcript, later).next().map_or(0, |seen| seen.observation);
    let ended = transcript.observations.iter().take(asked).any(|o| {
        o.connection == earlier
            && matches!(o.kind, ObservationKind::EndOfStream { .. } | ObservationKind::Reset)
    });
    connect.properties.session_expiry_interval().unwrap_or(0) == 0
        && connack.properties.session_expiry_interval().unwrap_or(0) == 0
        && !prolonged
        && ended
}

monitor!(
    "an-assigned-client-identifier-is-nobody-elses",
    "A Client without a Client Identifier is told one, which no other connected Client has",
    ["5.0/MQTT-3.1.3-6", "5.0/MQTT-3.1.3-7", "5.0/MQTT-3.2.2-16"],
    |transcript: &Transcript, watch: &mut Watch| {
        // Client Identifiers of the connections that are open.
        let mut open: BTreeMap<usize, String> = BTreeMap::new();
        for (index, o) in transcript.observations.iter().enumerate() {
            match &o.kind {
                ObservationKind::EndOfStream { .. }
                | ObservationKind::Reset
                | ObservationKind::Shut(_)
                | ObservationKind::Sent { packet: Some(Packet::Disconnect(_)), .. } => {
                    open.remove(&o.connection);
                }
                ObservationKind::Received { packet: Packet::Connack(connack), .. } => {
                    let Some(connect) = connect_of(transcript, o.connection) else { continue };
                    let Some(seen) = packets(transcript).find(|seen| seen.observation == index) else {
                        continue;
                    };
                    if connack.reason.0 != 0
                        || connect.version != Version::V500
                        || is_crafted(transcript, o.connection)
                    {
                        continue;
                    }
                    if !connect.client_id.is_empty() {
                        open.insert(o.connection, connect.client_id.to_string());
                        continue;
                    }
                    let assigned = connack.properties.assigned_client_identifier();
                    let taken = assigned.as_ref().is_some_and(|id| open.values().any(|o| *o == **id));
                    watch.judge(&seen, assigned.is_some() && !taken, || {
                        seen.breach(
                            "an Assigned Client Identifier of its own",
                            if taken { "one that a connected Client has" } else { "none" },
                        )
                    });
                    if let Some(id) = assigned {
                        open.insert(o.connection, id.to_string());
                    }
                }
                _ => {}
            }
        }
    }
);
