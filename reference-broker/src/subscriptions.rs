//! Which Sessions want which Application Messages: Subscriptions in a tree of Topic Filters (sections 3.8.4, 4.7 and 4.8).

use crate::session::SessionId;
use crate::shared::{Rank, Share};
use crate::trie::{NodeIndex, ROOT, Trie, Value};
use bytestring::ByteString;
use catalogue::cite;
use protocol::SubscriptionOptions;
use protocol::topic::FilterKind;
use std::collections::BTreeMap;

/// A Subscription of one Session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) options: SubscriptionOptions,
    /// The Subscription Identifier.
    pub(crate) identifier: Option<u32>,
}

/// A Subscription that an Application Message matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) session: SessionId,
    pub(crate) subscription: Subscription,
    /// The whole Topic Filter of a Shared Subscription.
    pub(crate) share: Option<ByteString>,
}

/// All Subscriptions of all Sessions.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    trie: Trie<Subscribers>,
    /// The nodes that a search still has to look at; kept for its memory.
    stack: Vec<(NodeIndex, Option<usize>)>,
}

/// The Subscriptions with one Topic Filter.
#[derive(Debug, Default)]
struct Subscribers {
    sessions: BTreeMap<SessionId, Subscription>,
    shares: BTreeMap<ByteString, Share>,
}

impl Value for Subscribers {
    fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.shares.is_empty()
    }
}

impl Subscriptions {
    pub(crate) fn new() -> Self {
        Subscriptions { trie: Trie::new(), stack: Vec::new() }
    }

    /// Makes or replaces the Subscription. Returns whether it is new to the Session.
    pub(crate) fn insert(
        &mut self,
        session: SessionId,
        whole: &ByteString,
        filter: FilterKind<'_>,
        subscription: Subscription,
    ) -> bool {
        cite!("5.0/MQTT-3.8.4-3", "3.1.1/MQTT-3.8.4-3");
        let node = self.trie.insert(filter.filter());
        let subscribers = self.trie.value_mut(node);
        match filter.share_name() {
            None => subscribers.sessions.insert(session, subscription).is_none(),
            Some(_) => subscribers.shares.entry(whole.clone()).or_default().join(session, subscription),
        }
    }

    /// Deletes the Subscription of exactly this filter. Returns whether there was one.
    pub(crate) fn remove(&mut self, session: SessionId, whole: &str, filter: FilterKind<'_>) -> bool {
        // Character by character: wildcards in the filter are characters like others here.
        cite!("5.0/MQTT-3.10.4-1", "3.1.1/MQTT-3.10.4-1", "5.0/MQTT-4.7.3-4", "3.1.1/MQTT-4.7.3-4");
        let Some(node) = self.trie.find(filter.filter()) else { return false };
        let subscribers = self.trie.value_mut(node);
        let existed = match filter.share_name() {
            None => subscribers.sessions.remove(&session).is_some(),
            Some(_) => {
                let was_member = subscribers.shares.get_mut(whole).is_some_and(|share| share.leave(session));
                subscribers.shares.retain(|_, share| !share.is_empty());
                was_member
            }
        };
        self.trie.prune(node);
        existed
    }

    /// Adds to `matches` every Subscription that the Topic Name matches; of each Shared Subscription the member that is `rank`ed best.
    pub(crate) fn matches(
        &mut self,
        topic: &str,
        rank: impl Fn(SessionId, &Subscription) -> Rank,
        matches: &mut Vec<Match>,
    ) {
        let mut stack = std::mem::take(&mut self.stack);
        // A position is where the rest of the Topic Name begins; `None` behind its last level.
        stack.push((ROOT, Some(0)));
        while let Some((node, position)) = stack.pop() {
            // A wildcard in the first level does not match a Topic Name that begins with `$`.
            cite!("5.0/MQTT-4.7.2-1", "3.1.1/MQTT-4.7.2-1");
            let wildcards = node != ROOT || !topic.starts_with('$');
            if wildcards && let Some(multi) = self.trie.child(node, "#") {
                // `#` includes the parent level, so it matches even if no level is left.
                self.collect(multi, &rank, matches);
            }
            let Some(start) = position else {
                self.collect(node, &rank, matches);
                continue;
            };
            let rest = &topic[start..];
            let (level, next) = match rest.find('/') {
                Some(end) => (&rest[..end], Some(start + end + 1)),
                None => (rest, None),
            };
            if wildcards && let Some(single) = self.trie.child(node, "+") {
                stack.push((single, next));
            }
            if let Some(child) = self.trie.child(node, level) {
                stack.push((child, next));
            }
        }
        self.stack = stack;
    }

    fn collect(
        &mut self,
        node: NodeIndex,
        rank: &impl Fn(SessionId, &Subscription) -> Rank,
        matches: &mut Vec<Match>,
    ) {
        let subscribers = self.trie.value_mut(node);
        for (session, subscription) in &subscribers.sessions {
            matches.push(Match { session: *session, subscription: *subscription, share: None });
        }
        for (whole, share) in &mut subscribers.shares {
            if let Some((session, subscription)) = share.choose(rank) {
                matches.push(Match { session, subscription, share: Some(whole.clone()) });
            }
        }
    }

    /// Another member of a Shared Subscription, for a message that its first receiver will not take any more.
    pub(crate) fn choose_member(
        &mut self,
        whole: &ByteString,
        filter: FilterKind<'_>,
        rank: impl Fn(SessionId, &Subscription) -> Rank,
    ) -> Option<(SessionId, Subscription)> {
        let node = self.trie.find(filter.filter())?;
        self.trie.value_mut(node).shares.get_mut(whole)?.choose(&rank)
    }
}
