//! What a campaign has not exercised: nothing that it says is about these.

use record::campaign::{Campaign, Count, Occasions};

/// Control Packets that a Client may send.
const SENT: [&str; 11] = [
    "CONNECT",
    "PUBLISH",
    "PUBACK",
    "PUBREC",
    "PUBREL",
    "PUBCOMP",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "PINGREQ",
    "DISCONNECT",
    "AUTH",
];

/// Control Packets that a Server may send.
const RECEIVED: [&str; 11] = [
    "CONNACK",
    "PUBLISH",
    "PUBACK",
    "PUBREC",
    "PUBREL",
    "PUBCOMP",
    "SUBACK",
    "UNSUBACK",
    "PINGRESP",
    "DISCONNECT",
    "AUTH",
];

/// Why something did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// No workload asked for it.
    NeverAsked,
    /// Workloads asked for it so often, and the driver can not bring it about.
    NotAvailable(u64),
    /// Workloads asked for it so often, and there was never anything that it could befall or be done with.
    NothingToBefall(u64),
    /// It is nothing that workloads ask for: it did not come about.
    DidNotCome,
}

/// Something that never happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlindSpot {
    /// What, as a noun phrase.
    pub what: String,
    /// Why.
    pub why: Why,
}

/// Everything that never happened, in the order of the page.
#[must_use]
pub fn blind_spots(campaign: &Campaign) -> Vec<BlindSpot> {
    let exercised = &campaign.exercised;
    let mut spots = Vec::new();
    spots.extend(never(&exercised.versions, |name| format!("MQTT {name}")));
    spots.extend(exercised.hardship.iter().filter_map(|kind| of("Hardship", kind)));
    spots.extend(exercised.actions.iter().filter_map(|kind| of("Action", kind)));
    spots.extend(never(&exercised.endings, |name| format!("Network Connection {name}")));
    for (types, counts, end) in [(SENT, &exercised.sent, "Client"), (RECEIVED, &exercised.received, "Server")]
    {
        let missing = types.iter().filter(|name| count_of(counts, name) == 0);
        spots.extend(
            missing.map(|name| BlindSpot { what: format!("{name} of a {end}"), why: Why::DidNotCome }),
        );
    }
    spots
}

/// Whether it is a packet that comes from Clients, or from Servers.
pub(super) fn is_possible(name: &str, by_client: bool) -> bool {
    if by_client { SENT.contains(&name) } else { RECEIVED.contains(&name) }
}

pub(super) fn count_of(counts: &[Count], name: &str) -> u64 {
    counts.iter().filter(|count| count.name == name).map(|count| count.count).sum()
}

fn never(counts: &[Count], what: impl Fn(&str) -> String) -> impl Iterator<Item = BlindSpot> {
    counts
        .iter()
        .filter(|count| count.count == 0)
        .map(move |count| BlindSpot { what: what(&count.name), why: Why::DidNotCome })
}

fn of(class: &str, kind: &Occasions) -> Option<BlindSpot> {
    let why = match kind {
        Occasions { happened: 1.., .. } => return None,
        Occasions { idle: 0, not_available: 0, .. } => Why::NeverAsked,
        Occasions { not_available: 0, idle, .. } => Why::NothingToBefall(*idle),
        Occasions { not_available, .. } => Why::NotAvailable(*not_available),
    };
    Some(BlindSpot { what: format!("{class} “{}”", kind.name), why })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_no_blind_spot_and_everything_else_has_its_reason() {
        let occasions =
            |happened, idle, not_available| Occasions { name: "reset".into(), happened, idle, not_available };

        assert_eq!(of("Hardship", &occasions(1, 2, 3)), None);
        for (kind, why) in [
            (occasions(0, 0, 0), Why::NeverAsked),
            (occasions(0, 2, 0), Why::NothingToBefall(2)),
            (occasions(0, 2, 3), Why::NotAvailable(3)),
        ] {
            assert_eq!(of("Hardship", &kind).unwrap().why, why);
        }
    }
}
