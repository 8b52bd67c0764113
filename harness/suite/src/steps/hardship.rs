//! Hardship: trouble of the network and of processes, which a conforming Server survives. A Testbed that cannot bring it about makes the scenario not applicable.

use crate::world::World;
use cucumber::{given, when};
use protocol::PacketType;
use std::time::Duration;
use tester::stop::{StepResult, Stop};
use tester::testbed::{Hardship, Kind, Shut, in_process::SERVER};
use tester::{Cut, ObservationKind, Standing, Tester};

fn packet_type(name: &str) -> Result<PacketType, Stop> {
    PacketType::ALL
        .into_iter()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| Stop::Error(format!("{name} is no packet")))
}

/// The Network Connection breaks when this packet of the Server is under way to the Client.
#[given(expr = "the network cuts {word} off before {word} reaches it")]
#[when(expr = "the network cuts {word} off before {word} reaches it")]
async fn cut_before_receiving(world: &mut World, name: String, packet: String) -> StepResult {
    let kind = packet_type(&packet)?;
    world.tester().plan_cut(&name, Cut::BeforeReceiving(kind));
    Ok(())
}

/// The Network Connection breaks when this packet of the Server has reached the Client, which cannot answer it any more.
#[given(expr = "the network cuts {word} off after {word} has reached it")]
#[when(expr = "the network cuts {word} off after {word} has reached it")]
async fn cut_after_receiving(world: &mut World, name: String, packet: String) -> StepResult {
    let kind = packet_type(&packet)?;
    world.tester().plan_cut(&name, Cut::AfterReceiving(kind));
    Ok(())
}

/// The Network Connection breaks before this packet of the Client reaches the Server.
#[given(expr = "the network cuts {word} off before its {word} reaches the Server")]
#[when(expr = "the network cuts {word} off before its {word} reaches the Server")]
async fn cut_before_sending(world: &mut World, name: String, packet: String) -> StepResult {
    let kind = packet_type(&packet)?;
    world.tester().plan_cut(&name, Cut::WhileSending(kind, 0));
    Ok(())
}

/// Of this packet of the Client only the first bytes reach the Server, at most all but one.
#[given(expr = "the network cuts {word} off after {int} bytes of its {word}")]
#[when(expr = "the network cuts {word} off after {int} bytes of its {word}")]
async fn cut_while_sending(world: &mut World, name: String, bytes: usize, packet: String) -> StepResult {
    let kind = packet_type(&packet)?;
    world.tester().plan_cut(&name, Cut::WhileSending(kind, bytes));
    Ok(())
}

/// This packet of the Client is the last that reaches the Server, which cannot answer it any more.
#[given(expr = "the network cuts {word} off after its {word}")]
#[when(expr = "the network cuts {word} off after its {word}")]
async fn cut_after_sending(world: &mut World, name: String, packet: String) -> StepResult {
    let kind = packet_type(&packet)?;
    world.tester().plan_cut(&name, Cut::AfterSending(kind));
    Ok(())
}

/// Waits until the cut that was announced has come about, and gives the Server the time to notice it.
#[given(expr = "{word} has been cut off")]
#[when(expr = "{word} has been cut off")]
async fn has_been_cut_off(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    let patience = tester.patience(&name);
    let waits = |t: &mut Tester| {
        (!t.cut_is_pending(&name) || t.client(&name).standing != Standing::Open).then_some(())
    };
    tester.wait(patience, waits).await;
    if tester.cut_is_pending(&name) {
        let text = format!("the packet at which the network was to cut {name} off did not come");
        return Err(Stop::inconclusive(text).into());
    }
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    Ok(())
}

/// After its return a Client sends again what is not complete: PUBLISH with DUP 1, or PUBREL; and waits for nothing.
#[when(expr = "{word} sends again what was unfinished")]
async fn sends_again(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    for packet in tester.unfinished(&name) {
        tester.send(&name, packet)?;
    }
    Ok(())
}

/// After its return a Client sends again what is not complete: PUBLISH with DUP 1, or PUBREL; and completes each exchange.
#[given(expr = "{word} has gone on with what was unfinished")]
#[when(expr = "{word} goes on with what was unfinished")]
async fn goes_on(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    if tester.client(&name).connack.as_ref().is_some_and(|c| !c.session_present) {
        return Err(
            Stop::inconclusive(format!("the Session of {name} is gone, and the promise with it")).into()
        );
    }
    for packet in tester.unfinished(&name) {
        let id = packet.packet_id();
        tester.send(&name, packet)?;
        if !tester.client(&name).answers {
            continue;
        }
        tester
            .expect(&name, "PUBACK or PUBCOMP", |a| {
                matches!(a.packet.packet_type(), PacketType::Puback | PacketType::Pubcomp)
                    && a.packet.packet_id() == id
            })
            .await?;
    }
    Ok(())
}

