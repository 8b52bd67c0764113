//! AUTH with a fault (section 4.12.1): on a Network Connection whose CONNECT had an Authentication Method, where one without it is in its place.

use super::{Base, Case};
use bytes::Bytes;
use protocol::{Auth, Connack, Packet, PacketId, Properties, Property, ReasonCode};
use tester::Tester;
use tester::scram::{Exchange, METHOD};
use tester::stop::Stop;

/// CONNECT by SCRAM-SHA-256, as far as the CONNACK that accepts.
pub(super) async fn join(tester: &mut Tester, case: &Case, name: &str) -> Result<Connack, Stop> {
    tester.open(name).await?;
    let nonce = format!("{}first", tester.namespace.client_id(name));
    let exchange = Exchange::new("writer", "secret", &nonce);
    let mut packet = Base::Connect.packet(case.version, &tester.namespace, name, 1);
    if let Packet::Connect(connect) = &mut packet {
        connect.properties = properties(exchange.first());
    }
    tester.send(name, packet)?;
    match prove(tester, name, exchange).await? {
        Packet::Connack(connack) if connack.reason.0 == 0 => Ok(connack),
        other => Err(Stop::inconclusive(format!("the authentication ends with {}", other.summary()))),
    }
}

/// Re-authenticates with the AUTH of the case without its fault.
pub(super) async fn accept(tester: &mut Tester, case: &Case, name: &str, id: PacketId) -> Result<(), Stop> {
    let packet = case.base.packet(case.version, &tester.namespace, name, id);
    let first = packet.properties().and_then(Properties::authentication_data).unwrap_or_default();
    let nonce =
        std::str::from_utf8(&first).ok().and_then(|text| text.rsplit_once("r=")).map(|(_, nonce)| nonce);
    let exchange = Exchange::new("writer", "secret", nonce.unwrap_or_default());
    tester.send(name, packet)?;
    match prove(tester, name, exchange).await? {
        Packet::Auth(auth) if auth.reason.0 == 0 => Ok(()),
        other => Err(Stop::inconclusive(format!("the re-authentication ends with {}", other.summary()))),
    }
}

/// Answers the challenge; gives the packet that comes then.
async fn prove(tester: &mut Tester, name: &str, mut exchange: Exchange) -> Result<Packet, Stop> {
    let challenge = tester.expect(name, "AUTH", |a| matches!(a.packet, Packet::Auth(_))).await?;
    let data = challenge.packet.properties().and_then(Properties::authentication_data).unwrap_or_default();
    let answer = exchange
        .answer(&data)
        .map_err(|why| Stop::inconclusive(format!("the challenge is no server-first-message: {why}")))?;
    let auth = Auth { reason: ReasonCode::CONTINUE_AUTHENTICATION, properties: properties(answer) };
    tester.send(name, Packet::Auth(auth))?;
    let end = tester
        .expect(name, "the end of the authentication", |a| {
            matches!(a.packet, Packet::Connack(_) | Packet::Auth(_))
        })
        .await?;
    Ok(end.packet)
}

fn properties(data: String) -> Properties {
    Properties::new()
        .with(Property::AuthenticationMethod(METHOD.into()))
        .with(Property::AuthenticationData(Bytes::from(data)))
}
