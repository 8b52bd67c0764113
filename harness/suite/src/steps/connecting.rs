//! Opening and closing Network Connections, CONNECT and DISCONNECT (sections 3.1, 3.2, 3.14), and the Session (4.1).

use super::fields::{self, rows};
use crate::world::World;
use cucumber::{given, then, when};
use gherkin::Step;
use protocol::{Auth, Connect, Disconnect, Packet, Properties, Property, ReasonCode, Time, Version};
use std::time::Duration;
use tester::stop::{Expected, StepResult, Stop};
use tester::testbed::Shut;
use tester::{ObservationKind, Standing};

/// How long a Session is kept where a scenario only says that it is: longer than any scenario lasts.
const KEPT: u32 = 300;

/// Opens a Network Connection and sends CONNECT, without waiting for an answer.
async fn send_connect(
    world: &mut World,
    name: &str,
    rows: &[(String, String)],
    keep: Option<bool>,
) -> Result<(), Stop> {
    let tester = world.tester();
    if tester.client(name).link.is_none()
        || tester.client(name).standing != Standing::Open
        || tester.client(name).connect_pending_or_done()
    {
        tester.open(name).await?;
    }
    let version = tester.version;
    let mut connect = Connect::new(version, tester.client(name).client_id.clone());
    connect.clean_start = keep.is_none();
    if keep == Some(true) && version == Version::V500 {
        connect.properties.push(Property::SessionExpiryInterval(KEPT));
    }
    fields::connect(&mut connect, rows, &tester.namespace)?;
    if !connect.client_id.is_empty() {
        tester.client(name).client_id = connect.client_id.to_string();
    }
    tester.send(name, Packet::Connect(Box::new(connect)))
}

async fn be_connected(
    world: &mut World,
    name: &str,
    rows: &[(String, String)],
    keep: Option<bool>,
) -> Result<(), Stop> {
    send_connect(world, name, rows, keep).await?;
    let tester = world.tester();
    let arrival = tester.expect(name, "CONNACK", |a| matches!(a.packet, Packet::Connack(_))).await?;
    let Packet::Connack(connack) = &arrival.packet else { return Ok(()) };
    if connack.reason.0 != 0 {
        return Err(Stop::seen(
            "CONNACK 0x00",
            format!("CONNACK {}", connack.code()),
            Some(arrival.observation),
        ));
    }
    Ok(())
}

#[given(expr = "{word} is connected")]
#[when(expr = "{word} connects")]
async fn connected(world: &mut World, name: String) -> StepResult {
    Ok(be_connected(world, &name, &[], None).await?)
}

#[given(expr = "{word} is connected with:")]
#[when(expr = "{word} connects with:")]
async fn connected_with(world: &mut World, name: String, step: &Step) -> StepResult {
    Ok(be_connected(world, &name, &rows(step), None).await?)
}

/// Clean Session 0; in 5.0 Clean Start 0 with a Session Expiry Interval of 300 seconds.
#[given(expr = "{word} is connected and its Session is kept")]
#[when(expr = "{word} returns to its Session")]
async fn connected_kept(world: &mut World, name: String) -> StepResult {
    Ok(be_connected(world, &name, &[], Some(true)).await?)
}

/// As above, and more fields of the CONNECT.
#[given(expr = "{word} is connected and its Session is kept, with:")]
#[when(expr = "{word} returns to its Session with:")]
async fn connected_kept_with(world: &mut World, name: String, step: &Step) -> StepResult {
    Ok(be_connected(world, &name, &rows(step), Some(true)).await?)
}

#[given(expr = "{word} uses the Client Identifier of {word}")]
async fn same_client_identifier(world: &mut World, name: String, other: String) -> StepResult {
    let id = world.tester().client(&other).client_id.clone();
    world.tester().client(&name).client_id = id;
    Ok(())
}

