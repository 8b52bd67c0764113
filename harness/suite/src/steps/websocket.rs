//! WebSocket (chapter 6 of both standards): the handshake, and packets in frames of every kind. The other sentences use a WebSocket by themselves where the
//! Server is reached by one.

use crate::world::World;
use cucumber::{given, then, when};
use protocol::{Connect, Packet, Publish};
use tester::Standing;
use tester::stop::{StepResult, Stop};
use tester::testbed::Resource;
use tester::websocket::Framing;

/// The resource that is asked for, or an error of the suite if the scenario has no WebSocket.
fn resource(world: &mut World) -> Result<Resource, Stop> {
    let found = world.tester().testbed.resource().cloned();
    found.ok_or_else(|| Stop::Error("the scenario needs @server:websocket".to_owned()))
}

/// Opens a WebSocket connection that offers the subprotocol `mqtt`.
#[given(expr = "{word} has opened a WebSocket connection")]
#[when(expr = "{word} opens a WebSocket connection")]
async fn opens(world: &mut World, name: String) -> StepResult {
    resource(world)?;
    Ok(world.tester().open(&name).await?)
}

/// Offers these subprotocols, as they stand in the request.
#[when(expr = "{word} opens a WebSocket connection that offers {string}")]
async fn opens_with_offer(world: &mut World, name: String, offer: String) -> StepResult {
    resource(world)?;
    world.tester().client(&name).offer = Some(offer);
    Ok(world.tester().open(&name).await?)
}

/// Offers none, which a Client must not do; the Server may answer as it likes.
#[when(expr = "{word} asks for a WebSocket connection without a subprotocol")]
async fn asks_without_subprotocol(world: &mut World, name: String) -> StepResult {
    resource(world)?;
    let tester = world.tester();
    tester.client(&name).offer = None;
    match tester.open(&name).await {
        // A refusal, or an end, is an answer too.
        Err(stop) if !matches!(tester.client(&name).standing, Standing::Failed(_)) => Err(stop.into()),
        _ => Ok(()),
    }
}

/// In the answer to the handshake, and no other.
#[then(expr = "the Server names the subprotocol {string} to {word}")]
async fn names(world: &mut World, subprotocol: String, name: String) -> StepResult {
    let tester = world.tester();
    let answer = tester.client(&name).channel.as_ref().and_then(|c| c.answer.clone());
    let Some(answer) = answer else {
        return Err(Stop::inconclusive(format!("{name} got no answer to its handshake")).into());
    };
    if answer.subprotocols != [subprotocol.clone()] {
        let named = match answer.subprotocols.is_empty() {
            true => "none".to_owned(),
            false => format!("\"{}\"", answer.subprotocols.join(", ")),
        };
        let expected = format!("the subprotocol \"{subprotocol}\" in the answer to the handshake");
        return Err(Stop::seen(expected, named, Some(answer.observation)).into());
    }
    Ok(())
}

/// It may refuse, or name none; which is recorded.
#[then(expr = "the Server names no subprotocol but {string} to {word}")]
async fn names_no_other(world: &mut World, subprotocol: String, name: String) -> StepResult {
    let tester = world.tester();
    // A Server that does not answer at all is none to judge.
    tester.is_alive().await?;
    let answer = tester.client(&name).channel.as_ref().and_then(|c| c.answer.clone());
    let chosen = match answer {
        None => "ends the connection without an answer".to_owned(),
        Some(answer) if answer.status != 101 => format!("refuses with {}", answer.status),
        Some(answer) if answer.subprotocols.is_empty() => "accepts and names none".to_owned(),
        Some(answer) if answer.subprotocols.iter().all(|named| *named == subprotocol) => {
            format!("accepts and names \"{subprotocol}\"")
        }
        Some(answer) => {
            let expected = format!("no subprotocol but \"{subprotocol}\" in the answer to the handshake");
            let actual = format!("\"{}\"", answer.subprotocols.join(", "));
            return Err(Stop::seen(expected, actual, Some(answer.observation)).into());
        }
    };
    tester.choose("a handshake without a subprotocol", chosen);
    Ok(())
}

