//! Single packets of QoS 1 and 2 exchanges, told apart by the payload of their message (sections 2.2.1, 3.4 to 3.7, 4.3, 4.4, 4.9).

use super::fields::{self, rows};
use super::publishing::{last_id, publish, row};
use crate::world::World;
use bytes::{BufMut, Bytes, BytesMut};
use cucumber::{given, then, when};
use gherkin::Step;
use protocol::{Acknowledgement, Packet, PacketId, Publish, QoS, ReasonCode, Version};
use std::collections::BTreeSet;
use tester::stop::{StepResult, Stop};
use tester::{ObservationKind, Standing};

/// More than this many open exchanges are too many for a scenario.
const MANY: u16 = 200;

fn acknowledgement(kind: &str, ack: Acknowledgement) -> Result<Packet, Stop> {
    match kind {
        "PUBACK" => Ok(Packet::Puback(ack)),
        "PUBREC" => Ok(Packet::Pubrec(ack)),
        "PUBREL" => Ok(Packet::Pubrel(ack)),
        "PUBCOMP" => Ok(Packet::Pubcomp(ack)),
        _ => Err(Stop::Error(format!("{kind} is no acknowledgement"))),
    }
}

/// Every PUBLISH with this payload that the Client got so far, on whichever Network Connection, with its observation.
fn copies(world: &mut World, name: &str, payload: &str) -> Vec<(usize, Publish)> {
    let bytes = fields::binary(payload);
    let transcript = &world.tester().transcript;
    let received = transcript.observations.iter().enumerate().filter_map(|(index, o)| match &o.kind {
        ObservationKind::Received { packet: Packet::Publish(p), .. }
            if p.payload == bytes && transcript.connections[o.connection].client == name =>
        {
            Some((index, p.clone()))
        }
        _ => None,
    });
    received.collect()
}

/// The Packet Identifier that the message with this payload came with last.
fn id_of(world: &mut World, name: &str, payload: &str) -> Result<PacketId, Stop> {
    copies(world, name, payload)
        .last()
        .and_then(|(_, p)| p.packet_id)
        .ok_or_else(|| Stop::Error(format!("{name} has received no \"{payload}\" with a Packet Identifier")))
}

/// The acknowledgement of the message with this payload, which this Client received.
#[when(regex = r#"^(\w+) sends (PUBACK|PUBREC|PUBCOMP) for the message "([^"]*)"$"#)]
async fn sends_for(world: &mut World, name: String, kind: String, payload: String) -> StepResult {
    let id = id_of(world, &name, &payload)?;
    let packet = acknowledgement(&kind, Acknowledgement::new(id))?;
    Ok(world.tester().send(&name, packet)?)
}

/// The next packet of this type has the Packet Identifier of the message with this payload, which this Client received.
#[given(regex = r#"^(\w+) has received (PUBREL) for the message "([^"]*)"$"#)]
#[when(regex = r#"^(\w+) has received (PUBREL) for the message "([^"]*)"$"#)]
#[then(regex = r#"^(\w+) receives (PUBREL) for the message "([^"]*)"$"#)]
async fn receives_for(world: &mut World, name: String, kind: String, payload: String) -> StepResult {
    let id = id_of(world, &name, &payload)?;
    let what = format!("{kind} for \"{payload}\" next");
    let arrival = world.tester().expect(&name, &what, |a| a.packet.packet_type().name() == kind).await?;
    if arrival.packet.packet_id() != Some(id) {
        let got = arrival.packet.packet_id().unwrap_or_default();
        let actual = format!("{kind} with Packet Identifier {got} instead of {id}");
        return Err(Stop::seen(what, actual, Some(arrival.observation)).into());
    }
    world.last = Some(arrival);
    Ok(())
}

