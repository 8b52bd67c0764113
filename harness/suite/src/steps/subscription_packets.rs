//! SUBSCRIBE and UNSUBSCRIBE as single packets, right or wrong on purpose, and what SUBACK and UNSUBACK have to say (sections 3.8 to 3.11).

use super::fields::{self, rows};
use crate::world::World;
use bytes::{BufMut, BytesMut};
use cucumber::{then, when};
use gherkin::Step;
use protocol::wire::VariableByteInteger;
use protocol::{Packet, Properties, QoS, ReasonCode, Subscribe, SubscriptionOptions, Unsubscribe, Version};
use tester::stop::{StepResult, Stop};
use tester::{Arrival, ObservationKind, Standing};

const SUBSCRIBE: u8 = 0x80;
const UNSUBSCRIBE: u8 = 0xA0;

/// The bytes of a SUBSCRIBE or UNSUBSCRIBE that the encoder would refuse.
fn craft(world: &mut World, name: &str, first: u8, packet_id: u16, payload: &[u8], what: String) {
    let tester = world.tester();
    let mut body = BytesMut::new();
    body.put_u16(packet_id);
    if tester.version == Version::V500 {
        body.put_u8(0);
    }
    body.extend_from_slice(payload);
    let mut packet = BytesMut::new();
    packet.put_u8(first);
    packet.extend_from_slice(VariableByteInteger::shortest(body.len()).as_bytes());
    packet.extend_from_slice(&body);
    tester.send_bytes(name, packet.freeze(), Some(what));
}

/// The wire form of a Topic Filter of a feature: `empty` is one of zero length.
fn wire(world: &mut World, filter: &str) -> String {
    if filter == "empty" { String::new() } else { world.tester().namespace.topic(&fields::text(filter)) }
}

fn counted(text: &str) -> BytesMut {
    let mut out = BytesMut::new();
    out.put_u16(u16::try_from(text.len()).unwrap_or(u16::MAX));
    out.extend_from_slice(text.as_bytes());
    out
}

fn bits(digits: &str) -> Result<u8, Stop> {
    u8::from_str_radix(digits, 2).map_err(|e| Stop::Error(format!("{digits} are no bits: {e}")))
}

/// A SUBSCRIBE whose options are this byte, in bits, right or wrong.
#[when(expr = "{word} sends SUBSCRIBE {int} to {string} with the options byte {word}")]
async fn sends_options(
    world: &mut World,
    name: String,
    id: u16,
    filter: String,
    options: String,
) -> StepResult {
    let mut payload = counted(&wire(world, &filter));
    payload.put_u8(bits(&options)?);
    craft(world, &name, SUBSCRIBE | 2, id, &payload, format!("the options byte is {options}"));
    Ok(())
}

/// A SUBSCRIBE of which the last four bits of the first byte are these.
#[when(expr = "{word} sends SUBSCRIBE {int} to {string} with the flags {word}")]
async fn sends_subscribe_flags(
    world: &mut World,
    name: String,
    id: u16,
    filter: String,
    flags: String,
) -> StepResult {
    let mut payload = counted(&wire(world, &filter));
    payload.put_u8(0);
    craft(world, &name, SUBSCRIBE | bits(&flags)?, id, &payload, format!("the flags are {flags}"));
    Ok(())
}

/// An UNSUBSCRIBE of which the last four bits of the first byte are these.
#[when(expr = "{word} sends UNSUBSCRIBE {int} from {string} with the flags {word}")]
async fn sends_unsubscribe_flags(
    world: &mut World,
    name: String,
    id: u16,
    filter: String,
    flags: String,
) -> StepResult {
    let payload = counted(&wire(world, &filter));
    craft(world, &name, UNSUBSCRIBE | bits(&flags)?, id, &payload, format!("the flags are {flags}"));
    Ok(())
}

/// A SUBSCRIBE that ends before its payload.
#[when(expr = "{word} sends SUBSCRIBE {int} without Topic Filters")]
async fn sends_empty_subscribe(world: &mut World, name: String, id: u16) -> StepResult {
    craft(world, &name, SUBSCRIBE | 2, id, &[], "it has no Topic Filter".to_owned());
    Ok(())
}

/// An UNSUBSCRIBE that ends before its payload.
#[when(expr = "{word} sends UNSUBSCRIBE {int} without Topic Filters")]
async fn sends_empty_unsubscribe(world: &mut World, name: String, id: u16) -> StepResult {
    craft(world, &name, UNSUBSCRIBE | 2, id, &[], "it has no Topic Filter".to_owned());
    Ok(())
}

