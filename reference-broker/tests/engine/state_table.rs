//! What the Server does on each packet in each state of a Network Connection, as a table to be reviewed.

use crate::broker::*;
use protocol::{
    Auth, Connack, Connect, Disconnect, Packet, PacketType, Properties, Property, QoS, ReasonCode, Suback,
    Unsuback,
};
use std::fmt::Write;

fn example(kind: PacketType, connect: &Connect) -> Packet {
    let properties = Properties::new();
    match kind {
        PacketType::Connect => Packet::Connect(Box::new(connect.clone())),
        PacketType::Connack => {
            Packet::Connack(Connack { session_present: false, reason: ReasonCode::SUCCESS, properties })
        }
        PacketType::Publish => publish(QoS::ExactlyOnce, "t", "x"),
        PacketType::Puback => puback(1),
        PacketType::Pubrec => pubrec(1),
        PacketType::Pubrel => pubrel(1),
        PacketType::Pubcomp => pubcomp(1),
        PacketType::Subscribe => subscribe(9, &[("a", Default::default())]),
        PacketType::Suback => {
            Packet::Suback(Suback { packet_id: 9, properties, reasons: vec![ReasonCode::SUCCESS] })
        }
        PacketType::Unsubscribe => unsubscribe(&["a"]),
        PacketType::Unsuback => {
            Packet::Unsuback(Unsuback { packet_id: 8, properties, reasons: vec![ReasonCode::SUCCESS] })
        }
        PacketType::Pingreq => Packet::Pingreq,
        PacketType::Pingresp => Packet::Pingresp,
        PacketType::Disconnect => Packet::Disconnect(Disconnect::new(ReasonCode::SUCCESS)),
        PacketType::Auth => {
            let properties = properties
                .with(Property::AuthenticationMethod("SCRAM-SHA-256".into()))
                .with(Property::AuthenticationData("n,,n=a,r=b".into()));
            Packet::Auth(Auth { reason: ReasonCode::CONTINUE_AUTHENTICATION, properties })
        }
    }
}

fn with_method() -> Connect {
    let properties = Properties::new().with(Property::AuthenticationMethod("SCRAM-SHA-256".into()));
    Connect { properties, ..v5("a") }
}

/// What each packet leads to, when it comes after these.
fn column(name: &str, connect: &Connect, before: &[Packet]) -> String {
    let mut table = format!("{name}\n");
    for kind in PacketType::ALL {
        let mut broker = Broker::new();
        broker.open(1);
        before.iter().for_each(|packet| broker.send(1, packet.clone()));
        broker.seen(1);

        broker.send(1, example(kind, connect));

        let seen = broker.seen(1).into_iter().map(|seen| match seen {
            Seen::Close => "close".to_owned(),
            Seen::Packet(Packet::Connack(p)) => format!("CONNACK {:?}", p.reason),
            Seen::Packet(Packet::Puback(p)) => format!("PUBACK {:?}", p.reason),
            Seen::Packet(Packet::Pubrec(p)) => format!("PUBREC {:?}", p.reason),
            Seen::Packet(Packet::Pubrel(p)) => format!("PUBREL {:?}", p.reason),
            Seen::Packet(Packet::Pubcomp(p)) => format!("PUBCOMP {:?}", p.reason),
            Seen::Packet(Packet::Suback(p)) => format!("SUBACK {:?}", p.reasons),
            Seen::Packet(Packet::Unsuback(p)) => format!("UNSUBACK {:?}", p.reasons),
            Seen::Packet(Packet::Disconnect(p)) => format!("DISCONNECT {:?}", p.reason),
            Seen::Packet(Packet::Auth(p)) => format!("AUTH {:?}", p.reason),
            Seen::Packet(packet) => packet.packet_type().name().to_owned(),
        });
        let seen: Vec<String> = seen.collect();
        let answer = if seen.is_empty() { "nothing".to_owned() } else { seen.join(", ") };
        writeln!(table, "  {:<12} {answer}", kind.name()).expect("a String takes all");
    }
    table
}

#[test]
fn every_state_and_packet_has_its_answer() {
    let connect = |connect: &Connect| Packet::Connect(Box::new(connect.clone()));
    let to_itself = [subscribe(9, &[("t", protocol::SubscriptionOptions::at(QoS::ExactlyOnce))])];
    let in_flight = publish(QoS::ExactlyOnce, "t", "x");

    let table = [
        column("before CONNECT", &v5("a"), &[]),
        column("authenticating", &with_method(), &[connect(&with_method())]),
        column("connected by 3.1.1", &v3("a"), &[connect(&v3("a"))]),
        column("connected by 5.0", &v5("a"), &[connect(&v5("a"))]),
        column(
            "connected by 5.0, QoS 2 message 1 published to the Client and 7 by it",
            &v5("a"),
            &[connect(&v5("a")), to_itself[0].clone(), in_flight.clone()],
        ),
        column(
            "the same, after PUBREC for 1",
            &v5("a"),
            &[connect(&v5("a")), to_itself[0].clone(), in_flight, pubrec(1)],
        ),
    ];

    insta::assert_snapshot!(table.join("\n"));
}
