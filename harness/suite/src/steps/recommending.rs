//! What a Server should do (a warning at most), and what holds for packets that it may send or leave out (sections 3.2, 3.14 and 4.13).

use super::fields::{self, rows};
use crate::world::World;
use cucumber::then;
use gherkin::Step;
use protocol::Packet;
use tester::Standing;
use tester::stop::{Expected, StepResult, Stop};

/// A Subject that does not do what it should is warned of; everything else is as if it had to.
fn recommended(outcome: Result<(), Stop>) -> StepResult {
    Ok(outcome.map_err(|stop| match stop {
        Stop::Violation(violation) => Stop::Warning(violation.to_string()),
        other => other,
    })?)
}

/// Waits until a packet of this type has come or the Network Connection is over.
async fn comes(world: &mut World, name: &str, kind: &str) -> Option<(usize, Packet)> {
    let tester = world.tester();
    let patience = tester.patience(name);
    let connection = tester.client(name).connection;
    let kind = kind.to_owned();
    let find = move |tester: &tester::Tester| {
        let found = tester
            .transcript
            .packets(connection)
            .find(|(_, of_subject, p)| *of_subject && p.packet_type().name() == kind);
        found.map(|(index, _, packet)| (index, packet.clone()))
    };
    tester
        .wait(patience, |t| match (find(t), &t.client(name).standing) {
            (Some(found), _) => Some(Some(found)),
            (None, Standing::Open | Standing::Opening) => None,
            (None, _) => Some(None),
        })
        .await
        .flatten()
}

fn holds(world: &mut World, found: &(usize, Packet), rows: &[(String, String)]) -> Result<(), Stop> {
    let (observation, packet) = found;
    fields::compare(packet, rows, &world.tester().namespace).map_err(|(wanted, actual)| {
        Stop::seen(format!("{} with {wanted}", packet.packet_type()), actual, Some(*observation))
    })
}

/// A warning if it does not come, or comes otherwise. That the Server closes is another matter.
#[then(regex = r"^the Server should send (CONNACK|DISCONNECT) to (\w+) with:$")]
async fn should_send(world: &mut World, kind: String, name: String, step: &Step) -> StepResult {
    let found = comes(world, &name, &kind).await;
    world.tester().garbage(&name)?;
    recommended(match found {
        Some(found) => holds(world, &found, &rows(step)),
        None => Err(Stop::missing(Expected::packet(format!("{kind} to {name}")), format!("no {kind} comes"))),
    })
}

#[then(expr = "the Server should close the Network Connection of {word}")]
async fn should_close(world: &mut World, name: String) -> StepResult {
    let patience = world.tester().patience(&name);
    recommended(world.tester().expect_end(&name, patience).await.map(drop))
}

/// The Client has sent nothing on its Network Connection. What a reasonable time is stands nowhere: over sockets only a short one is waited for, and then there
/// is no verdict; where time costs nothing, ten minutes.
#[then(expr = "the Server should close the Network Connection of {word} in reasonable time")]
async fn should_close_in_time(world: &mut World, name: String) -> StepResult {
    let live = world.tester().testbed.kind() == tester::testbed::Kind::Live;
    let patience = std::time::Duration::from_secs(if live { 5 } else { 600 });
    recommended(match world.tester().expect_end(&name, patience).await {
        Err(Stop::Violation(_)) if live => {
            Err(Stop::NotExercised("it is open after 5 s, which may be a reasonable time".to_owned()))
        }
        outcome => outcome.map(drop),
    })
}

/// A Server may leave the packet out; then the statements about it are not exercised. Where it accepts, nothing was refused.
#[then(regex = r"^the (CONNACK|DISCONNECT) that (?:refuses|ends) (\w+) has:$")]
async fn optional_packet_has(world: &mut World, kind: String, name: String, step: &Step) -> StepResult {
    let found = comes(world, &name, &kind).await;
    world.tester().garbage(&name)?;
    match found {
        Some((_, Packet::Connack(connack))) if connack.reason.0 == 0 => {
            Err(Stop::inconclusive(format!("the Server refuses nothing: it accepts {name}")).into())
        }
        Some(found) => Ok(holds(world, &found, &rows(step))?),
        None => Err(Stop::NotExercised(format!("the Server sends no {kind} to {name}")).into()),
    }
}

/// As above, where the scenario has proved something already: a packet that is left out is a legal choice.
#[then(regex = r"^(CONNACK|DISCONNECT), if one came to (\w+), has:$")]
async fn packet_has_if_it_came(world: &mut World, kind: String, name: String, step: &Step) -> StepResult {
    let found = comes(world, &name, &kind).await;
    world.tester().garbage(&name)?;
    match found {
        Some(found) => Ok(holds(world, &found, &rows(step))?),
        None => {
            world.tester().choose(format!("whether the Server sends {kind}"), "no");
            Ok(())
        }
    }
}

#[then(regex = r"^the DISCONNECT that ends (\w+) is the last packet to it$")]
async fn disconnect_is_last(world: &mut World, name: String) -> StepResult {
    let Some((index, _)) = comes(world, &name, "DISCONNECT").await else {
        return Err(Stop::NotExercised(format!("the Server sends no DISCONNECT to {name}")).into());
    };
    let tester = world.tester();
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    tester.garbage(&name)?;
    let connection = tester.client(&name).connection;
    let later = tester
        .transcript
        .packets(connection)
        .find(|(later, of_subject, _)| *of_subject && *later > index)
        .map(|(later, _, packet)| (later, packet.packet_type()));
    match later {
        None => Ok(()),
        Some((later, kind)) => {
            Err(Stop::seen(Expected::silence("no packet after DISCONNECT"), kind.to_string(), Some(later))
                .into())
        }
    }
}

/// Of all that the Server has sent on the Client's present Network Connection.
#[then(regex = r"^the first packet to (\w+) is CONNACK$")]
async fn connack_is_first(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    tester.garbage(&name)?;
    let connection = tester.client(&name).connection;
    let first = tester
        .transcript
        .packets(connection)
        .find(|(_, of_subject, _)| *of_subject)
        .map(|(index, _, packet)| (index, packet.packet_type()));
    match first {
        Some((_, protocol::PacketType::Connack)) => Ok(()),
        Some((index, kind)) => {
            Err(Stop::seen(Expected::order("CONNACK as the first packet"), kind.to_string(), Some(index))
                .into())
        }
        None => Err(Stop::missing(Expected::packet("CONNACK as the first packet"), "no packet").into()),
    }
}
