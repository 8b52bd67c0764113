//! What a Subject offers, as its CONNACK says, and which checks that makes inapplicable. Capabilities decide applicability, never verdicts.

use crate::plan::ScenarioCheck;
use protocol::{Connack, Connect, Packet, Property, Version};
use std::collections::BTreeMap;
use std::time::Duration;
use tester::stop::Stop;
use tester::testbed::Testbed;
use tester::{Namespace, Tester};

/// What was learned about a Subject before the first check.
#[derive(Debug, Clone, Default)]
pub struct Capabilities {
    /// For each version that it accepts: its CONNACK to a plain CONNECT that asks for a Session to be kept.
    pub connacks: BTreeMap<Version, Connack>,
    /// For each version that it does not accept: why.
    pub refused: BTreeMap<Version, String>,
    /// The longest round trip of the probes.
    pub round_trip: Option<Duration>,
}

impl Capabilities {
    /// Whether the Subject speaks the version.
    #[must_use]
    pub fn speaks(&self, version: Version) -> bool {
        self.connacks.contains_key(&version)
    }

    /// Why a check cannot be applied to the Subject; `None` if it can.
    #[must_use]
    pub fn objection(&self, check: &ScenarioCheck) -> Option<String> {
        let Some(connack) = self.connacks.get(&check.version) else {
            let why = self.refused.get(&check.version).map_or("it was not probed", String::as_str);
            return Some(format!("the Subject does not accept MQTT {}: {why}", check.version));
        };
        if check.version == Version::V311 {
            return None;
        }
        let p = &connack.properties;
        let off = |value: Option<u8>| value == Some(0);
        check.needs.iter().find_map(|need| {
            if let Some(least) = need.strip_prefix("receive-maximum-").and_then(|n| n.parse::<u16>().ok()) {
                let own = p.receive_maximum().unwrap_or(u16::MAX);
                return (own < least).then(|| format!("CONNACK has Receive Maximum {own}"));
            }
            let absent = match need.as_str() {
                "retain" => off(p.retain_available()).then_some("CONNACK has Retain Available 0"),
                "wildcard-subscription" => off(p.wildcard_subscription_available())
                    .then_some("CONNACK has Wildcard Subscription Available 0"),
                "subscription-identifiers" => off(p.subscription_identifier_available())
                    .then_some("CONNACK has Subscription Identifier Available 0"),
                "shared-subscriptions" => off(p.shared_subscription_available())
                    .then_some("CONNACK has Shared Subscription Available 0"),
                "qos1" => p.maximum_qos().is_some_and(|q| q < 1).then_some("CONNACK has Maximum QoS 0"),
                "qos2" => p.maximum_qos().is_some_and(|q| q < 2).then_some("CONNACK has Maximum QoS below 2"),
                "session-persistence" => (p.session_expiry_interval() == Some(0))
                    .then_some("CONNACK has Session Expiry Interval 0: Sessions are not kept"),
                "topic-alias-in" => (p.topic_alias_maximum().unwrap_or(0) == 0)
                    .then_some("CONNACK has no Topic Alias Maximum above 0"),
                _ => None,
            };
            absent.map(str::to_owned)
        })
    }
}

/// Connects once in each version and keeps what CONNACK says.
pub async fn probe(
    make: &dyn Fn() -> Box<dyn Testbed>,
    versions: &[Version],
    seed: u64,
    timeout_scale: f64,
) -> Capabilities {
    let mut capabilities = Capabilities::default();
    for (index, version) in versions.iter().enumerate() {
        let mut tester = Tester::new(make(), *version, Namespace::new(seed.wrapping_add(index as u64)));
        tester.timeout_scale = timeout_scale;
        match ask(&mut tester, *version).await {
            Ok(connack) => {
                capabilities.connacks.insert(*version, connack);
            }
            Err(stop) => {
                capabilities.refused.insert(*version, stop.to_string());
            }
        }
        let measured = tester.clients().filter_map(|c| c.round_trip).max();
        capabilities.round_trip = capabilities.round_trip.max(measured);
    }
    capabilities
}

async fn ask(tester: &mut Tester, version: Version) -> Result<Connack, Stop> {
    let name = "probe";
    tester.open(name).await?;
    let mut connect = Connect::new(version, tester.client(name).client_id.clone());
    if version == Version::V500 {
        connect.properties.push(Property::SessionExpiryInterval(60));
    }
    tester.send(name, Packet::Connect(Box::new(connect)))?;
    let patience = tester.patience(name);
    let answered = tester
        .wait(patience, |t| {
            let client = t.client(name);
            let over = !matches!(client.standing, tester::Standing::Open | tester::Standing::Opening);
            (client.connack.is_some() || over).then_some(())
        })
        .await;
    tester.garbage(name)?;
    let connack = tester.client(name).connack.clone();
    match (connack, answered) {
        (Some(connack), _) if connack.reason.0 == 0 => {
            // The Session of the probe goes: nothing of it is needed.
            let mut farewell = protocol::Disconnect::new(protocol::ReasonCode::SUCCESS);
            if version == Version::V500 {
                farewell.properties.push(Property::SessionExpiryInterval(0));
            }
            tester.send(name, Packet::Disconnect(farewell))?;
            tester.shut(name, tester::testbed::Shut::Close);
            Ok(connack)
        }
        (Some(connack), _) => Err(Stop::inconclusive(format!("CONNACK {}", connack.code()))),
        (None, Some(())) => Err(Stop::inconclusive("the Network Connection ends without CONNACK")),
        (None, None) => Err(Stop::inconclusive(format!("no CONNACK within {:.1} s", patience.as_secs_f64()))),
    }
}