#[given(expr = "{word} has opened a Network Connection")]
#[when(expr = "{word} opens a Network Connection")]
async fn opens(world: &mut World, name: String) -> StepResult {
    Ok(world.tester().open(&name).await?)
}

/// Sends CONNECT (on a new Network Connection if there is none without one) and does not wait for an answer.
#[when(expr = "{word} sends CONNECT")]
async fn sends_connect(world: &mut World, name: String) -> StepResult {
    Ok(send_connect(world, &name, &[], None).await?)
}

#[when(expr = "{word} sends CONNECT with:")]
async fn sends_connect_with(world: &mut World, name: String, step: &Step) -> StepResult {
    Ok(send_connect(world, &name, &rows(step), None).await?)
}

/// Sends a second CONNECT on the Network Connection that is open already.
#[when(expr = "{word} sends CONNECT again")]
async fn sends_connect_again(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    let Some(connect) = tester.client(&name).connect.clone() else {
        return Err(Stop::Error(format!("{name} has sent no CONNECT before")).into());
    };
    Ok(tester.send(&name, Packet::Connect(Box::new(connect)))?)
}

#[given(expr = "{word} has disconnected")]
#[when(expr = "{word} disconnects")]
async fn disconnects(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    tester.send(&name, Packet::Disconnect(Disconnect::new(ReasonCode::SUCCESS)))?;
    leave(world, &name).await;
    Ok(())
}

#[given(expr = "{word} has disconnected with:")]
#[when(expr = "{word} disconnects with:")]
async fn disconnects_with(world: &mut World, name: String, step: &Step) -> StepResult {
    let packet = disconnect(world, &rows(step))?;
    world.tester().send(&name, Packet::Disconnect(packet))?;
    leave(world, &name).await;
    Ok(())
}

/// Sends DISCONNECT, right or wrong, and keeps its own side open.
#[when(expr = "{word} sends DISCONNECT with:")]
async fn sends_disconnect_with(world: &mut World, name: String, step: &Step) -> StepResult {
    let packet = disconnect(world, &rows(step))?;
    Ok(world.tester().send(&name, Packet::Disconnect(packet))?)
}

fn disconnect(world: &mut World, rows: &[(String, String)]) -> Result<Disconnect, Stop> {
    let namespace = &world.tester().namespace;
    let mut packet = Disconnect::new(ReasonCode::SUCCESS);
    for (field, value) in rows {
        if field == "Reason Code" {
            packet.reason = ReasonCode(u8::try_from(fields::number(field, value)?).unwrap_or(0xFF));
        } else if let Some(property) = fields::property(field, value, namespace)? {
            packet.properties.push(property);
        } else {
            return Err(Stop::Error(format!("{field} is no field of DISCONNECT")));
        }
    }
    Ok(packet)
}

#[when(expr = "{word} sends AUTH with:")]
async fn sends_auth_with(world: &mut World, name: String, step: &Step) -> StepResult {
    let tester = world.tester();
    let mut packet = Auth { reason: ReasonCode::SUCCESS, properties: Properties::new() };
    for (field, value) in rows(step) {
        if field == "Reason Code" {
            packet.reason = ReasonCode(u8::try_from(fields::number(&field, &value)?).unwrap_or(0xFF));
        } else if let Some(property) = fields::property(&field, &value, &tester.namespace)? {
            packet.properties.push(property);
        } else {
            return Err(Stop::Error(format!("{field} is no field of AUTH")).into());
        }
    }
    Ok(tester.send(&name, Packet::Auth(packet))?)
}

/// Sends DISCONNECT and keeps its own side open.
#[when(expr = "{word} sends DISCONNECT")]
async fn sends_disconnect(world: &mut World, name: String) -> StepResult {
    Ok(world.tester().send(&name, Packet::Disconnect(Disconnect::new(ReasonCode::SUCCESS)))?)
}

