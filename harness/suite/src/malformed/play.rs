//! Plays one case: the positive twin first, then the fault, then what becomes of the Network Connection.

use super::{Base, Case, Demand, Fault, disconnecting, reauthenticating};
use catalogue::RequirementId;
use protocol::wire::Malformation;
use protocol::{
    Acknowledgement, Connack, Packet, PacketId, Properties, Publish, QoS, Subscribe, SubscriptionOptions,
    Version,
};
use std::time::Duration;
use tester::stop::{Expected, Obstacle, Stop};
use tester::testbed::{Kind, Shut};
use tester::{Arrival, Standing, Tester};

/// The Client that sends the packet without the fault, and the one that sends it with the fault. The names have one length.
const TWIN: &str = "twin";
const FAULTY: &str = "evil";

/// Plays a case.
///
/// # Errors
/// A violation, or whatever else keeps the case from passing.
pub async fn play(case: &Case, tester: &mut Tester) -> Result<(), Stop> {
    let before_connack = case.base.is_connect() && case.fault != Fault::SecondConnect;
    match &case.fault {
        _ if before_connack => {
            join(tester, case, TWIN, case.base).await?;
            tester.shut(TWIN, Shut::Close);
            tester.open(FAULTY).await?;
        }
        Fault::BeforeConnect if case.base == Base::Disconnect => {
            disconnecting::prepare(tester, case, TWIN, FAULTY).await?;
            tester.shut(FAULTY, Shut::Close);
            tester.open(FAULTY).await?;
        }
        Fault::BeforeConnect => {
            join(tester, case, TWIN, Base::Connect).await?;
            let prepared = prepare(tester, case, TWIN).await?;
            accept(tester, case, TWIN, prepared).await?;
            tester.shut(TWIN, Shut::Close);
            tester.open(FAULTY).await?;
        }
        Fault::SecondConnect => drop(join(tester, case, FAULTY, case.base).await?),
        Fault::Change(_) if case.base == Base::Disconnect => {
            disconnecting::prepare(tester, case, TWIN, FAULTY).await?;
        }
        Fault::Change(_) | Fault::Instead(_) => {
            join(tester, case, FAULTY, Base::Connect).await?;
            let prepared = prepare(tester, case, FAULTY).await?;
            accept(tester, case, FAULTY, prepared).await?;
        }
    }
    tester.assurances.push(format!("{} without the fault was accepted just before", case.base.title()));
    let id = match case.fault {
        Fault::Change(_) => prepare(tester, case, FAULTY).await?,
        _ => 1,
    };
    let packet = base_packet(case.base, case, tester, FAULTY, id);
    let Some(bytes) = case.bytes(&packet) else {
        if tester.testbed.credentials().is_some() && matches!(packet, Packet::Connect(_)) {
            let why = "with the credentials that this Server wants, the CONNECT has no place for this fault";
            return Err(Stop::NotApplicable(why.to_owned()));
        }
        return Err(Stop::Error(format!("the fault does not fit the packet any more: {}", case.title)));
    };
    if matches!(case.fault, Fault::Change(_)) {
        tester.still_wrong(&bytes)?;
    }
    // What the Server says to the fault is to be looked at, not answered.
    tester.client(FAULTY).answers = false;
    tester.send_bytes(FAULTY, bytes, Some(case.title.clone()));
    if matches!(case.fault, Fault::Change(Malformation::CutStream(_))) {
        return leave_in_the_middle(tester).await;
    }
    judge(case, tester, before_connack).await
}

/// Ends the Network Connection in the middle of a packet; the Server has to serve others as before.
async fn leave_in_the_middle(tester: &mut Tester) -> Result<(), Stop> {
    tester.shut(FAULTY, Shut::HalfClose);
    let patience = tester.settling(FAULTY);
    tester.wait(patience, over).await;
    tester.shut(FAULTY, Shut::Close);
    tester.is_alive().await.map(drop)
}

/// The packet without the fault. A CONNECT says who the Server wants it to be.
fn base_packet(base: Base, case: &Case, tester: &Tester, name: &str, id: PacketId) -> Packet {
    let mut packet = base.packet(case.version, &tester.namespace, name, id);
    if let (Packet::Connect(connect), Some(credentials)) = (&mut packet, tester.testbed.credentials()) {
        credentials.put_into(connect);
    }
    packet
}

/// CONNECT and a CONNACK that accepts.
pub(super) async fn join(tester: &mut Tester, case: &Case, name: &str, base: Base) -> Result<Connack, Stop> {
    if case.base == Base::Auth {
        return reauthenticating::join(tester, case, name)
            .await
            .map_err(|stop| without_the_fault(case, stop));
    }
    tester.open(name).await?;
    let mut connect = base_packet(base, case, tester, name, 1);
    if let (Base::Disconnect, Packet::Connect(connect)) = (case.base, &mut connect) {
        disconnecting::add_will(connect, tester, name);
    }
    tester.send(name, connect)?;
    let arrival = tester
        .expect(name, "CONNACK", |a| matches!(a.packet, Packet::Connack(_)))
        .await
        .map_err(|stop| without_the_fault(case, stop))?;
    match arrival.packet {
        Packet::Connack(connack) if connack.reason.0 == 0 => Ok(connack),
        Packet::Connack(connack) => Err(Stop::inconclusive(format!(
            "CONNECT without the fault is refused: CONNACK {}",
            connack.code()
        ))),
        _ => Err(Stop::Error("a CONNACK that is none".to_owned())),
    }
}