/// The same PUBLISH as on an earlier Network Connection: with the same QoS and Packet Identifier. Its DUP is for a Monitor to judge.
#[given(expr = "{word} has received {string} on {string} again")]
#[when(expr = "{word} has received {string} on {string} again")]
#[then(expr = "{word} receives {string} on {string} again")]
async fn receives_again(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let tester = world.tester();
    let connection = tester.client(&name).connection;
    let wire = tester.namespace.topic(&topic);
    let bytes = fields::binary(&payload);
    let what = format!("PUBLISH \"{payload}\" on \"{topic}\" again");
    let is_copy = |p: &Publish| *p.topic == *wire && p.payload == bytes;
    let arrival =
        tester.expect(&name, &what, |a| matches!(&a.packet, Packet::Publish(p) if is_copy(p))).await?;
    let Packet::Publish(again) = arrival.packet.clone() else { return Ok(()) };
    let earlier = copies(world, &name, &payload);
    let tester = world.tester();
    let first = earlier.iter().find(|(index, _)| {
        tester.transcript.observations.get(*index).is_some_and(|o| o.connection != connection)
    });
    let Some((_, first)) = first else {
        return Err(Stop::Error(format!("{name} has not received \"{payload}\" before")).into());
    };
    if (again.qos, again.packet_id) != (first.qos, first.packet_id) {
        let told =
            |p: &Publish| format!("QoS {}, Packet Identifier {}", p.qos, p.packet_id.unwrap_or_default());
        let expected = format!("the PUBLISH is sent again as it was, with {}", told(first));
        return Err(Stop::seen(expected, told(&again), Some(arrival.observation)).into());
    }
    world.last_message = Some(arrival.clone());
    world.last = Some(arrival);
    Ok(())
}

/// With a Reason Code and Properties. A Property that is not User Property and stands twice in the table is an error on purpose.
#[when(expr = "{word} sends {word} for that message with:")]
async fn sends_with(world: &mut World, name: String, kind: String, step: &Step) -> StepResult {
    let mut ack = Acknowledgement::new(last_id(world, &name)?);
    let tester = world.tester();
    let mut fields_seen = BTreeSet::new();
    let mut wrong = None;
    for (field, value) in rows(step) {
        if field == "Reason Code" {
            ack.reason = ReasonCode(u8::try_from(fields::number(&field, &value)?).unwrap_or(0xFF));
        } else if let Some(property) = fields::property(&field, &value, &tester.namespace)? {
            ack.properties.push(property);
            if field != "User Property" && !fields_seen.insert(field.clone()) {
                wrong = Some(format!("{kind} with two of {field}"));
            }
        } else {
            return Err(Stop::Error(format!("{field} is no field of {kind}")).into());
        }
    }
    let packet = acknowledgement(&kind, ack)?;
    match wrong {
        None => Ok(tester.send(&name, packet)?),
        Some(wrong) => {
            let bytes = encoded(&packet, tester.version)?;
            tester.send_bytes(&name, bytes, Some(wrong));
            Ok(())
        }
    }
}

fn encoded(packet: &Packet, version: Version) -> Result<Bytes, Stop> {
    let mut bytes = BytesMut::new();
    protocol::encode(packet, version, &mut bytes)
        .map_err(|error| Stop::Error(format!("the scenario's packet cannot be encoded: {error}")))?;
    Ok(bytes.freeze())
}

/// 2: the Packet Identifier alone; 3: a Reason Code 0x00 too; 4: no Properties too. In 3.1.1 only 2 is right.
#[when(
    regex = r"^(\w+) sends (PUBACK|PUBREC|PUBREL|PUBCOMP) of Remaining Length ([234]) for (that message|Packet Identifier (?:\d+))$"
)]
async fn sends_of_length(
    world: &mut World,
    name: String,
    kind: String,
    length: usize,
    which: String,
) -> StepResult {
    let id = match which.rsplit(' ').next().and_then(|n| n.parse().ok()) {
        Some(id) => id,
        None => last_id(world, &name)?,
    };
    let packet = acknowledgement(&kind, Acknowledgement::new(id))?;
    let tester = world.tester();
    let first = encoded(&packet, tester.version)?.first().copied().unwrap_or_default();
    let mut bytes = BytesMut::new();
    bytes.put_u8(first);
    bytes.put_u8(u8::try_from(length).unwrap_or(2));
    bytes.put_u16(id);
    bytes.put_bytes(0, length - 2);
    if length > 2 && tester.version == Version::V311 {
        tester.send_bytes(&name, bytes.freeze(), Some(format!("{kind} of Remaining Length {length}")));
    } else {
        tester.send_in_form(&name, bytes.freeze(), packet);
    }
    Ok(())
}

