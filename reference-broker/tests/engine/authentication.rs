//! Enhanced authentication with SCRAM-SHA-256 (section 4.12; RFC 5802).

use crate::broker::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac};
use protocol::{Auth, Connect, Packet, Properties, Property, QoS, ReasonCode};
use reference_broker::Config;
use sha2::{Digest, Sha256};

const METHOD: &str = "SCRAM-SHA-256";
const FIRST: &str = "n=alice,r=clientnonce";

fn guarded() -> Broker {
    let yaml = "anonymous: null\nusers: [{ name: alice, password: secret }]";
    Broker::with(Config::from_yaml(yaml).expect("a configuration"))
}

fn properties(method: &str, data: String) -> Properties {
    Properties::new()
        .with(Property::AuthenticationMethod(method.to_owned().into()))
        .with(Property::AuthenticationData(data.into()))
}

fn connect(method: &str) -> Packet {
    Packet::Connect(Box::new(Connect { properties: properties(method, format!("n,,{FIRST}")), ..v5("a") }))
}

fn auth(reason: ReasonCode, data: String) -> Packet {
    Packet::Auth(Auth { reason, properties: properties(METHOD, data) })
}

fn mac(key: &[u8], text: &str) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(key).expect("any key").chain_update(text).finalize().into_bytes().into()
}

/// The Client's last message, and the Server's signature that has to come back.
fn finish(server_first: &str, password: &str) -> (String, String) {
    let part = |index: usize| {
        server_first.split(',').nth(index).expect("three parts").split_once('=').expect("a name").1
    };
    let salt = BASE64.decode(part(1)).expect("a salt");
    let salted = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(
        password.as_bytes(),
        &salt,
        part(2).parse().expect("a number"),
    );
    let without_proof = format!("c=biws,r={}", part(0));
    let message = format!("{FIRST},{server_first},{without_proof}");
    let client_key = mac(&salted, "Client Key");
    let signature = mac(&Sha256::digest(client_key), &message);
    let proof: Vec<u8> = client_key.iter().zip(signature).map(|(a, b)| a ^ b).collect();
    let server = mac(&mac(&salted, "Server Key"), &message);
    (format!("{without_proof},p={}", BASE64.encode(proof)), format!("v={}", BASE64.encode(server)))
}

/// The data of the AUTH 0x18 that the Client has just seen.
fn challenge(broker: &mut Broker) -> String {
    let seen = broker.seen(1);
    match &seen[..] {
        [Seen::Packet(Packet::Auth(auth))] => {
            assert_eq!(auth.reason, ReasonCode::CONTINUE_AUTHENTICATION);
            assert_eq!(auth.properties.authentication_method().as_deref(), Some(METHOD));
            String::from_utf8(auth.properties.authentication_data().expect("data").to_vec()).expect("text")
        }
        _ => panic!("{seen:?}"),
    }
}

fn accepted() -> Broker {
    let mut broker = guarded();
    broker.open(1);
    broker.send(1, connect(METHOD));
    let (last, signature) = finish(&challenge(&mut broker), "secret");
    broker.send(1, auth(ReasonCode::CONTINUE_AUTHENTICATION, last));
    let seen = broker.seen(1);
    let [Seen::Packet(Packet::Connack(connack))] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(connack.reason, ReasonCode::SUCCESS);
    assert_eq!(connack.properties.authentication_method().as_deref(), Some(METHOD));
    assert_eq!(connack.properties.authentication_data().as_deref(), Some(signature.as_bytes()));
    broker
}

fn refused(broker: &mut Broker) -> ReasonCode {
    let seen = broker.seen(1);
    match &seen[..] {
        [Seen::Packet(Packet::Connack(connack)), Seen::Close] => connack.reason,
        _ => panic!("{seen:?}"),
    }
}

#[test]
fn the_right_password_is_accepted_and_the_server_proves_itself() {
    let mut broker = accepted();

    broker.send(1, Packet::Pingreq);

    assert_eq!(broker.seen(1), [Seen::Packet(Packet::Pingresp)]);
}

#[test]
fn a_wrong_password_is_refused() {
    let mut broker = guarded();
    broker.open(1);
    broker.send(1, connect(METHOD));
    let (last, _) = finish(&challenge(&mut broker), "guess");

    broker.send(1, auth(ReasonCode::CONTINUE_AUTHENTICATION, last));

    assert_eq!(refused(&mut broker), ReasonCode::NOT_AUTHORIZED);
}

#[test]
fn an_unknown_method_is_refused() {
    let mut broker = guarded();
    broker.open(1);

    broker.send(1, connect("GS2-UNKNOWN"));

    assert_eq!(refused(&mut broker), ReasonCode::BAD_AUTHENTICATION_METHOD);
}

#[test]
fn other_packets_before_connack_are_protocol_errors() {
    let mut broker = guarded();
    broker.open(1);
    broker.send(1, connect(METHOD));
    broker.seen(1);

    broker.send(1, publish(QoS::AtLeastOnce, "t", "x"));

    assert_eq!(refused(&mut broker), ReasonCode::PROTOCOL_ERROR);
}

#[test]
fn a_client_can_authenticate_again() {
    let mut broker = accepted();

    broker.send(1, auth(ReasonCode::RE_AUTHENTICATE, format!("n,,{FIRST}")));
    let (last, signature) = finish(&challenge(&mut broker), "secret");
    broker.send(1, auth(ReasonCode::CONTINUE_AUTHENTICATION, last));

    assert_eq!(broker.seen(1), [Seen::Packet(auth(ReasonCode::SUCCESS, signature))]);
}

#[test]
fn failing_to_authenticate_again_ends_the_network_connection() {
    let mut broker = accepted();

    broker.send(1, auth(ReasonCode::RE_AUTHENTICATE, format!("n,,{FIRST}")));
    let (last, _) = finish(&challenge(&mut broker), "guess");
    broker.send(1, auth(ReasonCode::CONTINUE_AUTHENTICATION, last));

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::NOT_AUTHORIZED));
}

#[test]
fn auth_without_a_method_in_connect_is_a_protocol_error() {
    let mut broker = Broker::new();
    broker.client(1, "a");

    broker.send(1, auth(ReasonCode::RE_AUTHENTICATE, format!("n,,{FIRST}")));

    assert_eq!(disconnected(&broker.seen(1)), Some(ReasonCode::PROTOCOL_ERROR));
}