/// From now on the Client sends binary frames of at most so many bytes, each a message of its own.
#[given(expr = "{word} sends frames of {int} byte(s)")]
async fn frames_of(world: &mut World, name: String, length: usize) -> StepResult {
    resource(world)?;
    world.tester().client(&name).framing = Framing::Frames(length);
    Ok(())
}

/// The same, with a Ping frame after each.
#[given(expr = "{word} sends frames of {int} byte(s) and a Ping frame after each")]
async fn frames_and_pings(world: &mut World, name: String, length: usize) -> StepResult {
    resource(world)?;
    world.tester().client(&name).framing = Framing::FramesAndPings(length);
    Ok(())
}

/// From now on the Client sends each packet as one message, in fragments of so many bytes.
#[given(expr = "{word} sends fragments of {int} byte(s)")]
async fn fragments_of(world: &mut World, name: String, length: usize) -> StepResult {
    resource(world)?;
    world.tester().client(&name).framing = Framing::Fragments(length);
    Ok(())
}

/// From now on the packets of the Client are kept, to be sent together.
#[given(expr = "{word} keeps its packets")]
#[when(expr = "{word} keeps its packets")]
async fn keeps(world: &mut World, name: String) -> StepResult {
    resource(world)?;
    world.tester().client(&name).framing = Framing::Kept(bytes::BytesMut::new());
    Ok(())
}

/// Sends what was kept.
#[when(expr = "{word} sends the kept packets in one frame")]
async fn sends_kept(world: &mut World, name: String) -> StepResult {
    Ok(send_kept(world, &name, &Framing::Plain)?)
}

/// Sends what was kept, so that frames begin and end inside of packets.
#[when(expr = "{word} sends the kept packets in frames of {int} byte(s)")]
async fn sends_kept_in_frames(world: &mut World, name: String, length: usize) -> StepResult {
    Ok(send_kept(world, &name, &Framing::Frames(length))?)
}

fn send_kept(world: &mut World, name: &str, framing: &Framing) -> Result<(), Stop> {
    let tester = world.tester();
    match std::mem::take(&mut tester.client(name).framing) {
        Framing::Kept(bytes) if !bytes.is_empty() => {
            tester.put_framed(name, bytes.freeze(), framing);
            Ok(())
        }
        _ => Err(Stop::Error(format!("{name} has kept no packets"))),
    }
}

/// A packet that is right, in a frame that is not. A CONNECT opens a WebSocket connection first.
#[when(regex = r"^(\w+) sends (CONNECT|PUBLISH|PINGREQ) in a text frame$")]
async fn sends_in_text_frame(world: &mut World, name: String, kind: String) -> StepResult {
    resource(world)?;
    let tester = world.tester();
    let packet = match kind.as_str() {
        "CONNECT" => {
            tester.open(&name).await?;
            let id = tester.client(&name).client_id.clone();
            let mut connect = Connect::new(tester.version, id);
            tester.introduce(&mut connect);
            Packet::Connect(Box::new(connect))
        }
        "PUBLISH" => Packet::Publish(Publish::new(tester.namespace.topic("text"), &b"text"[..])),
        _ => Packet::Pingreq,
    };
    Ok(tester.send_in_text_frame(&name, packet)?)
}

/// Of all data frames that the Client got on its present Network Connection.
#[then(expr = "all data frames to {word} are binary")]
async fn all_binary(world: &mut World, name: String) -> StepResult {
    let tester = world.tester();
    let connection = tester.client(&name).connection;
    match tester.transcript.connections.get(connection).and_then(|c| c.text_frames.first()) {
        None => Ok(()),
        Some(text) => Err(Stop::seen("binary frames only", "a text frame", Some(*text)).into()),
    }
}
