//! PUBLISH and its acknowledgements, from Client to Server (sections 3.3 to 3.7).

use super::fields::{self, rows};
use crate::world::World;
use bytes::Bytes;
use cucumber::{given, when};
use gherkin::Step;
use protocol::{Acknowledgement, Packet, Publish, QoS, ReasonCode};
use tester::stop::{StepResult, Stop};

/// Publishes and waits until the exchange of that QoS is complete. At QoS 0 a PINGREQ makes sure that the Server has read it.
pub(super) async fn publish(world: &mut World, name: &str, rows: &[(String, String)]) -> Result<(), Stop> {
    let tester = world.tester();
    let mut packet = Publish::new("", Bytes::new());
    fields::publish(&mut packet, rows, &tester.namespace)?;
    if packet.qos != QoS::AtMostOnce && packet.packet_id.is_none() {
        packet.packet_id = Some(tester.fresh_packet_id(name));
    }
    let (qos, id) = (packet.qos, packet.packet_id);
    tester.send(name, Packet::Publish(packet))?;
    match (qos, id) {
        (QoS::AtLeastOnce, Some(id)) => {
            let puback = tester
                .expect(name, "PUBACK", |a| matches!(&a.packet, Packet::Puback(p) if p.packet_id == id))
                .await?;
            accepted(&puback.packet, "PUBACK")
        }
        (QoS::ExactlyOnce, Some(id)) => {
            let pubrec = tester
                .expect(name, "PUBREC", |a| matches!(&a.packet, Packet::Pubrec(p) if p.packet_id == id))
                .await?;
            accepted(&pubrec.packet, "PUBREC")?;
            if !tester.client(name).answers {
                tester.send(name, Packet::Pubrel(Acknowledgement::new(id)))?;
            }
            tester
                .expect(name, "PUBCOMP", |a| matches!(&a.packet, Packet::Pubcomp(p) if p.packet_id == id))
                .await
                .map(drop)
        }
        _ => tester.ping(name).await,
    }
}

fn accepted(packet: &Packet, what: &str) -> Result<(), Stop> {
    match packet {
        Packet::Puback(p) | Packet::Pubrec(p) if p.reason.is_failure() => {
            Err(Stop::inconclusive(format!("the Server did not take the message: {what} {}", p.reason)))
        }
        _ => Ok(()),
    }
}

pub(super) fn row(field: &str, value: impl Into<String>) -> (String, String) {
    (field.to_owned(), value.into())
}

#[given(expr = "{word} has published {string} to {string} at QoS {int}")]
#[when(expr = "{word} publishes {string} to {string} at QoS {int}")]
async fn publishes(world: &mut World, name: String, payload: String, topic: String, qos: u8) -> StepResult {
    let rows = [row("Topic Name", topic), row("Payload", payload), row("QoS", qos.to_string())];
    Ok(publish(world, &name, &rows).await?)
}

/// With RETAIN 1.
#[given(expr = "{word} has retained {string} on {string} at QoS {int}")]
#[when(expr = "{word} retains {string} on {string} at QoS {int}")]
async fn retains(world: &mut World, name: String, payload: String, topic: String, qos: u8) -> StepResult {
    let rows =
        [row("Topic Name", topic), row("Payload", payload), row("QoS", qos.to_string()), row("RETAIN", "1")];
    Ok(publish(world, &name, &rows).await?)
}

/// A PUBLISH with RETAIN 1 and an empty payload.
#[when(expr = "{word} clears the retained message of {string}")]
async fn clears(world: &mut World, name: String, topic: String) -> StepResult {
    let rows = [row("Topic Name", topic), row("Payload", "empty"), row("QoS", "1"), row("RETAIN", "1")];
    Ok(publish(world, &name, &rows).await?)
}

/// Publishes as the table says and waits until the exchange is complete.
#[given(expr = "{word} has published:")]
#[when(expr = "{word} publishes:")]
async fn publishes_table(world: &mut World, name: String, step: &Step) -> StepResult {
    Ok(publish(world, &name, &rows(step)).await?)
}

