//! Which Topic Names match which Topic Filters (section 4.7): many messages at once, and topics outside the namespace of the scenario.
//!
//! A message that is published here has its Topic Name, as the feature writes it, as its payload.

use super::fields::{self, rows};
use crate::world::World;
use cucumber::{given, then, when};
use gherkin::Step;
use protocol::{Packet, Publish};
use tester::Arrival;
use tester::stop::{Expected, StepResult, Stop};

fn topics(step: &Step) -> Vec<String> {
    rows(step).into_iter().map(|(topic, _)| topic).collect()
}

/// Sends one PUBLISH at QoS 0 to each Topic Name of the table, and makes sure that the Server has read them.
#[when(expr = "{word} publishes to each of:")]
async fn publishes_to_each(world: &mut World, name: String, step: &Step) -> StepResult {
    let tester = world.tester();
    for topic in topics(step) {
        let wire = tester.namespace.topic(&fields::text(&topic));
        tester.send(&name, Packet::Publish(Publish::new(wire, topic.into_bytes())))?;
    }
    Ok(tester.ping(&name).await?)
}

fn is_on(wire: &str, arrival: &Arrival) -> bool {
    matches!(&arrival.packet, Packet::Publish(p) if *p.topic == *wire)
}

/// One message on each Topic Name of the table, in whatever order, unchanged, and no other message.
#[then(expr = "{word} receives exactly the messages on:")]
async fn receives_exactly(world: &mut World, name: String, step: &Step) -> StepResult {
    let tester = world.tester();
    for topic in topics(step) {
        let wire = tester.namespace.topic(&fields::text(&topic));
        let what = format!("PUBLISH on \"{topic}\"");
        let arrival = tester.expect(&name, &what, |a| is_on(&wire, a)).await?;
        if let Packet::Publish(p) = &arrival.packet
            && *p.payload != *topic.as_bytes()
        {
            let actual = format!("the payload \"{}\"", fields::show(&p.payload));
            return Err(
                Stop::seen(format!("the payload \"{topic}\""), actual, Some(arrival.observation)).into()
            );
        }
    }
    tester.fence(&name).await?;
    tester.garbage(&name)?;
    let more = tester.client(&name).inbox.iter().find_map(|a| match &a.packet {
        Packet::Publish(p) if !a.foreign => Some((a.observation, p.topic.clone())),
        _ => None,
    });
    match more {
        None => Ok(()),
        Some((observation, topic)) => {
            let actual = format!("PUBLISH on \"{}\"", tester.namespace.plain(&topic).escape_default());
            Err(Stop::seen(
                Expected::silence(format!("{name} receives no other message")),
                actual,
                Some(observation),
            )
            .into())
        }
    }
}

/// A payload that no other scenario uses, for a topic that others may use too.
fn own(world: &mut World, payload: &str) -> Vec<u8> {
    format!("{payload} {}", world.tester().namespace.client_id("")).into_bytes()
}

/// At QoS 0, to a Topic Name as it stands, outside the namespace of the scenario.
#[given(expr = "{word} has published {string} to the bare Topic Name {string}")]
#[when(expr = "{word} publishes {string} to the bare Topic Name {string}")]
async fn publishes_bare(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let payload = own(world, &payload);
    let tester = world.tester();
    tester.send(&name, Packet::Publish(Publish::new(topic, payload)))?;
    Ok(tester.ping(&name).await?)
}

#[then(expr = "{word} receives {string} on the bare Topic Name {string}")]
async fn receives_bare(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let bytes = own(world, &payload);
    let what = format!("PUBLISH \"{payload}\" on \"{topic}\"");
    let arrival = world
        .tester()
        .expect(
            &name,
            &what,
            |a| matches!(&a.packet, Packet::Publish(p) if *p.topic == *topic && *p.payload == *bytes),
        )
        .await?;
    world.last = Some(arrival);
    Ok(())
}