fn endure(tester: &mut Tester, name: Option<&str>, words: String, hardship: Hardship) -> Result<(), Stop> {
    let connection = match name {
        Some(name) => tester.client(name).connection,
        None => tester.transcript.connections.len().saturating_sub(1),
    };
    tester.testbed.apply(hardship).map_err(|error| {
        Stop::NotApplicable(format!("this Testbed cannot bring it about that {words}: {}", error.reason))
    })?;
    tester.note(connection, ObservationKind::Hardship(words));
    Ok(())
}

fn on_link(
    world: &mut World,
    name: &str,
    words: String,
    hardship: impl FnOnce(tester::testbed::LinkId) -> Hardship,
) -> Result<(), Stop> {
    let tester = world.tester();
    let Some(link) = tester.client(name).link else {
        return Err(Stop::inconclusive(format!("{name} has no Network Connection")));
    };
    endure(tester, Some(name), words, hardship(link))
}

/// What is sent in either direction waits.
#[given(expr = "the network holds back everything of {word}")]
#[when(expr = "the network holds back everything of {word}")]
async fn holds(world: &mut World, name: String) -> StepResult {
    Ok(on_link(world, &name, format!("the network holds back everything of {name}"), Hardship::Hold)?)
}

/// A partition in one direction.
#[given(expr = "nothing of the Server reaches {word}")]
#[when(expr = "nothing of the Server reaches {word}")]
async fn partition_from(world: &mut World, name: String) -> StepResult {
    Ok(on_link(world, &name, format!("nothing of the Server reaches {name}"), Hardship::PartitionFrom)?)
}

/// A partition in the other direction.
#[given(expr = "nothing of {word} reaches the Server")]
#[when(expr = "nothing of {word} reaches the Server")]
async fn partition_to(world: &mut World, name: String) -> StepResult {
    Ok(on_link(world, &name, format!("nothing of {name} reaches the Server"), Hardship::PartitionTo)?)
}

/// What waits goes on, in both directions.
#[when(expr = "the network lets everything of {word} through again")]
async fn releases(world: &mut World, name: String) -> StepResult {
    Ok(on_link(
        world,
        &name,
        format!("the network lets everything of {name} through again"),
        Hardship::Release,
    )?)
}

/// Nothing arrives any more in either direction, and nobody is told.
#[given(expr = "the Network Connection of {word} has gone silent")]
#[when(expr = "the Network Connection of {word} goes silent")]
async fn half_open(world: &mut World, name: String) -> StepResult {
    Ok(on_link(world, &name, format!("the Network Connection of {name} goes silent"), Hardship::HalfOpen)?)
}

/// For scenarios that rest on the Keep Alive of the CONNECT: a Server Keep Alive would count instead.
#[given(expr = "the Server takes the Keep Alive of {word}")]
async fn keep_alive_is_taken(world: &mut World, name: String) -> StepResult {
    let client = world.tester().client(&name);
    let own = client.connack.as_ref().and_then(|c| c.properties.server_keep_alive());
    let asked = client.connect.as_ref().map(|c| c.keep_alive);
    match own {
        Some(own) if Some(own) != asked => {
            Err(Stop::NotApplicable(format!("CONNACK sets a Server Keep Alive of {own} s instead")).into())
        }
        _ => Ok(()),
    }
}

/// The Client turns to a new Network Connection and leaves the silent one as it is.
#[when(expr = "{word} gives its silent Network Connection up")]
async fn gives_up(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    let client = tester.client(&name);
    client.link = None;
    client.standing = Standing::Away;
    Ok(())
}

/// Both ends see a reset.
#[given(expr = "the network has broken the Network Connection of {word}")]
#[when(expr = "the network breaks the Network Connection of {word}")]
async fn breaks(world: &mut World, name: String) -> StepResult {
    on_link(world, &name, format!("the network breaks the Network Connection of {name}"), Hardship::Reset)?;
    let tester = world.tester();
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    Ok(())
}

