//! DISCONNECT with a fault (sections 3.14 and 3.1.2.5): a Server closes after a good one too, so that a close alone says nothing. A DISCONNECT that is good
//! removes the Will; one with a fault is none, and the Will is published when the Server closes because of it.

use super::{Base, Case, play};
use bytes::Bytes;
use protocol::{Connect, Packet, Properties, QoS, Subscribe, SubscriptionOptions, Will};
use tester::stop::Stop;
use tester::testbed::Shut;
use tester::{Arrival, Standing, Tester};

/// The Client that sees the Will Messages.
const OBSERVER: &str = "watch";
const TOPIC: &str = "gone";

/// Gives the Client a Will that says who it was of.
pub(super) fn add_will(connect: &mut Connect, tester: &Tester, name: &str) {
    connect.will = Some(Will {
        qos: QoS::AtMostOnce,
        retain: false,
        topic: tester.namespace.topic(TOPIC).into(),
        payload: Bytes::from(name.to_owned()),
        properties: Properties::new(),
    });
}

/// Has the Will Messages watched.
pub(super) async fn watch(tester: &mut Tester, case: &Case) -> Result<(), Stop> {
    tester.open(OBSERVER).await?;
    let connect = Base::Connect.packet(case.version, &tester.namespace, OBSERVER, 1);
    tester.send(OBSERVER, connect)?;
    tester.expect(OBSERVER, "CONNACK", |a| matches!(a.packet, Packet::Connack(_))).await?;
    let packet_id = tester.fresh_packet_id(OBSERVER);
    let filters = vec![(tester.namespace.topic(TOPIC).into(), SubscriptionOptions::at(QoS::AtMostOnce))];
    tester
        .send(OBSERVER, Packet::Subscribe(Subscribe { packet_id, properties: Properties::new(), filters }))?;
    tester.expect(OBSERVER, "SUBACK", |a| matches!(a.packet, Packet::Suback(_))).await?;
    Ok(())
}

/// Sends DISCONNECT without the fault, and makes sure that it removes the Will.
pub(super) async fn leave(tester: &mut Tester, case: &Case, name: &str) -> Result<(), Stop> {
    let packet = case.base.packet(case.version, &tester.namespace, name, 1);
    tester.send(name, packet)?;
    tester.shut(name, Shut::HalfClose);
    let patience = tester.settling(name) * 4;
    tester.wait(patience, |t| (t.client(name).standing != Standing::Open).then_some(())).await;
    tester.shut(name, Shut::Close);
    tester.fence(OBSERVER).await?;
    let will = tester.client(OBSERVER).inbox.iter().any(|a| is_will_of(name, a));
    match will {
        false => Ok(()),
        true => Err(Stop::inconclusive("DISCONNECT without the fault does not remove the Will")),
    }
}

/// Whether the Will is published, as after any end of a Network Connection without DISCONNECT.
pub(super) async fn has_left_a_will(tester: &mut Tester, name: &str) -> bool {
    let patience = tester.patience(name);
    tester
        .wait(patience, |t| t.client(OBSERVER).inbox.iter().any(|a| is_will_of(name, a)).then_some(()))
        .await
        .is_some()
}

fn is_will_of(name: &str, arrival: &Arrival) -> bool {
    matches!(&arrival.packet, Packet::Publish(p) if p.payload == name.as_bytes())
}

/// The whole way to the fault: an observer, a twin that leaves as it should, and the Client that will not.
pub(super) async fn prepare(tester: &mut Tester, case: &Case, twin: &str, faulty: &str) -> Result<(), Stop> {
    watch(tester, case).await.map_err(|stop| Stop::inconclusive(format!("nobody sees Wills: {stop}")))?;
    play::join(tester, case, twin, Base::Connect).await?;
    leave(tester, case, twin).await?;
    play::join(tester, case, faulty, Base::Connect).await?;
    Ok(())
}
