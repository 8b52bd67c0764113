//! What the application behind a Client has got in the end (sections 4.1, 4.3, 4.4 and 4.6), over all Network Connections of its Session.

use super::fields::{self, rows};
use crate::world::World;
use cucumber::then;
use gherkin::Step;
use std::time::Duration;
use tester::stop::{Expected, StepResult, Stop};
use tester::{Standing, messages::Message};

/// The copies of a message after nothing more can come. Waits for the first if one has to come.
async fn copies(
    world: &mut World,
    name: &str,
    payload: &str,
    topic: &str,
    wait: bool,
) -> Result<Vec<Message>, Stop> {
    let tester = world.tester();
    let wire = tester.namespace.topic(topic);
    let bytes = fields::binary(payload);
    let wanted = |m: &Message| *m.topic == *wire && m.payload == bytes;
    if tester.client(name).standing != Standing::Open {
        return Err(Stop::inconclusive(format!("{name} has no open Network Connection to receive on")));
    }
    if wait {
        let patience = tester.patience(name);
        let found = tester.wait(patience, |t| t.messages(name).iter().any(wanted).then_some(())).await;
        if found.is_none() {
            tester.is_alive().await?;
        }
    }
    tester.fence(name).await?;
    tester.garbage(name)?;
    Ok(tester.messages(name).into_iter().filter(wanted).collect())
}

fn counted(copies: &[Message], what: &str, fits: impl Fn(usize) -> bool) -> StepResult {
    if fits(copies.len()) {
        return Ok(());
    }
    let actual = match copies.len() {
        0 => "it never came".to_owned(),
        1 => "it came once".to_owned(),
        n => format!("it came {n} times"),
    };
    Err(Stop::seen(what, actual, copies.last().map(|m| m.observation)).into())
}

/// The standard sets no upper limit to how late it may be; some seconds are granted.
#[then(expr = "{word} receives {string} on {string}, due after {float} seconds")]
async fn receives_late(
    world: &mut World,
    name: String,
    payload: String,
    topic: String,
    seconds: f64,
) -> StepResult {
    let tester = world.tester();
    let wire = tester.namespace.topic(&topic);
    let bytes = fields::binary(&payload);
    // Servers are known that look at their Clients every five seconds only.
    let patience = tester.patience(&name) + Duration::from_secs_f64(seconds) * 2 + Duration::from_secs(10);
    let wanted = |m: &Message| *m.topic == *wire && m.payload == bytes;
    tester.wait(patience, |t| t.messages(&name).iter().any(wanted).then_some(())).await;
    let copies = copies(world, &name, &payload, &topic, false).await?;
    counted(&copies, &format!("{name} receives \"{payload}\""), |n| n >= 1)
}

/// The promise of QoS 2, as the application sees it: repetitions that the protocol removes do not count.
#[then(expr = "{word} has got {string} on {string} exactly once")]
async fn exactly_once(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let copies = copies(world, &name, &payload, &topic, true).await?;
    counted(&copies, &format!("{name} gets \"{payload}\" exactly once"), |n| n == 1)
}

/// The promise of QoS 1.
#[then(expr = "{word} has got {string} on {string} at least once")]
async fn at_least_once(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let copies = copies(world, &name, &payload, &topic, true).await?;
    counted(&copies, &format!("{name} gets \"{payload}\" at least once"), |n| n >= 1)
}

/// The promise of QoS 0; and of QoS 2 for a message of which nobody knows whether the Server took it.
#[then(expr = "{word} has got {string} on {string} at most once")]
async fn at_most_once(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let copies = copies(world, &name, &payload, &topic, false).await?;
    counted(&copies, &format!("{name} gets \"{payload}\" at most once"), |n| n <= 1)
}

#[then(expr = "{word} has not got {string} on {string}")]
async fn never(world: &mut World, name: String, payload: String, topic: String) -> StepResult {
    let copies = copies(world, &name, &payload, &topic, false).await?;
    counted(&copies, &format!("{name} does not get \"{payload}\""), |n| n == 0)
}

