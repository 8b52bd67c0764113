//! What a Client receives: messages, any other packet, and nothing.

use super::fields::{self, rows};
use crate::world::World;
use cucumber::{given, then, when};
use gherkin::Step;
use protocol::{Packet, Publish, QoS};
use tester::stop::{Expected, StepResult, Stop};
use tester::{Arrival, Standing};

/// Whether the packet is this message, by topic (as the feature has it) and payload.
fn is_message(world_topic: &str, payload: &[u8], arrival: &Arrival) -> bool {
    matches!(&arrival.packet, Packet::Publish(p) if *p.topic == *world_topic && p.payload == payload)
}

async fn message(world: &mut World, name: &str, payload: &str, topic: &str) -> Result<Publish, Stop> {
    let tester = world.tester();
    let wire = tester.namespace.topic(&fields::text(topic));
    let bytes = if payload == "empty" { bytes::Bytes::new() } else { fields::binary(payload) };
    let what = format!("PUBLISH \"{payload}\" on \"{topic}\"");
    let arrival = tester.expect(name, &what, |a| is_message(&wire, &bytes, a)).await?;
    let Packet::Publish(publish) = arrival.packet.clone() else {
        return Err(Stop::Error("a message is a PUBLISH".to_owned()));
    };
    world.last_message = Some(arrival.clone());
    world.last = Some(arrival);
    Ok(publish)
}

#[given(expr = "{word} has received {string} on {string}")]
#[when(expr = "{word} has received {string} on {string}")]
#[then(expr = "{word} receives {string} on {string}")]
async fn receives(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    message(world, &name, &payload, &topic).await?;
    Ok(())
}

/// The QoS is that of the Subscription at most: where the SUBACK granted less, less is expected.
#[given(expr = "{word} has received {string} on {string} at QoS {int}")]
#[when(expr = "{word} has received {string} on {string} at QoS {int}")]
#[then(expr = "{word} receives {string} on {string} at QoS {int}")]
async fn receives_at(world: &mut World, name: String, payload: String, topic: String, qos: u8) -> StepResult {
    let publish = message(world, &name, &payload, &topic).await?;
    let wanted = expected_qos(world, &name, &publish, qos);
    if publish.qos == wanted {
        return Ok(());
    }
    let observation = world.last.as_ref().map(|a| a.observation);
    Err(Stop::seen(format!("the message has QoS {wanted}"), format!("QoS {}", publish.qos), observation)
        .into())
}

fn expected_qos(world: &mut World, name: &str, publish: &Publish, qos: u8) -> QoS {
    let granted = world.tester().client(name).granted.iter().filter(|(filter, _)| {
        let plain = filter
            .strip_prefix("$share/")
            .and_then(|f| f.split_once('/'))
            .map_or(filter.as_str(), |(_, f)| f);
        protocol::topic::matches(plain, &publish.topic)
    });
    let best = granted.map(|(_, qos)| *qos).max().unwrap_or(QoS::ExactlyOnce);
    QoS::from_bits(qos).unwrap_or_default().min(best)
}

/// More about the message or packet that the last sentence was about.
#[then(expr = "it has:")]
async fn it_has(world: &mut World, step: &Step) -> StepResult {
    let Some(arrival) = world.last.clone() else {
        return Err(Stop::Error("\"it has\" speaks of nothing".to_owned()).into());
    };
    check(world, &arrival, &rows(step))?;
    Ok(())
}

fn check(world: &mut World, arrival: &Arrival, rows: &[(String, String)]) -> Result<(), Stop> {
    let namespace = &world.tester().namespace;
    fields::compare(&arrival.packet, rows, namespace).map_err(|(wanted, actual)| {
        Stop::seen(
            format!("{} with {wanted}", arrival.packet.packet_type()),
            actual,
            Some(arrival.observation),
        )
    })
}

/// The next packet of this type.
#[given(
    regex = r"^(\w+) has received (CONNACK|PUBACK|PUBREC|PUBREL|PUBCOMP|SUBACK|UNSUBACK|PINGRESP|DISCONNECT|AUTH)$"
)]
#[when(
    regex = r"^(\w+) has received (CONNACK|PUBACK|PUBREC|PUBREL|PUBCOMP|SUBACK|UNSUBACK|PINGRESP|DISCONNECT|AUTH)$"
)]
#[then(
    regex = r"^(\w+) receives (CONNACK|PUBACK|PUBREC|PUBREL|PUBCOMP|SUBACK|UNSUBACK|PINGRESP|DISCONNECT|AUTH)$"
)]
async fn receives_packet(world: &mut World, name: String, kind: String) -> StepResult {
    packet(world, &name, &kind).await?;
    Ok(())
}

#[given(
    regex = r"^(\w+) has received (CONNACK|PUBACK|PUBREC|PUBREL|PUBCOMP|SUBACK|UNSUBACK|PINGRESP|DISCONNECT|AUTH) with:$"
)]
#[when(
    regex = r"^(\w+) has received (CONNACK|PUBACK|PUBREC|PUBREL|PUBCOMP|SUBACK|UNSUBACK|PINGRESP|DISCONNECT|AUTH) with:$"
)]
#[then(
    regex = r"^(\w+) receives (CONNACK|PUBACK|PUBREC|PUBREL|PUBCOMP|SUBACK|UNSUBACK|PINGRESP|DISCONNECT|AUTH) with:$"
)]
async fn receives_packet_with(world: &mut World, name: String, kind: String, step: &Step) -> StepResult {
    let arrival = packet(world, &name, &kind).await?;
    check(world, &arrival, &rows(step))?;
    Ok(())
}