fn without_the_fault(case: &Case, stop: Stop) -> Stop {
    Stop::Inconclusive(Obstacle::WithoutTheFault {
        packet: case.base.title().to_owned(),
        because: Box::new(stop),
    })
}

/// Brings about the situation in which the packet is right; gives its Packet Identifier.
async fn prepare(tester: &mut Tester, case: &Case, name: &str) -> Result<PacketId, Stop> {
    let own = tester.fresh_packet_id(name);
    let result = match case.base {
        Base::Puback => delivery(tester, name, QoS::AtLeastOnce).await,
        Base::Pubrec => delivery(tester, name, QoS::ExactlyOnce).await,
        Base::Pubcomp => match delivery(tester, name, QoS::ExactlyOnce).await {
            Ok(id) => {
                tester.send(name, Packet::Pubrec(Acknowledgement::new(id)))?;
                let rel = |a: &Arrival| matches!(&a.packet, Packet::Pubrel(p) if p.packet_id == id);
                tester.expect(name, "PUBREL", rel).await.map(|_| id)
            }
            Err(stop) => Err(stop),
        },
        Base::Pubrel => {
            tester.client(name).answers = false;
            let publish = publish(tester, QoS::ExactlyOnce, own, "released");
            tester.send(name, Packet::Publish(publish))?;
            let rec = |a: &Arrival| matches!(&a.packet, Packet::Pubrec(p) if p.packet_id == own);
            tester.expect(name, "PUBREC", rec).await.map(|_| own)
        }
        _ => Ok(own),
    };
    result.map_err(|stop| Stop::Inconclusive(Obstacle::Preparation(Box::new(stop))))
}

fn publish(tester: &Tester, qos: QoS, id: PacketId, topic: &str) -> Publish {
    let mut publish = Publish::new(tester.namespace.topic(topic), &b"payload"[..]);
    publish.qos = qos;
    publish.packet_id = Some(id);
    publish
}

/// A message of the Server that waits for its acknowledgement; gives its Packet Identifier.
async fn delivery(tester: &mut Tester, name: &str, qos: QoS) -> Result<PacketId, Stop> {
    tester.client(name).answers = false;
    let topic = tester.namespace.topic("delivered");
    let id = tester.fresh_packet_id(name);
    let filters = vec![(topic.clone().into(), SubscriptionOptions::at(qos))];
    tester
        .send(name, Packet::Subscribe(Subscribe { packet_id: id, properties: Properties::new(), filters }))?;
    tester.expect(name, "SUBACK", |a| matches!(&a.packet, Packet::Suback(p) if p.packet_id == id)).await?;
    let id = tester.fresh_packet_id(name);
    let message = publish(tester, qos, id, "delivered");
    tester.send(name, Packet::Publish(message))?;
    if qos == QoS::ExactlyOnce {
        tester
            .expect(name, "PUBREC", |a| matches!(&a.packet, Packet::Pubrec(p) if p.packet_id == id))
            .await?;
        tester.send(name, Packet::Pubrel(Acknowledgement::new(id)))?;
    }
    let arrival = tester
        .expect(
            name,
            "the message",
            |a| matches!(&a.packet, Packet::Publish(p) if *p.topic == *topic && p.qos == qos),
        )
        .await?;
    match arrival.packet {
        Packet::Publish(Publish { packet_id: Some(id), .. }) => Ok(id),
        _ => Err(Stop::inconclusive("the message has no Packet Identifier")),
    }
}

/// Sends the packet without the fault, and makes sure that the Server takes it.
async fn accept(tester: &mut Tester, case: &Case, name: &str, id: PacketId) -> Result<(), Stop> {
    if case.base == Base::Auth {
        return reauthenticating::accept(tester, case, name, id)
            .await
            .map_err(|stop| without_the_fault(case, stop));
    }
    let packet = case.base.packet(case.version, &tester.namespace, name, id);
    tester.send(name, packet)?;
    // The Server answers in order, so a PINGRESP says that it has taken what came before, and is still there.
    tester.ping(name).await.map_err(|stop| without_the_fault(case, stop))?;
    tester.client(name).inbox.clear();
    Ok(())
}

/// How the Server took the fault.
enum Reaction {
    Closed,
    Accepted(Connack),
    Refused(Connack),
    WentOn(String),
    Silent,
}