/// Gives the Server the time to see the end before the scenario goes on: half-close, then wait for its FIN, but not for ever.
async fn leave(world: &mut World, name: &str) {
    let tester = world.tester();
    tester.shut(name, Shut::HalfClose);
    let patience = tester.settling(name) * 4;
    tester
        .wait(patience, |t| match t.client(name).standing {
            Standing::Open => None,
            _ => Some(()),
        })
        .await;
    tester.shut(name, Shut::Close);
}

/// Ends the Network Connection without DISCONNECT.
#[given(expr = "{word} has lost its Network Connection")]
#[when(expr = "{word} loses its Network Connection")]
async fn loses(world: &mut World, name: String) -> StepResult {
    leave(world, &name).await;
    Ok(())
}

#[when(expr = "{word} resets its Network Connection")]
async fn resets(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    tester.shut(&name, Shut::Reset);
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    Ok(())
}

#[then(expr = "the Session of {word} is present")]
async fn session_is_present(world: &mut World, name: String) -> StepResult {
    Ok(session_present(world, &name, true)?)
}

#[then(expr = "the Session of {word} is not present")]
async fn session_is_not_present(world: &mut World, name: String) -> StepResult {
    Ok(session_present(world, &name, false)?)
}

fn session_present(world: &mut World, name: &str, wanted: bool) -> Result<(), Stop> {
    let tester = world.tester();
    let client = tester.client(name);
    let connection = client.connection;
    let Some(connack) = client.connack.clone() else {
        return Err(Stop::Error(format!("{name} has no CONNACK")));
    };
    let seen = tester
        .transcript
        .packets(connection)
        .find(|(_, of_subject, p)| *of_subject && matches!(p, Packet::Connack(_)));
    let observation = seen.map(|(index, _, _)| index);
    if connack.session_present == wanted {
        return Ok(());
    }
    Err(Stop::seen(
        format!("CONNACK with Session Present {}", u8::from(wanted)),
        format!("Session Present {}", u8::from(connack.session_present)),
        observation,
    ))
}

/// The Server closes, whatever it sends before. A DISCONNECT or CONNACK that comes first is recorded as its choice.
#[given(expr = "the Server has closed the Network Connection of {word}")]
#[when(expr = "the Server has closed the Network Connection of {word}")]
#[then(expr = "the Server closes the Network Connection of {word}")]
async fn server_closes(world: &mut World, name: String) -> StepResult {
    let patience = world.tester().patience(&name);
    closes(world, &name, patience).await?;
    Ok(())
}

/// The Server closes when this time since the Client's last packet is over, at the latest some seconds later. An earlier close is recorded.
#[then(expr = "the Server closes the Network Connection of {word}, due after {float} seconds")]
async fn server_closes_after(world: &mut World, name: String, seconds: f64) -> StepResult {
    let least = Duration::from_secs_f64(seconds);
    let own = world.tester().client(&name).connack.as_ref().and_then(|c| c.properties.server_keep_alive());
    let asked = world.tester().client(&name).connect.as_ref().map(|c| c.keep_alive);
    if let Some(own) = own
        && Some(own) != asked
        && Duration::from_millis(u64::from(own) * 1500) != least
    {
        let text =
            format!("CONNACK sets a Server Keep Alive of {own} s, which counts instead of the Client's");
        return Err(Stop::NotApplicable(text).into());
    }
    let connection = world.tester().client(&name).connection;
    let last = world.tester().transcript.observations.iter().rev().find_map(|o| match o.kind {
        tester::ObservationKind::Sent { .. } if o.connection == connection => Some(o.at),
        _ => None,
    });
    // The standard sets no upper limit; Servers are known that look at their Clients every five seconds only.
    let patience = world.tester().patience(&name) + least * 2 + Duration::from_secs(10);
    let (at, _) = closes(world, &name, patience).await?;
    let lasted = at.saturating_sub(last.unwrap_or_default());
    // Nothing forbids a Server to close earlier; only that it closes at all is demanded.
    if lasted + Duration::from_millis(20) < least {
        let when =
            format!("{:.1} s after the last packet, before {seconds} s were over", lasted.as_secs_f64());
        world.tester().choose("when the Server closes a silent Network Connection", when);
    }
    Ok(())
}

