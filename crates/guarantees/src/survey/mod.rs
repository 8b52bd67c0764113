//! One walk over a history: what is certain and what is possible, of connections, Sessions, Subscriptions, messages and deliveries.
//!
//! What shows during the walk is judged there: Session Present ([`sessions`]), Receive Maximum, and payloads that nobody published
//! ([`exchanges`]). All the rest is judged afterwards, with the whole picture at hand.

pub(crate) mod connections;
pub(crate) mod exchanges;
pub(crate) mod messages;
mod requests;
mod sending;
pub(crate) mod sessions;
pub(crate) mod subscriptions;
mod walk;

use crate::finding::{Findings, Summary};
use crate::history::{History, TopicIndex};
use connections::{Connection, Granted};
use exchanges::Delivery;
use messages::Message;
use sessions::Client;
use std::collections::BTreeMap;
use std::time::Duration;
use subscriptions::Slot;

/// The place of an event that has not happened: behind all others.
pub(crate) const NEVER: u32 = u32::MAX;

/// The picture of a history.
#[derive(Debug)]
pub(crate) struct Survey<'h> {
    pub(crate) history: &'h History,
    pub(crate) clients: Vec<Client>,
    pub(crate) connections: Vec<Connection>,
    pub(crate) messages: Vec<Message>,
    pub(crate) slots: Vec<Slot<'h>>,
    /// All PUBLISH packets that arrived with a message that somebody had published.
    pub(crate) deliveries: Vec<Delivery>,
    /// The moments at which the Server went down.
    pub(crate) downs: Vec<u32>,
    /// The moments at which it came up again and had forgotten all.
    pub(crate) forgot: Vec<u32>,
    /// From here on no verdict rests on time.
    pub(crate) clock_moved: u32,
    /// When the clock of the Server moved last; [`NEVER`] if it did not.
    last_jump: u32,
    /// The place of [`crate::What::End`] if it is quiescent.
    pub(crate) quiet_end: Option<u32>,
    pub(crate) summary: Summary,
    pub(crate) granted: Granted,
    /// SUBSCRIBE and UNSUBSCRIBE packets by number: their places.
    requests: Vec<u32>,
    places: BTreeMap<(u16, &'h str), u32>,
    /// Connections in front of this one are over.
    swept: usize,
    /// For each topic where its slots begin in `matching`.
    begins: Vec<u32>,
    matching: Vec<u32>,
}

impl<'h> Survey<'h> {
    /// Walks over a history.
    pub(crate) fn of(history: &'h History, findings: &mut Findings) -> Self {
        let mut survey = Survey {
            history,
            clients: Vec::new(),
            connections: Vec::new(),
            messages: Vec::new(),
            slots: Vec::new(),
            deliveries: Vec::new(),
            downs: Vec::new(),
            forgot: Vec::new(),
            clock_moved: NEVER,
            last_jump: NEVER,
            quiet_end: None,
            summary: Summary::default(),
            granted: Granted::of(history),
            requests: Vec::new(),
            places: BTreeMap::new(),
            swept: 0,
            begins: Vec::new(),
            matching: Vec::new(),
        };
        for (place, event) in (0..NEVER).zip(&history.events) {
            survey.walk(place, &event.what, findings);
        }
        survey.match_topics();
        survey
    }

    /// When an event happened; of none, after all others.
    pub(crate) fn at(&self, place: u32) -> Duration {
        self.history.events.get(place as usize).map_or(Duration::MAX, |event| event.at)
    }

    /// Which Subscriptions can ever have matched which topic.
    fn match_topics(&mut self) {
        let topics = self.history.topics.len();
        self.begins = Vec::with_capacity(topics + 1);
        for topic in 0..topics {
            self.begins.push(self.matching.len() as u32);
            let name = self.history.topics.name(TopicIndex(topic as u32));
            for (place, slot) in (0..).zip(&self.slots) {
                if protocol::topic::matches(slot.filter, name) {
                    self.matching.push(place);
                }
            }
        }
        self.begins.push(self.matching.len() as u32);
    }

    /// The Subscriptions that match a topic, of all Clients.
    pub(crate) fn slots_of(&self, topic: u32) -> impl Iterator<Item = &Slot<'h>> {
        let begin = self.begins.get(topic as usize).map_or(0, |&begin| begin as usize);
        let end = self.begins.get(topic as usize + 1).map_or(begin, |&end| end as usize);
        self.matching[begin..end].iter().map(|&place| &self.slots[place as usize])
    }

    /// Whether the Server went down between two moments.
    pub(crate) fn went_down_between(&self, from: u32, until: u32) -> bool {
        any_between(&self.downs, from, until)
    }

    /// Whether the Server forgot everything between two moments.
    pub(crate) fn forgot_between(&self, from: u32, until: u32) -> bool {
        any_between(&self.forgot, from, until)
    }

    /// Whether a Client is connected at the end, with nothing open that could change its Session.
    pub(crate) fn is_connected_at_end(&self, client: u16) -> bool {
        let who = &self.clients[usize::from(client)];
        self.connections
            .get(who.connection as usize)
            .is_some_and(|it| it.closed == NEVER && it.over == NEVER && it.disconnect == NEVER)
            && who.attempts.is_empty()
    }
}

fn any_between(moments: &[u32], from: u32, until: u32) -> bool {
    let next = moments.partition_point(|&moment| moment < from);
    moments.get(next).is_some_and(|&moment| moment <= until)
}

/// The entry with this number, and all before it.
fn entry<T>(list: &mut Vec<T>, index: usize, new: impl FnMut() -> T) -> &mut T {
    if index >= list.len() {
        list.resize_with(index + 1, new);
    }
    &mut list[index]
}