/// Publishes "1", "2", … and waits for each exchange.
#[given(expr = "{word} has published {int} messages to {string} at QoS {int}")]
#[when(expr = "{word} publishes {int} messages to {string} at QoS {int}")]
async fn publishes_many(world: &mut World, name: String, count: u32, topic: String, qos: u8) -> StepResult {
    for number in 1..=count {
        let rows = [
            row("Topic Name", topic.as_str()),
            row("Payload", number.to_string()),
            row("QoS", qos.to_string()),
        ];
        publish(world, &name, &rows).await?;
    }
    Ok(())
}

/// Sends a PUBLISH and does not wait for anything. Without a Packet Identifier in the table a fresh one is used at QoS 1 and 2.
#[when(expr = "{word} sends PUBLISH with:")]
async fn sends_publish(world: &mut World, name: String, step: &Step) -> StepResult {
    let tester = world.tester();
    let mut packet = Publish::new("", Bytes::new());
    fields::publish(&mut packet, &rows(step), &tester.namespace)?;
    if packet.qos != QoS::AtMostOnce && packet.packet_id.is_none() {
        packet.packet_id = Some(tester.fresh_packet_id(&name));
    }
    Ok(tester.send(&name, Packet::Publish(packet))?)
}

fn acknowledgement(kind: &str, ack: Acknowledgement) -> Result<Packet, Stop> {
    match kind {
        "PUBACK" => Ok(Packet::Puback(ack)),
        "PUBREC" => Ok(Packet::Pubrec(ack)),
        "PUBREL" => Ok(Packet::Pubrel(ack)),
        "PUBCOMP" => Ok(Packet::Pubcomp(ack)),
        _ => Err(Stop::Error(format!("{kind} is no acknowledgement"))),
    }
}

#[when(expr = "{word} sends {word} for Packet Identifier {int}")]
async fn sends_acknowledgement(world: &mut World, name: String, kind: String, id: u16) -> StepResult {
    let packet = acknowledgement(&kind, Acknowledgement::new(id))?;
    Ok(world.tester().send(&name, packet)?)
}

/// For the message that this Client received last, or that it published last if it received none.
#[when(expr = "{word} sends {word} for that message")]
async fn sends_acknowledgement_for_last(world: &mut World, name: String, kind: String) -> StepResult {
    let id = last_id(world, &name)?;
    let packet = acknowledgement(&kind, Acknowledgement::new(id))?;
    Ok(world.tester().send(&name, packet)?)
}

#[when(expr = "{word} sends {word} with Reason Code {word} for that message")]
async fn sends_reason(world: &mut World, name: String, kind: String, reason: String) -> StepResult {
    let id = last_id(world, &name)?;
    let reason = u8::try_from(fields::number("Reason Code", &reason)?).unwrap_or(0xFF);
    let packet = acknowledgement(&kind, Acknowledgement::with_reason(id, ReasonCode(reason)))?;
    Ok(world.tester().send(&name, packet)?)
}

pub(super) fn last_id(world: &mut World, name: &str) -> Result<u16, Stop> {
    let received = world.last_message.as_ref().and_then(|a| a.packet.packet_id());
    received
        .or_else(|| world.tester().client(name).published.last().and_then(|p| p.packet_id))
        .ok_or_else(|| Stop::Error("no message with a Packet Identifier was seen before".to_owned()))
}

/// From now on nothing that arrives is acknowledged by itself.
#[given(expr = "{word} does not acknowledge")]
#[when(expr = "{word} stops acknowledging")]
async fn does_not_acknowledge(world: &mut World, name: String) -> StepResult {
    world.tester().client(&name).answers = false;
    Ok(())
}

/// From now on everything that arrives is acknowledged again.
#[given(expr = "{word} acknowledges again")]
#[when(expr = "{word} acknowledges what arrives")]
async fn acknowledges(world: &mut World, name: String) -> StepResult {
    world.tester().client(&name).answers = true;
    Ok(())
}
