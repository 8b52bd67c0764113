//! Retained messages: the last one of each Topic Name, for later subscribers (section 3.3.1.3).

use crate::journal::{Journal, Key};
use crate::message::Message;
use crate::trie::{NodeIndex, ROOT, Trie, Value};
use catalogue::cite;
use protocol::Time;
use std::sync::Arc;

/// All retained messages. They belong to no Session and stay when Sessions end.
#[derive(Debug)]
pub(crate) struct Retained {
    trie: Trie<Slot>,
    count: usize,
    maximum: usize,
}

#[derive(Debug, Default)]
struct Slot(Option<Arc<Message>>);

impl Value for Slot {
    fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl Retained {
    /// No messages, and never more than `maximum`.
    pub(crate) fn new(maximum: usize) -> Self {
        Retained { trie: Trie::new(), count: 0, maximum }
    }

    /// Whether a message on this Topic Name can be kept.
    pub(crate) fn has_room(&mut self, topic: &str, now: Time, journal: &mut Journal) -> bool {
        if self.count >= self.maximum {
            self.forget_expired(now, journal);
        }
        self.count < self.maximum
            || self.trie.find(topic).is_some_and(|node| !self.trie.value(node).is_empty())
    }

    /// Keeps the message in the place of the one before it; one with an empty payload only removes that.
    pub(crate) fn store(&mut self, message: &Arc<Message>, journal: &mut Journal) {
        cite!("5.0/MQTT-3.3.1-5", "3.1.1/MQTT-3.3.1-5", "3.1.1/MQTT-3.3.1-7", "3.1.1/MQTT-3.1.2-7");
        if message.payload.is_empty() {
            cite!("5.0/MQTT-3.3.1-6", "5.0/MQTT-3.3.1-7", "3.1.1/MQTT-3.3.1-10", "3.1.1/MQTT-3.3.1-11");
            if let Some(node) = self.trie.find(&message.topic) {
                self.clear(node, journal);
            }
            return;
        }
        journal.touch(Key::Retained(message.topic.clone()));
        let node = self.trie.insert(&message.topic);
        if self.trie.value_mut(node).0.replace(Arc::clone(message)).is_none() {
            self.count += 1;
        }
    }

    /// The message of exactly this Topic Name.
    pub(crate) fn get(&self, topic: &str) -> Option<&Message> {
        self.trie.value(self.trie.find(topic)?).0.as_deref()
    }

    /// All messages, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Message> {
        self.trie.values().filter_map(|slot| slot.0.as_deref())
    }

    /// Adds to `found` the messages that the filter matches and that have not expired.
    pub(crate) fn matches(
        &mut self,
        filter: &str,
        now: Time,
        found: &mut Vec<Arc<Message>>,
        journal: &mut Journal,
    ) {
        let mut expired = Vec::new();
        let mut stack = vec![(ROOT, Some(0))];
        while let Some((node, position)) = stack.pop() {
            let Some(start) = position else {
                match &self.trie.value(node).0 {
                    Some(message) if message.is_expired(now) => expired.push(node),
                    Some(message) => found.push(Arc::clone(message)),
                    None => {}
                }
                continue;
            };
            let rest = &filter[start..];
            let (level, next) = match rest.find('/') {
                Some(end) => (&rest[..end], Some(start + end + 1)),
                None => (rest, None),
            };
            cite!("5.0/MQTT-4.7.2-1", "3.1.1/MQTT-4.7.2-1");
            let visible = |name: &str| node != ROOT || !name.starts_with('$');
            match level {
                "#" => {
                    // The node itself, and everything below it. In reverse, so that the stack gives them in order.
                    let below = self.trie.children(node).rev().filter(|(name, _)| visible(name));
                    stack.extend(below.map(|(_, child)| (child, Some(start))));
                    if node != ROOT {
                        stack.push((node, None));
                    }
                }
                "+" => {
                    let below = self.trie.children(node).rev().filter(|(name, _)| visible(name));
                    stack.extend(below.map(|(_, child)| (child, next)));
                }
                _ => stack.extend(self.trie.child(node, level).map(|child| (child, next))),
            }
        }
        for node in expired {
            self.clear(node, journal);
        }
    }