async fn closes(
    world: &mut World,
    name: &str,
    patience: Duration,
) -> Result<(protocol::Time, Option<usize>), Stop> {
    let tester = world.tester();
    tester.expect_end(name, patience).await?;
    tester.garbage(name)?;
    let client = tester.client(name);
    let said: Vec<String> = client
        .inbox
        .iter()
        .filter_map(|a| match &a.packet {
            Packet::Connack(p) => Some(format!("CONNACK {}", p.code())),
            Packet::Disconnect(p) => Some(format!("DISCONNECT {}", p.reason)),
            _ => None,
        })
        .collect();
    let how = match client.standing {
        Standing::Ended { reset: true } => "a reset",
        _ => "a close",
    };
    let connection = client.connection;
    let choice = if said.is_empty() {
        format!("{how} without a word")
    } else {
        format!("{}, then {how}", said.join(", "))
    };
    tester.choose("how the Server ends the Network Connection", choice);
    let end = tester.transcript.observations.iter().enumerate().rev().find(|(_, o)| {
        o.connection == connection
            && matches!(o.kind, tester::ObservationKind::EndOfStream { .. } | tester::ObservationKind::Reset)
    });
    Ok(end.map_or((tester.testbed.now(), None), |(index, o)| (o.at, Some(index))))
}

/// The CONNECT is not accepted: at most one CONNACK that refuses, then a close.
#[given(expr = "the Server has refused the CONNECT of {word}")]
#[when(expr = "the Server has refused the CONNECT of {word}")]
#[then(expr = "the Server refuses the CONNECT of {word}")]
async fn refuses(world: &mut World, name: String) -> StepResult {
    let patience = world.tester().patience(&name);
    let outcome = closes(world, &name, patience).await;
    let tester = world.tester();
    let accepted = tester.client(&name).inbox.iter().find_map(|a| match &a.packet {
        Packet::Connack(p) if p.reason.0 == 0 => Some(a.observation),
        _ => None,
    });
    if let Some(observation) = accepted {
        return Err(Stop::seen("the CONNECT is refused", "CONNACK 0x00", Some(observation)).into());
    }
    outcome?;
    Ok(())
}

/// At most one CONNACK comes, in either form and with the code for a version that is not supported, then a close.
#[then(expr = "the Server refuses the Protocol Version of {word}")]
async fn refuses_version(world: &mut World, name: String) -> StepResult {
    let patience = world.tester().patience(&name);
    let outcome = closes(world, &name, patience).await;
    let tester = world.tester();
    let connacks: Vec<(usize, ReasonCode)> = tester
        .client(&name)
        .inbox
        .iter()
        .filter_map(|a| match &a.packet {
            Packet::Connack(p) => Some((a.observation, p.reason)),
            _ => None,
        })
        .collect();
    let wanted = "at most one CONNACK, 0x84 or in 3.1.1 form 0x01";
    match connacks[..] {
        [] | [(_, ReasonCode(0x84 | 0x01))] => {}
        [(observation, reason), ..] => {
            let actual = format!("{} CONNACK, the first with {reason}", connacks.len());
            return Err(Stop::seen(wanted, actual, Some(observation)).into());
        }
    }
    outcome?;
    Ok(())
}

/// The Server closes and sends no CONNACK at all before.
#[then(expr = "the Server closes the Network Connection of {word} without CONNACK")]
async fn closes_without_connack(world: &mut World, name: String) -> StepResult {
    let patience = world.tester().patience(&name);
    let outcome = closes(world, &name, patience).await;
    let tester = world.tester();
    let found = tester.client(&name).inbox.iter().find_map(|a| match &a.packet {
        Packet::Connack(p) => Some((a.observation, p.code())),
        _ => None,
    });
    if let Some((observation, code)) = found {
        return Err(
            Stop::seen("a close without CONNACK", format!("CONNACK {code}"), Some(observation)).into()
        );
    }
    outcome?;
    Ok(())
}

