//! Enhanced authentication, with a method that counts.

use crate::script::{Script, connack, lasting};
use bytes::Bytes;
use bytestring::ByteString;
use protocol::{Auth, Packet, Properties, Property, QoS, ReasonCode, Version};
use reference_client::{
    Authenticator, ClientConfig, Closure, Command, Event, Refusal, RefusedByClient, Token,
};

/// Says `start`, answers `challenge` with `answer`, and believes a Server that says `proof`.
#[derive(Debug)]
struct Counting;

impl Authenticator for Counting {
    fn method(&self) -> ByteString {
        "COUNTING".into()
    }
    fn start(&mut self) -> Option<Bytes> {
        Some("start".into())
    }
    fn step(&mut self, data: Option<Bytes>) -> Result<Option<Bytes>, RefusedByClient> {
        if data.as_deref() == Some(b"challenge") { Ok(Some("answer".into())) } else { Err(RefusedByClient) }
    }
    fn finish(&mut self, data: Option<Bytes>) -> Result<(), RefusedByClient> {
        if data.as_deref() == Some(b"proof") { Ok(()) } else { Err(RefusedByClient) }
    }
}

fn properties(method: &'static str, data: &'static str) -> Properties {
    Properties::new()
        .with(Property::AuthenticationMethod(method.into()))
        .with(Property::AuthenticationData(data.into()))
}

fn auth(reason: ReasonCode, data: &'static str) -> Packet {
    Packet::Auth(Auth { reason, properties: properties("COUNTING", data) })
}

fn script() -> Script {
    let config =
        ClientConfig { authenticator: Some(Box::new(Counting)), ..ClientConfig::new(Version::V500, "c") };
    Script::with(config)
}

#[test]
fn auth_is_answered_with_auth_until_connack_proves_the_server() {
    let mut script = script();

    let connect = script.open(lasting(Version::V500));
    let answer = script.receive(auth(ReasonCode::CONTINUE_AUTHENTICATION, "challenge"));
    let connected = script.receive(connack(false, properties("COUNTING", "proof")));

    assert_eq!(connect.properties.authentication_method().as_deref(), Some("COUNTING"));
    assert_eq!(connect.properties.authentication_data().as_deref(), Some(&b"start"[..]));
    assert_eq!(*answer.packet(), auth(ReasonCode::CONTINUE_AUTHENTICATION, "answer"));
    assert!(matches!(connected.events[..], [Event::Connected(_)]));
}

#[test]
fn nothing_but_auth_and_disconnect_is_sent_before_connack() {
    let mut script = script();
    script.open(reference_client::ConnectOptions { keep_alive: 1, ..lasting(Version::V500) });

    assert_eq!(script.publish(1, QoS::AtLeastOnce).sent, []);
    assert_eq!(script.pass(std::time::Duration::from_secs(20)).sent, []);
}

#[test]
fn another_method_and_a_false_proof_close_the_connection() {
    for (answer, why) in [
        (connack(false, properties("OTHER", "proof")), None),
        (connack(false, Properties::new()), None),
        (connack(false, properties("COUNTING", "guess")), Some(Closure::AuthenticationFailed)),
        (auth(ReasonCode::CONTINUE_AUTHENTICATION, "wrong"), Some(Closure::AuthenticationFailed)),
        (auth(ReasonCode::SUCCESS, "proof"), None),
    ] {
        let mut script = script();

        let outcome = script.connect(lasting(Version::V500), answer);

        assert!(outcome.closed && outcome.disconnect().is_some(), "{outcome:?}");
        if let Some(why) = why {
            assert_eq!(outcome.closure(), Some(&why));
        }
    }
}

#[test]
fn re_authentication_begins_with_0x19_and_ends_with_0x00() {
    let mut script = script();
    script.connect(lasting(Version::V500), connack(false, properties("COUNTING", "proof")));

    let begun = script.command(Command::Authenticate { token: Token(9) });
    let twice = script.command(Command::Authenticate { token: Token(10) });
    let answer = script.receive(auth(ReasonCode::CONTINUE_AUTHENTICATION, "challenge"));
    let ended = script.receive(auth(ReasonCode::SUCCESS, "proof"));

    assert_eq!(*begun.packet(), auth(ReasonCode::RE_AUTHENTICATE, "start"));
    let refused = Event::CommandRefused { token: Some(Token(10)), why: Refusal::CannotAuthenticate };
    assert_eq!(twice.events, [refused]);
    assert_eq!(*answer.packet(), auth(ReasonCode::CONTINUE_AUTHENTICATION, "answer"));
    assert_eq!(ended.events, [Event::Reauthenticated { token: Token(9) }]);
}

#[test]
fn a_client_without_a_method_neither_sends_nor_takes_auth() {
    let mut script = Script::connected(Version::V500);

    let refused = script.command(Command::Authenticate { token: Token(1) });
    let unwanted = script.receive(auth(ReasonCode::CONTINUE_AUTHENTICATION, "challenge"));

    assert_eq!(refused.sent, []);
    assert_eq!(unwanted.disconnect(), Some(ReasonCode::PROTOCOL_ERROR));
}