/// Publishes with the number that the Server has in use for the message which this Client received last.
#[when(
    expr = "{word} publishes {string} to {string} at QoS {int} with the Packet Identifier of the message {string}"
)]
async fn publishes_same_id(
    world: &mut World,
    name: String,
    payload: String,
    topic: String,
    qos: u8,
    other: String,
) -> StepResult {
    let id = id_of(world, &name, &other)?;
    let rows = [
        row("Topic Name", topic),
        row("Payload", payload),
        row("QoS", qos.to_string()),
        row("Packet Identifier", id.to_string()),
    ];
    Ok(publish(world, &name, &rows).await?)
}

/// Publishes with any Packet Identifier; and the exchange has to run to its end. (`publishes …` is the stimulus, this the judgement.)
#[then(expr = "{word} can publish {string} to {string} at QoS {int}")]
async fn can_publish(world: &mut World, name: String, payload: String, topic: String, qos: u8) -> StepResult {
    let rows = [row("Topic Name", topic), row("Payload", payload), row("QoS", qos.to_string())];
    Ok(publish(world, &name, &rows).await?)
}

/// As above, with this Packet Identifier.
#[then(expr = "{word} can publish {string} to {string} at QoS {int} with Packet Identifier {int}")]
async fn can_publish_with(
    world: &mut World,
    name: String,
    payload: String,
    topic: String,
    qos: u8,
    id: u16,
) -> StepResult {
    let rows = [
        row("Topic Name", topic),
        row("Payload", payload),
        row("QoS", qos.to_string()),
        row("Packet Identifier", id.to_string()),
    ];
    Ok(publish(world, &name, &rows).await?)
}

/// With the Packet Identifier that the Server has in use for a message to this Client; the exchange has to run to its end.
#[then(
    expr = "{word} can publish {string} to {string} at QoS {int} with the Packet Identifier of the message {string}"
)]
async fn can_publish_same_id(
    world: &mut World,
    name: String,
    payload: String,
    topic: String,
    qos: u8,
    other: String,
) -> StepResult {
    let id = id_of(world, &name, &other)?;
    can_publish_with(world, name, payload, topic, qos, id).await
}

/// Of all PUBLISH packets of QoS 1 and 2 that the Client got on its present Network Connection. It must not have acknowledged any.
#[then(expr = "{int} messages of {word} are open, each with a Packet Identifier of its own")]
async fn ids_are_distinct(world: &mut World, count: usize, name: String) -> StepResult {
    let tester = world.tester();
    let patience = tester.patience(&name);
    let connection = tester.client(&name).connection;
    let open = |tester: &tester::Tester| -> Vec<(usize, PacketId)> {
        let packets = tester.transcript.packets(connection);
        let published = packets.filter_map(|(index, of_subject, packet)| match packet {
            Packet::Publish(p) if of_subject => p.packet_id.map(|id| (index, id)),
            _ => None,
        });
        published.collect()
    };
    tester.wait(patience, |t| (open(t).len() >= count).then_some(())).await;
    tester.garbage(&name)?;
    let open = open(tester);
    let mut seen = BTreeSet::new();
    for (index, id) in &open {
        if !seen.insert(*id) {
            let expected = "a Packet Identifier that is not in use";
            return Err(Stop::seen(expected, format!("{id} a second time"), Some(*index)).into());
        }
    }
    if open.len() < count {
        // A Server may send fewer at a time than the Client allows.
        tester.choose("how many messages are open at once", open.len().to_string());
        if open.len() < 2 {
            return Err(Stop::NotExercised("the Server has one message open at a time".to_owned()).into());
        }
    }
    tester.client(&name).inbox.retain(|a| !matches!(a.packet, Packet::Publish(_)));
    Ok(())
}

