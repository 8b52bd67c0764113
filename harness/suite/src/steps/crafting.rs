//! Packets with one field changed against the rules, and what must follow a packet that breaks them.

use super::fields::{self, rows};
use crate::world::World;
use cucumber::when;
use gherkin::Step;
use protocol::wire::{Frame, Malformation, Value};
use protocol::{
    Connect, Disconnect, Packet, Properties, Publish, QoS, ReasonCode, Subscribe, SubscriptionOptions,
    Unsubscribe, Will,
};
use tester::stop::{StepResult, Stop};

/// A plain packet of this type that is right in every way.
fn plain(world: &mut World, name: &str, kind: &str) -> Result<Packet, Stop> {
    let tester = world.tester();
    let topic = tester.namespace.topic("crafted");
    let version = tester.version;
    let client_id = tester.client(name).client_id.clone();
    let packet_id = tester.fresh_packet_id(name);
    Ok(match kind {
        "CONNECT" => {
            let mut connect = Connect::new(version, client_id);
            connect.keep_alive = 60;
            tester.introduce(&mut connect);
            Packet::Connect(Box::new(connect))
        }
        "CONNECT with a Will" => {
            let mut connect = Connect::new(version, client_id);
            connect.will = Some(Will {
                qos: QoS::AtMostOnce,
                retain: false,
                topic: topic.into(),
                payload: bytes::Bytes::from_static(b"gone"),
                properties: Properties::new(),
            });
            tester.introduce(&mut connect);
            Packet::Connect(Box::new(connect))
        }
        "PUBLISH" => Packet::Publish(Publish::new(topic, &b"crafted"[..])),
        "PUBLISH of QoS 1" => {
            let mut publish = Publish::new(topic, &b"crafted"[..]);
            publish.qos = QoS::AtLeastOnce;
            publish.packet_id = Some(packet_id);
            Packet::Publish(publish)
        }
        "SUBSCRIBE" => Packet::Subscribe(Subscribe {
            packet_id,
            properties: Properties::new(),
            filters: vec![(topic.into(), SubscriptionOptions::at(QoS::AtMostOnce))],
        }),
        "UNSUBSCRIBE" => Packet::Unsubscribe(Unsubscribe {
            packet_id,
            properties: Properties::new(),
            filters: vec![topic.into()],
        }),
        "PUBREL" => Packet::Pubrel(protocol::Acknowledgement::new(packet_id)),
        "PINGREQ" => Packet::Pingreq,
        "DISCONNECT" => Packet::Disconnect(Disconnect::new(ReasonCode::SUCCESS)),
        _ => return Err(Stop::Error(format!("there is no plain {kind}"))),
    })
}

/// A packet that is right but for the fields of the table. Names are those of the standard; `Flags` are the lower four bits of the first byte. A field
/// may be `left out`, or `twice`.
#[when(
    regex = r"^(\w+) sends (CONNECT|CONNECT with a Will|PUBLISH|PUBLISH of QoS 1|SUBSCRIBE|UNSUBSCRIBE|PUBREL|PINGREQ|DISCONNECT) in which:$"
)]
async fn sends_crafted(world: &mut World, name: String, kind: String, step: &Step) -> StepResult {
    if kind.starts_with("CONNECT") && world.tester().client(&name).standing != tester::Standing::Open {
        world.tester().open(&name).await?;
    }
    let packet = plain(world, &name, &kind)?;
    let version = world.tester().version;
    let mut frame = Frame::from_packet(&packet, version).map_err(|error| Stop::Error(error.to_string()))?;
    let mut said = Vec::new();
    for (field, value) in rows(step) {
        frame = change(&frame, &field, &value)?;
        said.push(format!("{field} {value}"));
    }
    frame.make_lengths_honest();
    world.tester().still_wrong(&frame.to_bytes())?;
    world.tester().send_bytes(&name, frame.to_bytes(), Some(format!("{kind} with {}", said.join(", "))));
    Ok(())
}

/// A CONNECT with a version of the protocol that does not exist. In which form the CONNACK to it has to be is not stated: either is read.
#[when(expr = "{word} sends CONNECT of Protocol Version {word}")]
async fn sends_connect_of_version(world: &mut World, name: String, value: String) -> StepResult {
    world.tester().open(&name).await?;
    world.tester().client(&name).reads_any_connack = true;
    let packet = plain(world, &name, "CONNECT")?;
    let version = world.tester().version;
    let frame = Frame::from_packet(&packet, version).map_err(|error| Stop::Error(error.to_string()))?;
    let mut frame = change(&frame, "Protocol Version", &value)?;
    frame.make_lengths_honest();
    let said = format!("CONNECT with Protocol Version {value}");
    world.tester().send_bytes(&name, frame.to_bytes(), Some(said));
    Ok(())
}

fn change(frame: &Frame, field: &str, value: &str) -> Result<Frame, Stop> {
    let lost = || Stop::Error(format!("the packet cannot have {field} {value}"));
    let malformation = if field == "Flags" {
        Malformation::Flags(u8::try_from(fields::number(field, value)?).map_err(|_| lost())?)
    } else {
        let path = frame.find(field).ok_or_else(lost)?;
        match (value, frame.field(&path).map(|f| &f.value)) {
            ("left out", _) => Malformation::Remove(path),
            ("twice", _) => Malformation::Duplicate(path),
            (_, Some(Value::Text(..) | Value::Binary(..))) => {
                Malformation::Replace(path, fields::binary(value))
            }
            _ => Malformation::Number(path, fields::number(field, value)?),
        }
    };
    malformation.apply(frame).ok_or_else(lost)
}