async fn judge(case: &Case, tester: &mut Tester, before_connack: bool) -> Result<(), Stop> {
    let reaction = match react(case, tester, before_connack).await? {
        Reaction::Closed
            if case.base == Base::Disconnect
                && case.fault != Fault::BeforeConnect
                && !disconnecting::has_left_a_will(tester, FAULTY).await =>
        {
            Reaction::WentOn("it takes the DISCONNECT, for the Will is not published".to_owned())
        }
        reaction => reaction,
    };
    let words = match &reaction {
        Reaction::Closed => "it closes the Network Connection".to_owned(),
        Reaction::Accepted(connack) => format!("it accepts with CONNACK {}", connack.code()),
        Reaction::Refused(connack) => format!("CONNACK {} and a close", connack.code()),
        Reaction::WentOn(what) => format!("it goes on: {what}"),
        Reaction::Silent => "it neither answers nor closes".to_owned(),
    };
    let observation = match &reaction {
        Reaction::Silent => None,
        _ => tester.last_received(FAULTY),
    };
    match (case.demand, reaction) {
        (Demand::Open, reaction) => {
            let chosen = match reaction {
                Reaction::Closed | Reaction::Refused(_) => "it closes",
                Reaction::Accepted(_) | Reaction::WentOn(_) => "it goes on",
                Reaction::Silent => "it neither answers nor closes",
            };
            tester.choose(format!("a fault without a stated reaction in {}", case.base.title()), chosen);
            Ok(())
        }
        (_, Reaction::Closed) => Ok(()),
        // Another Protocol Name belongs to another protocol, whose answer this may be (3.1.2-1).
        (_, Reaction::Refused(_)) if case.id.contains("protocol-name") => {
            tester.choose("a CONNECT with a Protocol Name that is not MQTT", words);
            Ok(())
        }
        // 3.1.1 wants no CONNACK here, except for a Client Identifier.
        (_, Reaction::Refused(connack)) if case.version == Version::V311 && connack.reason.0 != 2 => {
            // It has noticed the fault; how it refuses is a matter of CONNECT alone.
            Err(Stop::seen("the Server closes without CONNACK", words, observation)
                .about(RequirementId::known("3.1.1/MQTT-3.1.4-1")))
        }
        (_, Reaction::Refused(_)) => Ok(()),
        (Demand::Close, _) => Err(Stop::seen(Expected::end(), words, observation)),
        (Demand::CloseIfNoticed, _) => Err(Stop::Warning(format!(
            "the fault goes unnoticed: {words}. How strictly to check is left to the implementation (5.0, 4.13.1)"
        ))),
    }
}

async fn react(case: &Case, tester: &mut Tester, before_connack: bool) -> Result<Reaction, Stop> {
    let fresh = before_connack || case.fault == Fault::BeforeConnect;
    if !fresh && over(tester).is_none() {
        // A packet that is right, behind the fault: if it is answered, the Server has gone on.
        tester.send(FAULTY, Packet::Pingreq)?;
    }
    let patience = tester.patience(FAULTY);
    let sent = tester.transcript.observations.len();
    let first = tester
        .wait(patience, |t| {
            over(t).or_else(|| {
                let found = t.client(FAULTY).inbox.iter().find_map(|a| match &a.packet {
                    Packet::Connack(connack) if fresh => Some(Some(connack.clone())),
                    Packet::Pingresp => Some(None),
                    _ => None,
                })?;
                Some(found)
            })
        })
        .await;
    let answer = match first {
        None => None,
        Some(answer) if over(tester).is_some() => {
            tester.is_alive().await?;
            return Ok(answer.filter(|_| fresh).map_or(Reaction::Closed, Reaction::Refused));
        }
        Some(answer) => Some(answer),
    };
    // It may close a little later.
    let grace = match tester.testbed.kind() {
        Kind::Live => Duration::from_millis(700),
        Kind::Virtual | Kind::Simulated => Duration::from_secs(5),
    };
    let closed = tester.wait(grace, over).await.is_some();
    let took = tester.is_alive().await?;
    if !closed {
        let answered = answer.is_none() && tester.last_received(FAULTY).is_some_and(|index| index >= sent);
        if over(tester).is_some() || answered {
            let what = "an answer or the end of the Network Connection".to_owned();
            return Err(Stop::Inconclusive(Obstacle::Late { what, patience: patience + grace }));
        }
        tester.not_stalled(took)?;
    }
    Ok(match (answer, closed) {
        (Some(Some(connack)), true) if connack.reason.0 != 0 => Reaction::Refused(connack),
        (Some(Some(connack)), false) if connack.reason.0 == 0 => Reaction::Accepted(connack),
        (_, true) => Reaction::Closed,
        (Some(_), false) => Reaction::WentOn(answers(tester)),
        (None, false) => Reaction::Silent,
    })
}

/// Whether the Network Connection has ended; with the CONNACK that came before, if one did.
fn over(tester: &mut Tester) -> Option<Option<Connack>> {
    let client = tester.client(FAULTY);
    (!matches!(client.standing, Standing::Open | Standing::Opening)).then(|| client.connack.clone())
}

fn answers(tester: &mut Tester) -> String {
    let seen: Vec<String> = tester.client(FAULTY).inbox.iter().map(|a| a.packet.summary()).collect();
    seen.join(", ")
}