/// A SUBSCRIBE at QoS 0 to a Topic Filter that is not a valid one.
#[when(expr = "{word} sends SUBSCRIBE {int} to the invalid Topic Filter {string}")]
async fn sends_invalid(world: &mut World, name: String, id: u16, filter: String) -> StepResult {
    let mut payload = counted(&wire(world, &filter));
    payload.put_u8(0);
    let what = format!("\"{filter}\" is no valid Topic Filter");
    craft(world, &name, SUBSCRIBE | 2, id, &payload, what);
    Ok(())
}

/// One Topic Filter with the Subscription Options and Properties of the table; does not wait.
#[when(expr = "{word} sends SUBSCRIBE {int} to {string} with:")]
async fn sends_subscribe_with(
    world: &mut World,
    name: String,
    packet_id: u16,
    filter: String,
    step: &Step,
) -> StepResult {
    let filter = wire(world, &filter);
    let tester = world.tester();
    let (options, properties) = fields::subscription(&rows(step), &tester.namespace)?;
    let packet =
        Packet::Subscribe(Subscribe { packet_id, properties, filters: vec![(filter.into(), options)] });
    Ok(tester.send(&name, packet)?)
}

/// As above, but with something in it that a Client must not send.
#[when(expr = "{word} sends the erroneous SUBSCRIBE {int} to {string} with:")]
async fn sends_erroneous_subscribe(
    world: &mut World,
    name: String,
    packet_id: u16,
    filter: String,
    step: &Step,
) -> StepResult {
    let filter = wire(world, &filter);
    let tester = world.tester();
    let mut options = SubscriptionOptions::default();
    let mut properties = BytesMut::new();
    for (field, value) in rows(step) {
        if fields::options(&mut options, &field, &value)? {
            continue;
        }
        if field != "Subscription Identifier" {
            return Err(Stop::Error(format!("{field} is not one of the errors that are known here")).into());
        }
        properties.put_u8(0x0B);
        let number = fields::number(&field, &value)? as usize;
        properties.extend_from_slice(VariableByteInteger::shortest(number).as_bytes());
    }
    let mut body = BytesMut::new();
    body.put_u16(packet_id);
    body.extend_from_slice(VariableByteInteger::shortest(properties.len()).as_bytes());
    body.extend_from_slice(&properties);
    body.extend_from_slice(&counted(&filter));
    let local = u8::from(options.no_local) << 2;
    let retain = u8::from(options.retain_as_published) << 3;
    body.put_u8(options.qos as u8 | local | retain | (options.retain_handling as u8) << 4);
    let mut packet = BytesMut::new();
    packet.put_u8(SUBSCRIBE | 2);
    packet.extend_from_slice(VariableByteInteger::shortest(body.len()).as_bytes());
    packet.extend_from_slice(&body);
    tester.send_bytes(&name, packet.freeze(), Some("it has what a Client must not send".to_owned()));
    Ok(())
}

/// As many Topic Filters as wanted, none of which this Client has subscribed to.
#[when(expr = "{word} sends UNSUBSCRIBE {int} from {int} Topic Filters")]
async fn sends_many(world: &mut World, name: String, packet_id: u16, count: u32) -> StepResult {
    let tester = world.tester();
    let filters = (1..=count).map(|n| tester.namespace.topic(&format!("unknown/{n}")).into()).collect();
    let packet = Packet::Unsubscribe(Unsubscribe { packet_id, properties: Properties::new(), filters });
    Ok(tester.send(&name, packet)?)
}

/// One Topic Filter with the Properties of the table; does not wait.
#[when(expr = "{word} sends UNSUBSCRIBE {int} from {string} with:")]
async fn sends_unsubscribe_with(
    world: &mut World,
    name: String,
    packet_id: u16,
    filter: String,
    step: &Step,
) -> StepResult {
    let filter = wire(world, &filter);
    let tester = world.tester();
    let mut properties = Properties::new();
    for (field, value) in rows(step) {
        match fields::property(&field, &value, &tester.namespace)? {
            Some(property) => properties.push(property),
            None => return Err(Stop::Error(format!("{field} is no field of UNSUBSCRIBE")).into()),
        }
    }
    let packet = Packet::Unsubscribe(Unsubscribe { packet_id, properties, filters: vec![filter.into()] });
    Ok(tester.send(&name, packet)?)
}