/// The messages of the table in this order, each exactly once, and no others on this topic.
#[then(expr = "{word} has got on {string}, each exactly once and in order:")]
async fn in_order(world: &mut World, name: String, topic: String, step: &Step) -> StepResult {
    let wanted: Vec<String> = rows(step).into_iter().map(|(payload, _)| payload).collect();
    let Some(last) = wanted.last() else {
        return Err(Stop::Error("the table is empty".to_owned()).into());
    };
    copies(world, &name, last, &topic, true).await?;
    let got = all_on(world, &name, &topic);
    let names: Vec<&str> = got.iter().map(|(payload, _)| payload.as_str()).collect();
    if names == wanted {
        return Ok(());
    }
    let odd =
        got.iter().zip(&wanted).find(|((payload, _), wanted)| payload != *wanted).map(|((_, at), _)| *at);
    Err(Stop::seen(format!("the messages {}", wanted.join(", ")), names.join(", "), odd).into())
}

/// The messages of the table, each at least once, and the first copies in this order.
#[then(expr = "{word} has got on {string}, each at least once and first in order:")]
async fn first_in_order(world: &mut World, name: String, topic: String, step: &Step) -> StepResult {
    let wanted: Vec<String> = rows(step).into_iter().map(|(payload, _)| payload).collect();
    for payload in &wanted {
        let found = copies(world, &name, payload, &topic, true).await?;
        counted(&found, &format!("{name} gets \"{payload}\" at least once"), |n| n >= 1)?;
    }
    let got = all_on(world, &name, &topic);
    let mut first: Vec<(String, usize)> = Vec::new();
    for (payload, at) in got {
        if wanted.contains(&payload) && !first.iter().any(|(known, _)| *known == payload) {
            first.push((payload, at));
        }
    }
    let odd =
        first.iter().zip(&wanted).find(|((payload, _), wanted)| payload != *wanted).map(|((_, at), _)| *at);
    match odd {
        None => Ok(()),
        Some(at) => {
            let names: Vec<&str> = first.iter().map(|(payload, _)| payload.as_str()).collect();
            Err(Stop::seen(
                Expected::order(format!("first copies in the order {}", wanted.join(", "))),
                names.join(", "),
                Some(at),
            )
            .into())
        }
    }
}

fn all_on(world: &mut World, name: &str, topic: &str) -> Vec<(String, usize)> {
    let tester = world.tester();
    let wire = tester.namespace.topic(topic);
    tester
        .messages(name)
        .into_iter()
        .filter(|m| *m.topic == *wire)
        .map(|m| (fields::show(&m.payload), m.observation))
        .collect()
}

/// What CONNACK says of the Session has to be true of the Subscription, too, and of what was waiting: `waiting` is the payload of what the Server kept or lost.
#[then(
    expr = "either the Session of {word} is present and a message to {string} reaches it, or it is not and nothing does"
)]
async fn the_truth(world: &mut World, name: String, topic: String) -> StepResult {
    let tester = world.tester();
    let Some(present) = tester.client(&name).connack.as_ref().map(|c| c.session_present) else {
        return Err(Stop::Error(format!("{name} has no CONNACK")).into());
    };
    let wire = tester.namespace.topic(&topic);
    tester.publish_as_witness(&wire, "later").await?;
    let answer = if present { "it keeps them" } else { "it has lost them" };
    tester.choose("what becomes of Sessions when the Server ends and starts again", answer);
    if present {
        let copies = copies(world, &name, "later", &topic, true).await?;
        return counted(&copies, "Session Present 1, and the Subscription of that Session", |n| n >= 1);
    }
    copies(world, &name, "later", &topic, false).await?;
    match all_on(world, &name, &topic).last() {
        None => Ok(()),
        Some((payload, at)) => Err(Stop::seen(
            "Session Present 0, and nothing of an old Session",
            format!("PUBLISH \"{payload}\""),
            Some(*at),
        )
        .into()),
    }
}