/// For scenarios whose times are short: the Server, or the network to it, has to be quick.
#[given(expr = "the Server answers {word} within {float} seconds")]
async fn answers_within(world: &mut World, name: String, seconds: f64) -> StepResult {
    match world.tester().client(&name).round_trip {
        Some(round_trip) if round_trip.as_secs_f64() <= seconds => Ok(()),
        Some(round_trip) => Err(Stop::NotApplicable(format!(
            "the Server takes {:.1} s to answer, and the times of this scenario are shorter",
            round_trip.as_secs_f64()
        ))
        .into()),
        None => Err(Stop::Error(format!("{name} has no CONNACK")).into()),
    }
}

/// From the last that was seen of its earlier Network Connection to the last of its present one. A network or a Server that takes longer proves nothing.
#[when(expr = "{word} was away for less than {float} seconds")]
async fn was_away(world: &mut World, name: String, seconds: f64) -> StepResult {
    let tester = world.tester();
    let present = tester.client(&name).connection;
    let transcript = &tester.transcript;
    let last = |is_present: bool| {
        let own = transcript.observations.iter().filter(|o| {
            transcript.connections[o.connection].client == name && (o.connection == present) == is_present
        });
        own.map(|o| o.at).max().unwrap_or_default()
    };
    let away = last(true).saturating_sub(last(false)).as_secs_f64();
    if away < seconds {
        return Ok(());
    }
    Err(Stop::inconclusive(format!("{name} was away for {away:.1} s, which is too long for this scenario"))
        .into())
}

#[then(expr = "the Network Connection of {word} stays open")]
async fn stays_open(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    let settling = tester.settling(&name);
    tester.pass(settling).await;
    tester.garbage(&name)?;
    if tester.client(&name).standing != Standing::Open {
        tester.is_alive().await?;
        let client = tester.client(&name);
        let keep_alive = client.connect.as_ref().map_or(0, |c| c.keep_alive);
        let limit = Duration::from_secs(u64::from(keep_alive));
        if keep_alive > 0 && client.round_trip.is_some_and(|round_trip| round_trip >= limit) {
            let text = format!("a round trip takes longer than the Keep Alive of {keep_alive} s");
            return Err(Stop::inconclusive(text).into());
        }
        // A Client that is silent for its whole Keep Alive has broken its own promise (3.1.2.10); from then on nothing forbids the Server to close.
        let connection = client.connection;
        let last = |wanted: fn(&ObservationKind) -> bool| {
            let observations = tester.transcript.observations.iter().enumerate().rev();
            observations
                .filter(|(_, o)| o.connection == connection)
                .find(|(_, o)| wanted(&o.kind))
                .map(|(index, o)| (index, o.at))
        };
        let sent = last(|kind| matches!(kind, ObservationKind::Sent { .. })).map_or(Time::ZERO, |(_, at)| at);
        let ended = last(|kind| matches!(kind, ObservationKind::EndOfStream { .. } | ObservationKind::Reset));
        let ended_at = ended.map(|(index, _)| index);
        if keep_alive > 0 && ended.is_some_and(|(_, ended)| ended.saturating_sub(sent) >= limit) {
            let text = format!("the Client was silent for longer than its Keep Alive of {keep_alive} s");
            return Err(Stop::inconclusive(text).into());
        }
        return Err(Stop::seen(Expected::open(), "the Server has ended it", ended_at).into());
    }
    tester.send(&name, Packet::Pingreq)?;
    tester.expect(&name, "PINGRESP", |a| matches!(a.packet, Packet::Pingresp)).await?;
    Ok(())
}
