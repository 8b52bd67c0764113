//! The table of phases and packets, for a person to review.

use crate::script::{Outcome, Script, acknowledgement, lasting, publish};
use protocol::{
    Auth, Connack, Connect, Disconnect, Packet, PacketType, Properties, QoS, ReasonCode, Suback, Subscribe,
    Unsuback, Unsubscribe, Version,
};
use reference_client::{Backoff, ClientConfig, Command, Event, Input};
use std::fmt::Write;

const PHASES: [&str; 5] = ["closed", "waiting", "opening", "awaiting CONNACK", "connected"];

fn in_phase(phase: &str, version: Version) -> Script {
    let config = ClientConfig { reconnect: Some(Backoff::default()), ..ClientConfig::new(version, "c") };
    let mut script = Script::with(config);
    match phase {
        "closed" => {}
        "opening" => drop(script.command(Command::Connect(Box::new(lasting(version))))),
        "awaiting CONNACK" => drop(script.open(lasting(version))),
        "waiting" => {
            script.command(Command::Connect(Box::new(lasting(version))));
            script.input(Input::TransportEnded);
        }
        _ => drop(script.connect(lasting(version), crate::script::connack(false, Properties::new()))),
    }
    script
}

fn packet(kind: PacketType, version: Version) -> Packet {
    let properties = Properties::new();
    match kind {
        PacketType::Connect => Packet::Connect(Box::new(Connect::new(version, "c"))),
        PacketType::Connack => {
            Packet::Connack(Connack { session_present: false, reason: ReasonCode::SUCCESS, properties })
        }
        PacketType::Publish => publish(QoS::ExactlyOnce, 1),
        PacketType::Puback => Packet::Puback(acknowledgement(1)),
        PacketType::Pubrec => Packet::Pubrec(acknowledgement(1)),
        PacketType::Pubrel => Packet::Pubrel(acknowledgement(1)),
        PacketType::Pubcomp => Packet::Pubcomp(acknowledgement(1)),
        PacketType::Subscribe => Packet::Subscribe(Subscribe {
            packet_id: 1,
            properties,
            filters: vec![("a".into(), Default::default())],
        }),
        PacketType::Suback => {
            Packet::Suback(Suback { packet_id: 1, properties, reasons: vec![ReasonCode::SUCCESS] })
        }
        PacketType::Unsubscribe => {
            Packet::Unsubscribe(Unsubscribe { packet_id: 1, properties, filters: vec!["a".into()] })
        }
        PacketType::Unsuback => {
            Packet::Unsuback(Unsuback { packet_id: 1, properties, reasons: vec![ReasonCode::SUCCESS] })
        }
        PacketType::Pingreq => Packet::Pingreq,
        PacketType::Pingresp => Packet::Pingresp,
        PacketType::Disconnect => Packet::Disconnect(Disconnect::new(ReasonCode::SERVER_BUSY)),
        PacketType::Auth => Packet::Auth(Auth { reason: ReasonCode::CONTINUE_AUTHENTICATION, properties }),
    }
}

fn describe(outcome: &Outcome) -> String {
    let mut parts: Vec<String> = outcome
        .sent
        .iter()
        .map(|packet| match packet {
            Packet::Disconnect(disconnect) => format!("send DISCONNECT {:?}", disconnect.reason),
            Packet::Pubrel(answer) | Packet::Pubcomp(answer) => {
                format!("send {} {:?}", packet.packet_type(), answer.reason)
            }
            other => format!("send {}", other.packet_type()),
        })
        .collect();
    if outcome.closed {
        parts.push("close".to_owned());
    }
    for event in &outcome.events {
        parts.push(match event {
            Event::Connected(_) => "connected".to_owned(),
            Event::Message(_) => "message".to_owned(),
            Event::Disconnected(_) => "disconnected".to_owned(),
            Event::Closed { why, again_at } => {
                format!("{why}{}", if again_at.is_some() { ", will try again" } else { "" })
            }
            other => format!("{other:?}"),
        });
    }
    if parts.is_empty() { "-".to_owned() } else { parts.join("; ") }
}

#[test]
fn every_phase_has_an_answer_to_every_packet() {
    let mut table = String::new();
    for version in Version::ALL {
        for phase in PHASES {
            writeln!(table, "{version}, {phase}").expect("a String takes everything");
            for kind in PacketType::ALL {
                let outcome = in_phase(phase, version).receive(packet(kind, version));
                writeln!(table, "  {:<12} {}", kind.name(), describe(&outcome))
                    .expect("a String takes everything");
            }
        }
    }
    insta::assert_snapshot!(table);
}
