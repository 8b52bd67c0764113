//! Enhanced authentication by SCRAM-SHA-256, before CONNACK and again after it (sections 3.15 and 4.12 of 5.0).
//!
//! Each sentence that answers waits for the AUTH of the Server that it answers: a Server that sends none leaves the scenario inconclusive, and whether it
//! should have is for a *Then*.

use super::fields::{self, rows};
use crate::world::World;
use bytes::{Bytes, BytesMut};
use cucumber::{given, when};
use gherkin::Step;
use protocol::{Auth, Connect, Packet, Properties, Property, PropertyId, ReasonCode, Version, encode};
use tester::ObservationKind;
use tester::scram::{Exchange, METHOD};
use tester::stop::{Expected, StepResult, Stop};

/// The method and these Authentication Data.
fn properties(data: String) -> Properties {
    Properties::new()
        .with(Property::AuthenticationMethod(METHOD.into()))
        .with(Property::AuthenticationData(Bytes::from(data)))
}

/// A new exchange of this Client; its first message.
fn begin(world: &mut World, name: &str, user: &str, password: &str) -> String {
    // Not random, so that a run can be repeated; but another one for each exchange in this namespace, which is what the nonce is for here.
    let earlier = world.tester().transcript.observations.len();
    let nonce = format!("{}x{earlier}", world.tester().namespace.client_id(name));
    let exchange = Exchange::new(user, password, &nonce);
    let first = exchange.first();
    world.authentications.insert(name.to_owned(), exchange);
    first
}

async fn begin_connecting(
    world: &mut World,
    name: &str,
    user: &str,
    password: &str,
    rows: &[(String, String)],
) -> Result<(), Stop> {
    let first = begin(world, name, user, password);
    let tester = world.tester();
    tester.open(name).await?;
    let mut connect = Connect::new(Version::V500, tester.client(name).client_id.clone());
    connect.properties = properties(first);
    fields::connect(&mut connect, rows, &tester.namespace)?;
    tester.send(name, Packet::Connect(Box::new(connect)))
}

fn begin_again(world: &mut World, name: &str, user: &str, password: &str) -> Result<(), Stop> {
    let first = begin(world, name, user, password);
    let auth = Auth { reason: ReasonCode::RE_AUTHENTICATE, properties: properties(first) };
    world.tester().send(name, Packet::Auth(auth))
}

/// The Authentication Data of the AUTH that came since the Client spoke last. It stays where other sentences see it, if they have not taken it already.
async fn challenge(world: &mut World, name: &str) -> Result<Bytes, Stop> {
    let tester = world.tester();
    let connection = tester.client(name).connection;
    let patience = tester.patience(name);
    let spoke = tester.transcript.observations.iter().rposition(|o| {
        // What other packets the Client sends meanwhile does not matter.
        o.connection == connection
            && matches!(
                &o.kind,
                ObservationKind::Sent { packet: Some(Packet::Auth(_) | Packet::Connect(_)), .. }
            )
    });
    let found = tester
        .wait(patience, |t| {
            let packets = t.transcript.packets(connection);
            let found = packets
                .filter(|(index, of_subject, _)| *of_subject && Some(*index) > spoke)
                .find_map(|(_, _, packet)| match packet {
                    Packet::Auth(auth) => {
                        Some(Some(auth.properties.authentication_data().unwrap_or_default()))
                    }
                    _ => None,
                });
            let open = matches!(t.client(name).standing, tester::Standing::Open | tester::Standing::Opening);
            found.or((!open).then_some(None))
        })
        .await
        .flatten();
    found.ok_or_else(|| Stop::missing(Expected::packet("AUTH with the Server's challenge"), "no AUTH comes"))
}

/// The AUTH that answers the challenge, right or with a wrong proof.
async fn answer(world: &mut World, name: &str, right: bool) -> Result<Auth, Stop> {
    let challenge = challenge(world, name).await?;
    let Some(exchange) = world.authentications.get_mut(name) else {
        return Err(Stop::Error(format!("{name} has begun no enhanced authentication")));
    };
    let data = if right { exchange.answer(&challenge) } else { exchange.answer_wrongly(&challenge) };
    let data = data.map_err(|why| {
        Stop::inconclusive(format!("the Server's Authentication Data is no server-first-message: {why}"))
    })?;
    Ok(Auth { reason: ReasonCode::CONTINUE_AUTHENTICATION, properties: properties(data) })
}

/// Waits for the packet that says that the authentication has succeeded, and checks that the Server has the password too.
async fn succeed(world: &mut World, name: &str, what: &str) -> Result<(), Stop> {
    let auth = answer(world, name, true).await?;
    let tester = world.tester();
    tester.client(name).inbox.retain(|a| !matches!(a.packet, Packet::Auth(_)));
    tester.send(name, Packet::Auth(auth))?;
    let arrival =
        tester.expect(name, what, |a| matches!(a.packet, Packet::Connack(_) | Packet::Auth(_))).await?;
    let (kind, reason) = match &arrival.packet {
        Packet::Connack(p) => ("CONNACK", p.reason),
        Packet::Auth(p) => ("AUTH", p.reason),
        _ => return Err(Stop::Error("an expected packet is neither CONNACK nor AUTH".to_owned())),
    };
    if kind != what || reason.0 != 0 {
        let actual = format!("{kind} {reason}");
        return Err(Stop::seen(format!("{what} 0x00"), actual, Some(arrival.observation)));
    }
    let last = arrival.packet.properties().and_then(Properties::authentication_data).unwrap_or_default();
    if !world.authentications.get(name).is_some_and(|exchange| exchange.trusts(&last)) {
        return Err(Stop::inconclusive(format!(
            "the Server does not prove to {name} that it knows the password"
        )));
    }
    Ok(())
}