/// Whether a code may stand in a SUBACK of the version (Table 3-8 of 5.0; section 3.9.3 of 3.1.1).
fn in_table(version: Version, code: ReasonCode) -> bool {
    match version {
        Version::V311 => matches!(code.0, 0..=2 | 0x80),
        Version::V500 => {
            matches!(code.0, 0..=2 | 0x80 | 0x83 | 0x87 | 0x8F | 0x91 | 0x97 | 0x9E | 0xA1 | 0xA2)
        }
    }
}

fn listed(codes: &[ReasonCode]) -> String {
    codes.iter().map(|code| format!("0x{:02X}", code.0)).collect::<Vec<_>>().join(" ")
}

/// One code of the table for each Topic Filter (`| filter | QoS |`), and the identifier of the SUBSCRIBE. Lower grants are legal; they are kept, so that
/// what is delivered can be compared with them. Refusals are legal too, but leave nothing to test.
#[then(expr = "{word} receives SUBACK {int} for:")]
async fn receives_suback_for(world: &mut World, name: String, packet_id: u16, step: &Step) -> StepResult {
    let filters = rows(step);
    let tester = world.tester();
    let version = tester.version;
    let arrival = tester.expect(&name, "SUBACK", |a| matches!(a.packet, Packet::Suback(_))).await?;
    let Packet::Suback(suback) = &arrival.packet else {
        return Err(Stop::Error("a SUBACK is a SUBACK".to_owned()).into());
    };
    let seen = |expected: String, actual: String| Stop::seen(expected, actual, Some(arrival.observation));
    if suback.packet_id != packet_id {
        let expected = format!("SUBACK with Packet Identifier {packet_id}");
        return Err(seen(expected, format!("Packet Identifier {}", suback.packet_id)).into());
    }
    if suback.reasons.len() != filters.len() {
        let expected = format!("SUBACK with {} codes, one for each Topic Filter", filters.len());
        return Err(seen(expected, format!("{}: {}", suback.reasons.len(), listed(&suback.reasons))).into());
    }
    if let Some(code) = suback.reasons.iter().find(|code| !in_table(version, **code)) {
        return Err(seen("SUBACK with codes of the table".to_owned(), format!("0x{:02X}", code.0)).into());
    }
    for ((filter, wanted), code) in filters.iter().zip(&suback.reasons) {
        let Some(granted) = QoS::from_bits(code.0) else {
            let text = format!("the Server refuses \"{filter}\" with 0x{:02X}, as it may", code.0);
            return Err(Stop::inconclusive(text).into());
        };
        if granted < fields::qos("QoS", wanted)? {
            tester.choose("granted QoS", format!("{granted} for {wanted}"));
        }
        let filter = tester.namespace.topic(&fields::text(filter));
        tester.client(&name).granted.insert(filter, granted);
    }
    world.last = Some(arrival);
    Ok(())
}

/// What became of a SUBSCRIBE that must not be granted.
enum Refusal {
    Closed,
    Codes(Arrival, Vec<ReasonCode>),
}

async fn refusal(world: &mut World, name: &str, packet_id: u16) -> Result<Refusal, Stop> {
    let tester = world.tester();
    let patience = tester.patience(name);
    let found = tester
        .wait(patience, |t| {
            let client = t.client(name);
            let suback = |a: &Arrival| matches!(&a.packet, Packet::Suback(p) if p.packet_id == packet_id);
            if let Some(index) = client.inbox.iter().position(suback) {
                return Some(client.inbox.remove(index));
            }
            (client.standing != Standing::Open).then_some(None)
        })
        .await;
    tester.is_alive().await?;
    tester.garbage(name)?;
    match found.flatten() {
        Some(arrival) => {
            let Packet::Suback(suback) = &arrival.packet else {
                return Err(Stop::Error("a SUBACK is a SUBACK".to_owned()));
            };
            let codes = suback.reasons.clone();
            Ok(Refusal::Codes(arrival, codes))
        }
        None if tester.client(name).standing == Standing::Open => {
            Err(Stop::inconclusive("the Server neither answers nor closes"))
        }
        None => Ok(Refusal::Closed),
    }
}