#[then(expr = "{word} receives no message {string} on the bare Topic Name {string}")]
async fn receives_no_bare(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let bytes = own(world, &payload);
    let tester = world.tester();
    tester.fence(&name).await?;
    tester.garbage(&name)?;
    let found = tester
        .client(&name)
        .inbox
        .iter()
        .find(|a| matches!(&a.packet, Packet::Publish(p) if *p.topic == *topic && *p.payload == *bytes));
    match found.map(|a| a.observation) {
        None => Ok(()),
        Some(observation) => {
            let actual = format!("PUBLISH \"{payload}\" on \"{topic}\"");
            Err(Stop::seen(
                Expected::silence(format!("{name} does not receive it")),
                actual,
                Some(observation),
            )
            .into())
        }
    }
}

/// Waits for the message. A Server that does not pass it on, as section 4.7.2 recommends, leaves nothing to test.
#[when(expr = "{word} has received {string} on the $ topic {string}, unless the Server keeps it")]
async fn receives_unless_kept(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let tester = world.tester();
    let wire = tester.namespace.topic(&topic);
    let what = format!("PUBLISH \"{payload}\" on \"{topic}\"");
    let arrival = tester.expect(&name, &what, |a| is_on(&wire, a)).await;
    match arrival {
        Ok(_) => Ok(()),
        Err(Stop::Violation(_)) => {
            let text = "the Server passes no messages on topics that begin with $, as it should";
            Err(Stop::NotExercised(text.to_owned()).into())
        }
        Err(other) => Err(other.into()),
    }
}

/// A recommendation: the message is a warning.
#[then(expr = "{word} should not receive a message on the $ topic {string}")]
async fn should_not_receive(world: &mut World, name: String, topic: String) -> StepResult {
    let tester = world.tester();
    tester.fence(&name).await?;
    let wire = tester.namespace.topic(&topic);
    if tester.client(&name).inbox.iter().any(|a| is_on(&wire, a)) {
        let text = format!("the Server passes a message on \"{topic}\" from one Client to another");
        return Err(Stop::Warning(text).into());
    }
    Ok(())
}

/// A PUBLISH at QoS 0 to a Topic Name that is not a valid one. Its payload is "x".
#[when(expr = "{word} sends PUBLISH to the invalid Topic Name {string}")]
async fn publishes_invalid(world: &mut World, name: String, topic: String) -> StepResult {
    let tester = world.tester();
    let wire = tester.namespace.topic(&fields::text(&topic));
    let mut bytes = bytes::BytesMut::new();
    protocol::encode(&Packet::Publish(Publish::new(wire, &b"x"[..])), tester.version, &mut bytes)
        .map_err(|error| Stop::Error(format!("the PUBLISH cannot be encoded: {error}")))?;
    tester.send_bytes(&name, bytes.freeze(), Some(format!("\"{topic}\" is no valid Topic Name")));
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    Ok(())
}

/// The topic below a first level of this scenario's own, so that nobody else's message is taken for it.
fn marked(world: &mut World, topic: &str) -> String {
    format!("\u{FEFF}{}{topic}", world.tester().namespace.client_id(""))
}

/// At QoS 0, outside the namespace of the scenario: there the first character would not be the first.
#[when(expr = "{word} publishes {string} to the Topic Name {string} with U+FEFF in front")]
async fn publishes_marked(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let wire = marked(world, &topic);
    let tester = world.tester();
    tester.send(&name, Packet::Publish(Publish::new(wire, payload.into_bytes())))?;
    Ok(tester.ping(&name).await?)
}

#[then(expr = "{word} receives {string} on the Topic Name {string} with U+FEFF in front")]
async fn receives_marked(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let wire = marked(world, &topic);
    let what = format!("PUBLISH \"{payload}\" on a Topic Name that begins with U+FEFF");
    world.tester().expect(&name, &what, |a| is_on(&wire, a)).await?;
    Ok(())
}
