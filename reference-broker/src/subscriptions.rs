//! Which Sessions want which Application Messages: Subscriptions in a tree of Topic Filters (sections 3.8.4, 4.7 and 4.8).

use crate::session::Subscription;
use crate::session_id::SessionId;
use crate::shared::{Rank, Share};
use crate::trie::{NodeIndex, ROOT, Trie, Value};
use bytestring::ByteString;
use catalogue::cite;
use protocol::topic::FilterKind;
use std::collections::BTreeMap;

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
    /// Room for what a search finds; kept for its memory.
    spare: Vec<Match>,
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
        Subscriptions { trie: Trie::new(), stack: Vec::new(), spare: Vec::new() }
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

    /// The Subscription of exactly this filter.
    pub(crate) fn get(
        &self,
        session: SessionId,
        whole: &str,
        filter: FilterKind<'_>,
    ) -> Option<Subscription> {
        let subscribers = self.trie.value(self.trie.find(filter.filter())?);
        match filter.share_name() {
            None => subscribers.sessions.get(&session).copied(),
            Some(_) => subscribers.shares.get(whole)?.get(session),
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

    /// Every Subscription that the Topic Name matches; of each Shared Subscription the member that is `rank`ed best.
    pub(crate) fn matches(
        &mut self,
        topic: &str,
        rank: impl Fn(SessionId, &Subscription) -> Rank,
    ) -> Vec<Match> {
        let mut matches = std::mem::take(&mut self.spare);
        let mut stack = std::mem::take(&mut self.stack);
        // A position is where the rest of the Topic Name begins; `None` behind its last level.
        stack.push((ROOT, Some(0)));
        while let Some((node, position)) = stack.pop() {
            // Levels are compared byte by byte; U+FEFF is a character like any other.
            cite!("5.0/MQTT-4.7.3-4", "3.1.1/MQTT-4.7.3-4", "5.0/MQTT-1.5.4-3", "3.1.1/MQTT-1.5.3-3");
            // A wildcard in the first level does not match a Topic Name that begins with `$`.
            cite!("5.0/MQTT-4.7.2-1", "3.1.1/MQTT-4.7.2-1");
            let wildcards = node != ROOT || !topic.starts_with('$');
            if wildcards && let Some(multi) = self.trie.child(node, "#") {
                // `#` includes the parent level, so it matches even if no level is left.
                self.collect(multi, &rank, &mut matches);
            }
            let Some(start) = position else {
                self.collect(node, &rank, &mut matches);
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
        matches
    }

    /// Takes back what [`Subscriptions::matches`] has given, for its memory.
    pub(crate) fn put_away(&mut self, mut matches: Vec<Match>) {
        matches.clear();
        self.spare = matches;
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use protocol::topic::{matches, validate_filter};
    use protocol::{QoS, SubscriptionOptions, Version};

    const PLAIN: Subscription =
        Subscription { options: SubscriptionOptions::at(QoS::AtMostOnce), identifier: None };

    fn text(levels: &'static [&'static str]) -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(levels), 1..5).prop_map(|levels| levels.join("/"))
    }

    fn found(subscriptions: &mut Subscriptions, topic: &str) -> Vec<u64> {
        let matches = subscriptions.matches(topic, |_, _| Rank::Ready);
        let mut sessions: Vec<u64> = matches.iter().map(|found| found.session.0).collect();
        sessions.sort_unstable();
        sessions
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_the_standard_says_matches(
            filters in prop::collection::vec(text(&["a", "b", "", "+", "#", "$x"]), 0..20),
            topic in text(&["a", "b", "", "$x"]),
        ) {
            let filters: Vec<ByteString> = filters
                .into_iter()
                .filter(|filter| validate_filter(filter, Version::V500).is_ok())
                .map(ByteString::from)
                .collect();
            prop_assume!(!topic.is_empty());
            let mut subscriptions = Subscriptions::new();
            for (number, filter) in filters.iter().enumerate() {
                let parsed = validate_filter(filter, Version::V500).expect("valid");
                subscriptions.insert(SessionId(number as u64), filter, parsed, PLAIN);
            }

            let expected: Vec<u64> =
                (0..filters.len() as u64).filter(|n| matches(&filters[*n as usize], &topic)).collect();
            prop_assert_eq!(found(&mut subscriptions, &topic), expected);

            // Without Subscriptions nothing is left in the tree.
            for (number, filter) in filters.iter().enumerate() {
                let parsed = validate_filter(filter, Version::V500).expect("valid");
                prop_assert!(subscriptions.remove(SessionId(number as u64), filter, parsed));
            }
            prop_assert_eq!(subscriptions.trie.children(ROOT).count(), 0);
            prop_assert!(found(&mut subscriptions, &topic).is_empty());
        }
    }

    #[test]
    fn a_filter_of_65_535_levels_needs_no_deep_stack() {
        let filter = ByteString::from("/".repeat(65_534));
        let parsed = validate_filter(&filter, Version::V500).expect("valid");
        let mut subscriptions = Subscriptions::new();

        subscriptions.insert(SessionId(1), &filter, parsed, PLAIN);

        assert_eq!(found(&mut subscriptions, &filter), [1]);
        assert!(subscriptions.remove(SessionId(1), &filter, parsed));
    }
}