/// The whole of it: CONNECT, the challenge and its answer, CONNACK. The user name and the password have to be ASCII.
#[given(expr = "{word} is connected by SCRAM-SHA-256 as {string} with the password {string}")]
async fn connected(world: &mut World, name: String, user: String, password: String) -> StepResult {
    begin_connecting(world, &name, &user, &password, &[]).await?;
    Ok(succeed(world, &name, "CONNACK").await?)
}

#[given(expr = "{word} is connected by SCRAM-SHA-256 as {string} with the password {string} and with:")]
async fn connected_with(
    world: &mut World,
    name: String,
    user: String,
    password: String,
    step: &Step,
) -> StepResult {
    begin_connecting(world, &name, &user, &password, &rows(step)).await?;
    Ok(succeed(world, &name, "CONNACK").await?)
}

/// The whole of it once more on the same Network Connection: AUTH 0x19, the challenge and its answer, AUTH 0x00.
#[given(expr = "{word} has re-authenticated as {string} with the password {string}")]
async fn reauthenticated(world: &mut World, name: String, user: String, password: String) -> StepResult {
    begin_again(world, &name, &user, &password)?;
    Ok(succeed(world, &name, "AUTH").await?)
}

/// Sends CONNECT with the method and the first message, and does not wait for an answer.
#[when(expr = "{word} begins SCRAM-SHA-256 as {string} with the password {string}")]
async fn begins(world: &mut World, name: String, user: String, password: String) -> StepResult {
    Ok(begin_connecting(world, &name, &user, &password, &[]).await?)
}

#[when(expr = "{word} begins SCRAM-SHA-256 as {string} with the password {string} and with:")]
async fn begins_with(
    world: &mut World,
    name: String,
    user: String,
    password: String,
    step: &Step,
) -> StepResult {
    Ok(begin_connecting(world, &name, &user, &password, &rows(step)).await?)
}

/// Sends AUTH 0x19 with the method and the first message, and does not wait for an answer.
#[when(expr = "{word} begins to re-authenticate as {string} with the password {string}")]
async fn begins_again(world: &mut World, name: String, user: String, password: String) -> StepResult {
    Ok(begin_again(world, &name, &user, &password)?)
}

/// Waits for the Server's AUTH and sends AUTH 0x18 with the proof of the password.
#[when(expr = "{word} answers the challenge")]
async fn answers(world: &mut World, name: String) -> StepResult {
    let auth = answer(world, &name, true).await?;
    Ok(world.tester().send(&name, Packet::Auth(auth))?)
}

/// As above, with a proof in which one bit is wrong.
#[when(expr = "{word} answers the challenge with a wrong proof")]
async fn answers_wrongly(world: &mut World, name: String) -> StepResult {
    let auth = answer(world, &name, false).await?;
    Ok(world.tester().send(&name, Packet::Auth(auth))?)
}

/// The AUTH with the right proof, but for the fields of the table. A Property may be `left out`; `Flags` are the lower four bits of the first byte.
#[when(expr = "{word} answers the challenge by an AUTH in which:")]
async fn answers_otherwise(world: &mut World, name: String, step: &Step) -> StepResult {
    let mut auth = answer(world, &name, true).await?;
    let mut flags = 0;
    let mut said = Vec::new();
    for (field, value) in rows(step) {
        said.push(format!("{field} {value}"));
        let id = PropertyId::ALL.iter().copied().find(|id| id.name() == field);
        match (field.as_str(), value.as_str(), id) {
            ("Flags", value, _) => {
                flags = u8::try_from(fields::number(&field, value)?).unwrap_or(0x0F) & 0x0F
            }
            ("Reason Code", value, _) => {
                auth.reason = ReasonCode(u8::try_from(fields::number(&field, value)?).unwrap_or(0xFF));
            }
            (_, "left out", Some(id)) => auth.properties.remove(id),
            (_, value, Some(_)) => {
                if let Some(property) = fields::property(&field, value, &world.tester().namespace)? {
                    auth.properties.set(property);
                }
            }
            (_, _, None) => return Err(Stop::Error(format!("{field} is no field of AUTH")).into()),
        }
    }
    let mut bytes = BytesMut::new();
    encode(&Packet::Auth(auth), Version::V500, &mut bytes)
        .map_err(|error| Stop::Error(format!("the AUTH cannot be encoded: {error}")))?;
    if let Some(first) = bytes.first_mut() {
        *first |= flags;
    }
    world.tester().send_bytes(&name, bytes.freeze(), Some(format!("AUTH with {}", said.join(", "))));
    Ok(())
}