/// A Server that closes because of what came before leaves nothing to test.
#[when(expr = "the Server keeps the Network Connection of {word} open")]
async fn keeps_open(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    if tester.client(&name).standing != Standing::Open {
        let text = "the Server closes the Network Connection, as it may";
        return Err(Stop::NotExercised(text.to_owned()).into());
    }
    Ok(())
}

/// "1", "2", … as fast as they go, without waiting for acknowledgements.
#[when(expr = "{word} sends {int} messages to {string} at QoS {int} at once")]
async fn sends_at_once(world: &mut World, name: String, count: u16, topic: String, qos: u8) -> StepResult {
    let qos = fields::qos("QoS", &qos.to_string())?;
    if qos != QoS::AtMostOnce && receive_maximum(world, &name) < count {
        let text = format!("the Server's Receive Maximum is below {count}");
        return Err(Stop::NotApplicable(text).into());
    }
    for number in 1..=count {
        send_one(world, &name, &topic, qos, number)?;
    }
    Ok(())
}

fn send_one(world: &mut World, name: &str, topic: &str, qos: QoS, number: u16) -> Result<(), Stop> {
    let tester = world.tester();
    let mut publish = Publish::new(tester.namespace.topic(topic), number.to_string().into_bytes());
    publish.qos = qos;
    publish.packet_id = (qos != QoS::AtMostOnce).then(|| tester.fresh_packet_id(name));
    tester.send(name, Packet::Publish(publish))
}

fn receive_maximum(world: &mut World, name: &str) -> u16 {
    let connack = world.tester().client(name).connack.as_ref();
    connack.and_then(|c| c.properties.receive_maximum()).unwrap_or(u16::MAX)
}

/// At QoS 2, and waits for the PUBREC of each. No PUBREL is sent, so that all stay open.
#[when(expr = "{word} has as many messages to {string} open as the Receive Maximum of the Server allows")]
async fn fills_the_quota(world: &mut World, name: String, topic: String) -> StepResult {
    let maximum = receive_maximum(world, &name);
    if maximum > MANY {
        let text = format!("the Server's Receive Maximum is {maximum}: more than a scenario can hold open");
        return Err(Stop::NotApplicable(text).into());
    }
    world.tester().client(&name).answers = false;
    for number in 1..=maximum {
        send_one(world, &name, &topic, QoS::ExactlyOnce, number)?;
        let id = world.tester().client(&name).published.last().and_then(|p| p.packet_id);
        let pubrec = world
            .tester()
            .expect(&name, "PUBREC", |a| matches!(&a.packet, Packet::Pubrec(p) if Some(p.packet_id) == id))
            .await?;
        if matches!(&pubrec.packet, Packet::Pubrec(p) if p.reason.is_failure()) {
            return Err(Stop::inconclusive("the Server does not take the message").into());
        }
    }
    Ok(())
}

/// One more, which breaks the rules on purpose.
#[when(expr = "{word} sends one message more to {string} at QoS {int}")]
async fn overruns(world: &mut World, name: String, topic: String, qos: u8) -> StepResult {
    let tester = world.tester();
    let mut publish = Publish::new(tester.namespace.topic(&topic), &b"too many"[..]);
    publish.qos = fields::qos("QoS", &qos.to_string())?;
    publish.packet_id = Some(tester.fresh_packet_id(&name));
    let bytes = encoded(&Packet::Publish(publish), tester.version)?;
    tester.send_bytes(&name, bytes, Some("more open messages than the Receive Maximum".to_owned()));
    Ok(())
}
