//! What a Record says of what the Subject can do, and of what it chose where the standard leaves a choice.

use super::version;
use crate::session::{Findings, Plan};
use protocol::Version;
use record as r;
use std::collections::BTreeMap;

/// What the CONNACK packets say.
pub(super) fn capabilities(findings: &Findings) -> Vec<r::Capability> {
    let mut out = Vec::new();
    for v in Version::ALL {
        let Some(connack) = findings.capabilities.connacks.get(&v) else {
            if let Some(why) = findings.capabilities.refused.get(&v) {
                out.push(r::Capability {
                    name: format!("MQTT {v}"),
                    version: Some(version(v)),
                    seen: Some(format!("not accepted: {why}").into()),
                    ..r::Capability::default()
                });
            }
            continue;
        };
        out.push(r::Capability {
            name: format!("MQTT {v}"),
            version: Some(version(v)),
            seen: Some("accepted".into()),
            ..r::Capability::default()
        });
        if v != Version::V500 {
            continue;
        }
        let p = &connack.properties;
        let number = |name: &str, value: Option<u32>, absent: &str| r::Capability {
            name: name.to_owned(),
            version: Some(r::Version::V5),
            seen: Some(value.map_or_else(|| format!("absent: {absent}"), |v| v.to_string()).into()),
            ..r::Capability::default()
        };
        out.extend([
            number("Maximum QoS", p.maximum_qos().map(u32::from), "2"),
            number("Retain Available", p.retain_available().map(u32::from), "1"),
            number(
                "Wildcard Subscription Available",
                p.wildcard_subscription_available().map(u32::from),
                "1",
            ),
            number(
                "Subscription Identifier Available",
                p.subscription_identifier_available().map(u32::from),
                "1",
            ),
            number("Shared Subscription Available", p.shared_subscription_available().map(u32::from), "1"),
            number("Receive Maximum", p.receive_maximum().map(u32::from), "65,535"),
            number("Maximum Packet Size", p.maximum_packet_size(), "no limit"),
            number("Topic Alias Maximum", p.topic_alias_maximum().map(u32::from), "0"),
            number("Server Keep Alive", p.server_keep_alive().map(u32::from), "the Client's"),
            number("Session Expiry Interval", p.session_expiry_interval(), "as the Client asked"),
        ]);
    }
    out
}

/// What was chosen, and how often.
pub(super) fn choices(plan: &Plan, findings: &Findings) -> Vec<r::Choice> {
    let mut counted: BTreeMap<(Version, String, String), u64> = BTreeMap::new();
    for (check, outcome) in plan.checks.iter().zip(&findings.outcomes) {
        for (question, answer) in outcome.iter().flat_map(|o| &o.choices) {
            *counted.entry((check.version, question.clone(), answer.clone())).or_default() += 1;
        }
    }
    counted
        .into_iter()
        .map(|((v, name, seen), times)| r::Choice {
            name,
            version: Some(version(v)),
            seen: seen.into(),
            times,
        })
        .collect()
}