/// A close, or a SUBACK whose only code is a failure: both are recorded as the Server's choice.
#[then(expr = "the Server does not grant SUBSCRIBE {int} of {word}")]
async fn does_not_grant(world: &mut World, packet_id: u16, name: String) -> StepResult {
    let refusal = refusal(world, &name, packet_id).await?;
    let choice = match refusal {
        Refusal::Closed => "a close".to_owned(),
        Refusal::Codes(arrival, codes) => {
            if let Some(code) = codes.iter().find(|code| !code.is_failure()) {
                return Err(Stop::seen(
                    "the Server does not grant the Topic Filter",
                    format!("SUBACK 0x{:02X}", code.0),
                    Some(arrival.observation),
                )
                .into());
            }
            format!("SUBACK {}", listed(&codes))
        }
    };
    world.tester().choose("how the Server refuses the Topic Filter", choice);
    Ok(())
}

/// A recommendation: anything but a grant is a warning.
#[then(expr = "the Server should grant SUBSCRIBE {int} of {word}")]
async fn should_grant(world: &mut World, packet_id: u16, name: String) -> StepResult {
    let what = match refusal(world, &name, packet_id).await? {
        Refusal::Closed => "closes".to_owned(),
        Refusal::Codes(_, codes) if codes.iter().any(|code| code.is_failure()) => {
            format!("answers SUBACK {}", listed(&codes))
        }
        Refusal::Codes(..) => return Ok(()),
    };
    Err(Stop::Warning(format!("the Server should grant the Topic Filter, and {what}")).into())
}

/// The size counts with the fixed header.
#[then(regex = r"^(\w+) receives (SUBACK|UNSUBACK) of at most (\d+) bytes$")]
async fn receives_small(world: &mut World, name: String, kind: String, most: usize) -> StepResult {
    let arrival = world.tester().expect(&name, &kind, |a| a.packet.packet_type().name() == kind).await?;
    is_small(world, arrival, most)
}

/// A Server that closes instead leaves nothing to test.
#[then(expr = "{word} receives SUBACK {int} of at most {int} bytes, unless the Server closes")]
async fn receives_small_or_end(world: &mut World, name: String, packet_id: u16, most: usize) -> StepResult {
    match refusal(world, &name, packet_id).await? {
        Refusal::Codes(arrival, _) => is_small(world, arrival, most),
        Refusal::Closed => {
            Err(Stop::NotExercised("the Server closes instead of sending SUBACK".to_owned()).into())
        }
    }
}

fn is_small(world: &mut World, arrival: Arrival, most: usize) -> StepResult {
    let kind = arrival.packet.packet_type().name();
    let tester = world.tester();
    let length = match tester.transcript.observations.get(arrival.observation).map(|o| &o.kind) {
        Some(ObservationKind::Received { bytes, .. }) => bytes.len(),
        _ => return Err(Stop::Error("an arrival has no bytes".to_owned()).into()),
    };
    if length > most {
        return Err(Stop::seen(
            format!("{kind} of at most {most} bytes"),
            format!("{length} bytes"),
            Some(arrival.observation),
        )
        .into());
    }
    world.last = Some(arrival);
    Ok(())
}

/// A grant of something that is no valid Shared Subscription is wrong where it works as one.
#[then(
    expr = "the Server does not grant SUBSCRIBE {int} of {word}, or delivers nothing that {word} publishes to {string}"
)]
async fn grants_nothing(
    world: &mut World,
    packet_id: u16,
    name: String,
    publisher: String,
    topic: String,
) -> StepResult {
    let choice = match refusal(world, &name, packet_id).await? {
        Refusal::Closed => "a close".to_owned(),
        Refusal::Codes(_, codes) if codes.iter().all(|code| code.is_failure()) => {
            format!("SUBACK {}", listed(&codes))
        }
        Refusal::Codes(_, codes) => {
            let tester = world.tester();
            let wire = tester.namespace.topic(&topic);
            tester.send(&publisher, Packet::Publish(protocol::Publish::new(wire.clone(), &b"x"[..])))?;
            tester.fence(&name).await?;
            let found = tester
                .client(&name)
                .inbox
                .iter()
                .find(|a| matches!(&a.packet, Packet::Publish(p) if *p.topic == *wire))
                .map(|a| a.observation);
            if let Some(observation) = found {
                let expected = "a Topic Filter without ShareName is no Shared Subscription";
                return Err(Stop::seen(expected, "it delivers like one", Some(observation)).into());
            }
            format!("SUBACK {}, and no message", listed(&codes))
        }
    };
    world.tester().choose("how the Server refuses the Topic Filter", choice);
    Ok(())
}
