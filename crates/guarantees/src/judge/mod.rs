//! The verdicts that need the whole picture.

mod copies;
mod deliveries;
mod expiry;
mod losses;
mod matching;
mod order;
mod retained;
mod shares;
mod wills;

use crate::finding::{Findings, Verdict};
use crate::history::History;
use crate::survey::exchanges::Delivery;
use crate::survey::messages::Message;
use crate::survey::{NEVER, Survey};
use protocol::{QoS, Version};

/// Judges a history. The same history gives the same verdict.
#[must_use]
pub fn judge(history: &History) -> Verdict {
    let mut findings = Findings { found: Vec::new() };
    let survey = Survey::of(history, &mut findings);
    let court = Court::new(survey);
    court.judge_deliveries(&mut findings);
    court.judge_copies(&mut findings);
    court.judge_shares(&mut findings);
    court.judge_order(&mut findings);
    court.judge_wills(&mut findings);
    let mut summary = court.survey.summary;
    court.judge_losses(&mut findings, &mut summary);
    court.judge_retained_missing(&mut findings);
    court.count(&mut summary);
    let mut findings = findings.found;
    findings.sort_by(|left, right| (left.events.last(), left.kind).cmp(&(right.events.last(), right.kind)));
    Verdict { findings, summary }
}

/// The picture, and its deliveries by message and Client.
struct Court<'h> {
    survey: Survey<'h>,
    version: Version,
    /// Deliveries by message, then Client, then time.
    sorted: Vec<u32>,
    /// Where each message begins in `sorted`.
    begins: Vec<u32>,
    connected_at_end: Vec<bool>,
    retained: retained::Retained,
}

impl<'h> Court<'h> {
    fn new(survey: Survey<'h>) -> Self {
        let mut keys: Vec<u128> = (0u32..)
            .zip(&survey.deliveries)
            .map(|(place, it)| u128::from(it.message) << 64 | u128::from(it.client) << 32 | u128::from(place))
            .collect();
        keys.sort_unstable();
        let sorted: Vec<u32> = keys.iter().map(|&key| key as u32).collect();
        let mut begins = vec![0u32; survey.messages.len() + 1];
        for delivery in &survey.deliveries {
            begins[delivery.message as usize + 1] += 1;
        }
        for place in 1..begins.len() {
            begins[place] += begins[place - 1];
        }
        let connected_at_end = (0..survey.clients.len())
            .map(|client| u16::try_from(client).is_ok_and(|client| survey.is_connected_at_end(client)))
            .collect();
        let retained = retained::Retained::of(&survey);
        Court { version: survey.history.version, survey, sorted, begins, connected_at_end, retained }
    }

    /// What arrived of a message, by Client and time.
    fn deliveries_of(&self, message: u32) -> impl DoubleEndedIterator<Item = &Delivery> + Clone {
        let (begin, end) = (self.begins[message as usize], self.begins[message as usize + 1]);
        self.sorted[begin as usize..end as usize].iter().map(|&place| &self.survey.deliveries[place as usize])
    }

    /// What arrived of a message at one Client, by time.
    fn deliveries_to(&self, message: u32, client: u16) -> impl DoubleEndedIterator<Item = &Delivery> {
        let (begin, end) = (self.begins[message as usize], self.begins[message as usize + 1]);
        let (all, deliveries) = (&self.sorted[begin as usize..end as usize], &self.survey.deliveries);
        let begin = all.partition_point(|&place| deliveries[place as usize].client < client);
        let end = all.partition_point(|&place| deliveries[place as usize].client <= client);
        all[begin..end].iter().map(|&place| &deliveries[place as usize])
    }

    /// What arrived of a message, in one piece for each Client.
    fn groups_of(&self, message: u32) -> impl Iterator<Item = &[u32]> {
        let (begin, end) = (self.begins[message as usize], self.begins[message as usize + 1]);
        let deliveries = &self.survey.deliveries;
        self.sorted[begin as usize..end as usize].chunk_by(move |&left, &right| {
            deliveries[left as usize].client == deliveries[right as usize].client
        })
    }

    fn messages(&self) -> impl Iterator<Item = (u32, &Message)> {
        (0u32..).zip(&self.survey.messages).filter(|(_, message)| message.first != NEVER)
    }

    /// Whether a Client, at the end, is still in the Session that it had at a moment, remembers it, and is connected.
    fn stayed(&self, client: u16, since: u32) -> bool {
        self.connected_at_end[usize::from(client)] && {
            let unbroken = self.survey.clients[usize::from(client)].unbroken;
            unbroken != NEVER && unbroken <= since
        }
    }

    fn count(&self, summary: &mut crate::Summary) {
        for (_, message) in self.messages() {
            if message.will_of != NEVER {
                summary.wills += u64::from(message.arrived);
                continue;
            }
            summary.published += 1;
            if message.qos == QoS::AtMostOnce || message.failed {
                continue;
            }
            let certain = message.certain() != NEVER;
            summary.accepted += u64::from(certain);
            summary.uncertain += u64::from(!certain);
            summary.recovered += u64::from(!certain && message.arrived);
        }
    }
}
