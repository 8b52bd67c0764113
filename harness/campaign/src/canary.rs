//! Planted failures: a campaign that does not report them would not have reported real ones.
//!
//! In a few of each thousand seeds the history is judged a second time, with one observation altered. That a message arrives which nobody has
//! published must always be reported. A second delivery and a missing one may be excused by what else has happened in the
//! history, so of these only some have to be.

use guarantees::{History, Kind, Verdict, What};
use protocol::QoS;
use serde::Serialize;

/// Of how many seeds the first few are chosen.
const THOUSAND: u64 = 1_000;
/// How many of them.
const FEW: u64 = 8;
/// Among so many excusable failures at least one has to be reported.
const MANY: u64 = 20;

/// How many failures of one kind were planted, and reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Planted {
    /// Planted.
    pub planted: u64,
    /// Reported.
    pub reported: u64,
}

impl Planted {
    fn add(&mut self, reported: bool) {
        self.planted += 1;
        self.reported += u64::from(reported);
    }

    fn merge(&mut self, other: Planted) {
        self.planted += other.planted;
        self.reported += other.reported;
    }
}

/// The planted failures of a campaign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Canary {
    /// Messages that nobody has published.
    pub strangers: Planted,
    /// QoS 2 messages that arrive again.
    pub repeated: Planted,
    /// Messages of QoS 1 and 2 that do not arrive.
    pub missing: Planted,
}

impl Canary {
    /// Whether failures are planted in the run at this place of the campaign, counted from 0.
    pub(crate) const fn sits_at(place: u64) -> bool {
        place % THOUSAND < FEW
    }

    /// Plants one failure of each kind for which there is a place, each in a history of its own.
    pub(crate) fn plant(&mut self, history: &History, honest: &Verdict) {
        if let Some(altered) = with_stranger(history) {
            self.strangers.add(is_new(&altered, honest, Kind::Unexpected));
        }
        if let Some(altered) = with_repeated(history) {
            self.repeated.add(is_new(&altered, honest, Kind::Duplicated));
        }
        if let Some(altered) = with_missing(history) {
            self.missing.add(is_new(&altered, honest, Kind::Lost));
        }
    }

    pub(crate) fn merge(&mut self, other: &Canary) {
        self.strangers.merge(other.strangers);
        self.repeated.merge(other.repeated);
        self.missing.merge(other.missing);
    }

    /// Why the campaign proves nothing, if it does not.
    #[must_use]
    pub fn silence(&self) -> Option<String> {
        let Planted { planted, reported } = self.strangers;
        if planted == 0 {
            return Some("there was no run to plant a failure in: more seeds are needed".to_owned());
        }
        if reported < planted {
            return Some(format!(
                "of {planted} planted messages that nobody published, {reported} were reported"
            ));
        }
        for (name, kind) in [("second deliveries", self.repeated), ("missing deliveries", self.missing)] {
            if kind.planted >= MANY && kind.reported == 0 {
                return Some(format!("of {} planted {name} none was reported", kind.planted));
            }
        }
        None
    }
}

fn is_new(altered: &History, honest: &Verdict, kind: Kind) -> bool {
    guarantees::judge(altered).count(kind) > honest.count(kind)
}

fn position(history: &History, matches: impl Fn(&What) -> bool) -> Option<usize> {
    history.events.iter().rposition(|event| matches(&event.what))
}

fn with_stranger(history: &History) -> Option<History> {
    let place = position(history, |what| matches!(what, What::Delivered { message: Some(_), .. }))?;
    let mut altered = history.clone();
    if let What::Delivered { message, .. } = &mut altered.events[place].what {
        *message = None;
    }
    Some(altered)
}

fn with_repeated(history: &History) -> Option<History> {
    let is_once = |what: &What| {
        matches!(
            what,
            What::Delivered { message: Some(_), qos: QoS::ExactlyOnce, dup: false, retain: false, .. }
        )
    };
    let place = position(history, is_once)?;
    let mut altered = history.clone();
    let mut again = altered.events[place].clone();
    if let What::Delivered { packet_identifier, .. } = &mut again.what {
        // Another Packet Identifier: a repeat of the packet itself would be none of the message.
        *packet_identifier = packet_identifier.wrapping_add(0x4000).max(1);
    }
    altered.events.insert(place + 1, again);
    Some(altered)
}

fn with_missing(history: &History) -> Option<History> {
    let place = position(history, |what| {
        matches!(
            what,
            What::Delivered { message: Some(_), qos: QoS::AtLeastOnce, dup: false, retain: false, .. }
        )
    })?;
    let What::Delivered { connection, packet_identifier, .. } = history.events[place].what else {
        return None;
    };
    let mut altered = history.clone();
    // Its acknowledgement goes with it.
    let answer = altered.events[place..].iter().position(|event| {
        matches!(event.what, What::Acknowledged { connection: other, packet_identifier: id, .. }
            if other == connection && id == packet_identifier)
    });
    if let Some(answer) = answer {
        altered.events.remove(place + answer);
    }
    altered.events.remove(place);
    Some(altered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_without_a_reported_canary_proves_nothing() {
        let silent =
            |planted, reported| Canary { strangers: Planted { planted, reported }, ..Canary::default() };

        assert!(silent(0, 0).silence().is_some());
        assert!(silent(3, 2).silence().is_some());
        assert_eq!(silent(3, 3).silence(), None);

        let mut canary = silent(3, 3);
        canary.missing = Planted { planted: MANY, reported: 0 };
        assert!(canary.silence().is_some());
        canary.missing.reported = 1;
        assert_eq!(canary.silence(), None);
    }
}