/// How long everything takes that is sent from now on; each segment its own time, but none overtakes another.
#[given(expr = "the network takes {float} to {float} seconds")]
async fn latency(world: &mut World, least: f64, most: f64) -> StepResult {
    let words = format!("the network takes {least} to {most} seconds");
    let range = Duration::from_secs_f64(least)..Duration::from_secs_f64(most);
    Ok(endure(world.tester(), None, words, Hardship::Latency(range))?)
}

/// Lost segments are sent again by TCP, after 200 ms, then after 400 ms, and so on: what MQTT sees is delay.
#[given(expr = "the network loses {int} percent of the segments")]
async fn loss(world: &mut World, percent: u8) -> StepResult {
    let words = format!("the network loses {percent} percent of the segments");
    Ok(endure(world.tester(), None, words, Hardship::Loss(f64::from(percent) / 100.0))?)
}

#[given(expr = "whoever reads gets at most {int} bytes at a time")]
async fn split(world: &mut World, bytes: usize) -> StepResult {
    let words = format!("whoever reads gets at most {bytes} bytes at a time");
    Ok(endure(world.tester(), None, words, Hardship::SplitReads(bytes))?)
}

/// The bytes of several packets together, and parts of packets.
#[given(expr = "whoever reads gets all at once")]
async fn merge(world: &mut World) -> StepResult {
    Ok(endure(world.tester(), None, "whoever reads gets all at once".to_owned(), Hardship::MergeReads)?)
}

/// 0 stands for not at all.
#[given(expr = "{word} reads {int} bytes per second")]
#[when(expr = "{word} reads {int} bytes per second")]
async fn slow_reader(world: &mut World, name: String, bytes: u64) -> StepResult {
    let words = format!("{name} reads {bytes} bytes per second");
    Ok(on_link(world, &name, words, |link| Hardship::SlowReader { link, bytes_per_second: bytes })?)
}

/// The process of the Client dies: its Network Connection breaks, and it has forgotten what it had begun.
#[given(expr = "{word} has crashed")]
#[when(expr = "{word} crashes")]
async fn client_crashes(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    let connection = tester.client(&name).connection;
    tester.note(connection, ObservationKind::Hardship(format!("{name} crashes")));
    tester.shut(&name, Shut::Reset);
    tester.forget(&name);
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    Ok(())
}

/// The process of the Server dies; its system closes the Network Connections.
#[given(expr = "the Server has crashed")]
#[when(expr = "the Server crashes")]
async fn server_crashes(world: &mut World) -> StepResult {
    down(world, "the Server crashes", Hardship::CrashServer(SERVER.to_owned())).await
}

/// On request, as for maintenance.
#[given(expr = "the Server has stopped")]
#[when(expr = "the Server stops")]
async fn server_stops(world: &mut World) -> StepResult {
    down(world, "the Server stops", Hardship::StopServer(SERVER.to_owned())).await
}

/// The machine of the Server dies: its Clients are not told.
#[given(expr = "the Server has lost power")]
#[when(expr = "the Server loses power")]
async fn server_loses_power(world: &mut World) -> StepResult {
    down(world, "the Server loses power", Hardship::PowerLoss(SERVER.to_owned())).await
}

async fn down(world: &mut World, words: &str, hardship: Hardship) -> StepResult {
    let tester = world.tester();
    endure(tester, None, words.to_owned(), hardship)?;
    // The Clients see it, or give their Network Connections up.
    let names: Vec<String> = tester.clients().map(|c| c.name.clone()).collect();
    tester.pass(Duration::from_millis(50)).await;
    for name in names {
        let client = tester.client(&name);
        if client.standing == Standing::Open {
            tester.shut(&name, Shut::Reset);
        }
    }
    Ok(())
}

/// And serves again.
#[given(expr = "the Server has started again")]
#[when(expr = "the Server starts again")]
async fn server_starts(world: &mut World) -> StepResult {
    let tester = world.tester();
    endure(tester, None, "the Server starts again".to_owned(), Hardship::RestartServer(SERVER.to_owned()))?;
    let patience = match tester.testbed.kind() {
        Kind::Live => Duration::from_secs(20),
        Kind::Virtual | Kind::Simulated => Duration::from_secs(2),
    };
    let until = tester.testbed.now() + patience;
    loop {
        match tester.is_alive().await {
            Ok(_) => return Ok(()),
            Err(stop) if tester.testbed.now() >= until => return Err(stop.into()),
            Err(_) => tester.pass(Duration::from_millis(20)).await,
        }
    }
}
