//! Silence is proved, not slept: a fence is something that has to come after whatever else was on its way.
//!
//! On one Network Connection it is PINGREQ and PINGRESP. Across connections it is a sentinel message of the same publisher to the same
//! subscriber, since routing may lag behind. After the fence we watch a few round trips more.

use super::{Standing, Tester};
use crate::stop::{Obstacle, Stop};
use protocol::{Packet, Publish, QoS, Subscribe, SubscriptionOptions};

impl Tester {
    /// PINGREQ and PINGRESP: the Server has read all that this Client sent.
    ///
    /// # Errors
    /// Inconclusive if the PINGRESP stays out.
    pub async fn ping(&mut self, name: &str) -> Result<(), Stop> {
        self.send(name, Packet::Pingreq)?;
        self.expect(name, "PINGRESP", |a| matches!(a.packet, Packet::Pingresp))
            .await
            .map(drop)
            .map_err(|stop| no_fence(None, name, stop))
    }

    /// Makes sure that everything which is on its way to this Client has arrived.
    ///
    /// # Errors
    /// Inconclusive if the fence itself does not arrive.
    pub async fn fence(&mut self, name: &str) -> Result<(), Stop> {
        if self.client(name).standing == Standing::Open && self.client(name).connack.is_some() {
            let publishers: Vec<String> = self
                .clients()
                .filter(|c| {
                    c.name != name
                        && !c.published.is_empty()
                        && c.standing == Standing::Open
                        && !c.disconnected
                })
                .map(|c| c.name.clone())
                .collect();
            for publisher in &publishers {
                self.sentinel(publisher, name).await?;
            }
            // Silence means something only if this Client is reached at all.
            if publishers.is_empty() {
                self.reach(name).await?;
            }
            self.ping(name).await?;
            self.assurances.push(format!("a PINGREQ of {name} was answered, so its connection was alive"));
        }
        let settling = self.settling(name);
        self.pass(settling).await;
        // A second copy of a sentinel, for a broad filter of the scenario, may have come after the first was found.
        let sentinels = self.namespace.topic("fence");
        self.client(name)
            .inbox
            .retain(|a| !matches!(&a.packet, Packet::Publish(p) if p.topic.starts_with(&sentinels)));
        Ok(())
    }

    /// A Client of the Tester's own publishes a message at QoS 0.
    ///
    /// # Errors
    /// Inconclusive if it cannot.
    pub async fn publish_as_witness(&mut self, topic: &str, payload: &'static str) -> Result<(), Stop> {
        let witness = self.witness(topic).await?;
        self.send(witness, Packet::Publish(Publish::new(topic.to_owned(), payload.as_bytes())))?;
        self.ping(witness).await
    }

    /// A Client of the Tester's own publishes a sentinel to this one.
    async fn reach(&mut self, name: &str) -> Result<(), Stop> {
        let witness = self.witness(name).await?;
        self.sentinel(witness, name).await
    }

    /// The Tester's own publisher, connected.
    async fn witness(&mut self, name: &str) -> Result<&'static str, Stop> {
        let witness = "publisher";
        if self.client(witness).standing != Standing::Open {
            let id = self.namespace.client_id("pub");
            let client = self.client(witness);
            client.client_id.clone_from(&id);
            client.witness = true;
            self.open(witness).await?;
            let version = self.version;
            self.send(witness, Packet::Connect(Box::new(protocol::Connect::new(version, id))))?;
            self.expect(witness, "CONNACK", |a| matches!(&a.packet, Packet::Connack(p) if p.reason.0 == 0))
                .await
                .map_err(|stop| no_fence(None, name, stop))?;
        }
        Ok(witness)
    }

    async fn sentinel(&mut self, publisher: &str, subscriber: &str) -> Result<(), Stop> {
        // A Client that takes only small packets may be denied the sentinel; its PING has to do.
        if self
            .client(subscriber)
            .connect
            .as_ref()
            .is_some_and(|c| c.properties.maximum_packet_size().is_some())
        {
            return Ok(());
        }
        self.fences += 1;
        let topic = self.namespace.topic(&format!("fence{}", self.fences));
        let packet_id = self.fresh_packet_id(subscriber);
        let filters = vec![(topic.clone().into(), SubscriptionOptions::at(QoS::AtMostOnce))];
        self.send(
            subscriber,
            Packet::Subscribe(Subscribe { packet_id, properties: protocol::Properties::new(), filters }),
        )?;
        let lost = |stop: Stop| no_fence(Some(publisher), subscriber, stop);
        self.expect(
            subscriber,
            "SUBACK",
            |a| matches!(&a.packet, Packet::Suback(s) if s.packet_id == packet_id),
        )
        .await
        .map_err(lost)?;
        let published = self.client(publisher).published.len();
        self.send(publisher, Packet::Publish(Publish::new(topic.clone(), &b"fence"[..])))?;
        // The sentinel is ours, not the scenario's.
        self.client(publisher).published.truncate(published);
        self.expect(
            subscriber,
            "the sentinel message",
            |a| matches!(&a.packet, Packet::Publish(p) if *p.topic == *topic),
        )
        .await
        .map_err(lost)?;
        // Where a broad filter of the scenario matches the sentinel too, there may be a second copy.
        self.client(subscriber)
            .inbox
            .retain(|a| !matches!(&a.packet, Packet::Publish(p) if *p.topic == *topic));
        self.assurances.push(format!("a sentinel message from {publisher} reached {subscriber} afterwards"));
        Ok(())
    }
}

fn no_fence(from: Option<&str>, to: &str, because: Stop) -> Stop {
    let (from, to) = (from.map(str::to_owned), to.to_owned());
    Stop::Inconclusive(Obstacle::NoFence { from, to, because: Box::new(because) })
}