async fn packet(world: &mut World, name: &str, kind: &str) -> Result<Arrival, Stop> {
    let arrival = world.tester().expect(name, kind, |a| a.packet.packet_type().name() == kind).await?;
    world.last = Some(arrival.clone());
    Ok(arrival)
}

/// No message is left that no sentence has asked for, after a fence.
#[then(expr = "{word} receives no message")]
#[then(expr = "{word} receives no further message")]
async fn receives_no_message(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    tester.fence(&name).await?;
    tester.garbage(&name)?;
    if !matches!(tester.client(&name).standing, Standing::Open) {
        return Err(Stop::inconclusive(format!("{name} has no open Network Connection to receive on")).into());
    }
    no_message(world, &name, "no message", |_| true)
}

#[then(expr = "{word} receives no message {string}")]
async fn receives_not(world: &mut World, name: String, payload: String) -> StepResult {
    let tester = world.tester();
    tester.fence(&name).await?;
    tester.garbage(&name)?;
    let bytes = fields::binary(&payload);
    no_message(world, &name, &format!("no message \"{payload}\""), |p| p.payload == bytes)
}

fn no_message(world: &mut World, name: &str, what: &str, unwanted: impl Fn(&Publish) -> bool) -> StepResult {
    let tester = world.tester();
    let found = tester.client(name).inbox.iter().find_map(|a| match &a.packet {
        Packet::Publish(p) if !a.foreign && unwanted(p) => Some((a.observation, p.clone())),
        _ => None,
    });
    match found {
        None => Ok(()),
        Some((observation, publish)) => {
            let topic = tester.namespace.plain(&publish.topic).into_owned();
            let actual = format!("PUBLISH \"{}\" on \"{topic}\"", fields::show(&publish.payload));
            Err(Stop::seen(Expected::silence(format!("{name} receives {what}")), actual, Some(observation))
                .into())
        }
    }
}

/// No packet of this type comes, after a fence on the same Network Connection.
#[then(regex = r"^(\w+) receives no (CONNACK|PUBACK|PUBREC|PUBREL|PUBCOMP|SUBACK|UNSUBACK|DISCONNECT|AUTH)$")]
async fn receives_no_packet(world: &mut World, name: String, kind: String) -> StepResult {
    let tester = world.tester();
    if tester.client(&name).standing == Standing::Open && tester.client(&name).connack.is_some() {
        tester.ping(&name).await?;
    }
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    tester.garbage(&name)?;
    let found = tester
        .client(&name)
        .inbox
        .iter()
        .find(|a| a.packet.packet_type().name() == kind)
        .map(|a| a.observation);
    match found {
        None => Ok(()),
        Some(observation) => {
            Err(Stop::seen(Expected::silence(format!("no {kind}")), kind, Some(observation)).into())
        }
    }
}

/// Messages on one topic, in this order, with nothing between them on that topic.
#[then(expr = "{word} receives on {string} in order:")]
async fn receives_in_order(world: &mut World, name: String, topic: String, step: &Step) -> StepResult {
    let wire = world.tester().namespace.topic(&topic);
    for (payload, _) in rows(step) {
        let bytes = fields::binary(&payload);
        let what = format!("PUBLISH \"{payload}\" on \"{topic}\" next");
        let on_topic = |a: &Arrival| matches!(&a.packet, Packet::Publish(p) if *p.topic == *wire);
        let arrival = world.tester().expect(&name, &what, on_topic).await?;
        if let Packet::Publish(p) = &arrival.packet
            && p.payload != bytes
        {
            return Err(Stop::seen(
                what,
                format!("\"{}\"", fields::show(&p.payload)),
                Some(arrival.observation),
            )
            .into());
        }
        world.last_message = Some(arrival.clone());
        world.last = Some(arrival);
    }
    Ok(())
}

/// The CONNACK that the Client got on its present Network Connection.
#[then(expr = "the CONNACK of {word} has:")]
async fn connack_has(world: &mut World, name: String, step: &Step) -> StepResult {
    let tester = world.tester();
    let connection = tester.client(&name).connection;
    let found = tester.transcript.packets(connection).find_map(|(observation, of_subject, packet)| {
        (of_subject && matches!(packet, Packet::Connack(_))).then(|| (observation, packet.clone()))
    });
    let Some((observation, packet)) = found else {
        return Err(Stop::Error(format!("{name} has no CONNACK")).into());
    };
    let at = tester.transcript.observations[observation].at;
    check(world, &Arrival { observation, at, packet, foreign: false }, &rows(step))?;
    Ok(())
}

/// Of all that the Server has sent on the Client's present Network Connection.
#[then(expr = "no packet to {word} is larger than {int} bytes")]
async fn no_packet_is_larger(world: &mut World, name: String, most: usize) -> StepResult {
    let tester = world.tester();
    tester.garbage(&name)?;
    let connection = tester.client(&name).connection;
    let larger = tester.transcript.observations.iter().enumerate().find_map(|(index, o)| match &o.kind {
        tester::ObservationKind::Received { bytes, packet }
            if o.connection == connection && bytes.len() > most =>
        {
            Some((index, format!("{} of {} bytes", packet.packet_type(), bytes.len())))
        }
        _ => None,
    });
    match larger {
        None => Ok(()),
        Some((index, actual)) => {
            Err(Stop::seen(format!("packets of at most {most} bytes"), actual, Some(index)).into())
        }
    }
}