    fn clear(&mut self, node: NodeIndex, journal: &mut Journal) {
        if let Some(message) = self.trie.value_mut(node).0.take() {
            journal.touch(Key::Retained(message.topic.clone()));
            self.count -= 1;
        }
        self.trie.prune(node);
    }

    fn forget_expired(&mut self, now: Time, journal: &mut Journal) {
        let mut expired = Vec::new();
        let mut stack = vec![ROOT];
        while let Some(node) = stack.pop() {
            stack.extend(self.trie.children(node).map(|(_, child)| child));
            if self.trie.value(node).0.as_ref().is_some_and(|message| message.is_expired(now)) {
                expired.push(node);
            }
        }
        for node in expired {
            self.clear(node, journal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytestring::ByteString;
    use proptest::prelude::*;
    use protocol::topic::{matches, validate_filter};
    use protocol::{Properties, Property, QoS, Version};

    fn message(topic: &str, payload: &'static str) -> Arc<Message> {
        let (topic, payload) = (ByteString::from(topic), payload.into());
        let publisher = ByteString::new();
        Arc::new(Message::new(topic, payload, QoS::AtMostOnce, Properties::new(), publisher, Time::ZERO))
    }

    fn text(levels: &'static [&'static str]) -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(levels), 1..5).prop_map(|levels| levels.join("/"))
    }

    proptest! {
        #[test]
        fn the_tree_finds_the_topics_that_the_standard_says_match(
            topics in prop::collection::btree_set(text(&["a", "b", "", "$x"]), 0..20),
            filter in text(&["a", "b", "", "+", "#", "$x"]),
        ) {
            prop_assume!(validate_filter(&filter, Version::V500).is_ok() && !topics.contains(""));
            let mut retained = Retained::new(100);
            topics.iter().for_each(|topic| retained.store(&message(topic, "x"), &mut Journal::default()));

            let mut found = Vec::new();
            retained.matches(&filter, Time::ZERO, &mut found, &mut Journal::default());

            let mut found: Vec<&str> = found.iter().map(|message| &*message.topic).collect();
            found.sort_unstable();
            let expected: Vec<&str> =
                topics.iter().map(String::as_str).filter(|topic| matches(&filter, topic)).collect();
            prop_assert_eq!(found, expected);

            topics.iter().for_each(|topic| retained.store(&message(topic, ""), &mut Journal::default()));
            prop_assert_eq!(retained.count, 0);
            prop_assert_eq!(retained.trie.children(ROOT).count(), 0);
        }
    }

    #[test]
    fn what_has_expired_makes_room() {
        let (mut retained, journal) = (Retained::new(1), &mut Journal::default());
        let properties = Properties::new().with(Property::MessageExpiryInterval(1));
        let (topic, payload) = (ByteString::from("a"), "x".into());
        let publisher = ByteString::new();
        let message = Message::new(topic, payload, QoS::AtMostOnce, properties, publisher, Time::ZERO);
        retained.store(&Arc::new(message), journal);

        assert!(!retained.has_room("b", Time::ZERO, journal));
        assert!(retained.has_room("b", Time::from_secs(1), journal));
    }

    #[test]
    fn a_full_store_still_takes_a_new_message_for_an_old_topic() {
        let (mut retained, journal) = (Retained::new(1), &mut Journal::default());
        retained.store(&message("a", "x"), journal);

        assert!(retained.has_room("a", Time::ZERO, journal));
        assert!(!retained.has_room("b", Time::ZERO, journal));
        assert!(!retained.has_room("a/b", Time::ZERO, journal));
    }
}
