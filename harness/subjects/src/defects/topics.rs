//! Topic Names and Topic Filters (section 4.7).

use crate::around::{Memory, change_received, send};
use crate::defect;
use protocol::{Packet, Publish, Version};
use transport::Input;

/// Sends a QoS 0 copy to each Client one of whose Subscriptions `also` matches the Topic Name, although the standard says that it does not.
fn deliver_also(memory: &mut Memory, publish: &Publish, also: fn(&str, &str) -> bool) {
    let open: Vec<_> =
        memory.peers.iter().filter(|(_, p)| !p.gone && p.connack.is_some()).map(|(id, _)| *id).collect();
    for connection in open {
        let filters = memory.subscriptions(connection);
        let right = filters.iter().any(|(f, _)| protocol::topic::matches(f, &publish.topic));
        if !right && filters.iter().any(|(f, _)| also(f, &publish.topic)) {
            let copy = Publish::new(publish.topic.clone(), publish.payload.clone());
            let effect = send(memory, connection, Packet::Publish(copy));
            memory.effects.push(effect);
        }
    }
}

macro_rules! matches_too_much {
    ($name:literal, $title:literal, [$($id:literal),+], $also:expr) => {
        defect! {
            $name, $title,
            breaks: [$($id),+],
            input: |memory, _, _, input| {
                if let Input::Received(Packet::Publish(publish)) = &input {
                    deliver_also(memory, publish, $also);
                }
                vec![input]
            },
        }
    };
}

matches_too_much!(
    "wildcards-match-dollar-topics",
    "A Topic Filter that begins with a wildcard matches Topic Names that begin with $",
    ["3.1.1/MQTT-4.7.2-1", "5.0/MQTT-4.7.2-1"],
    |filter, topic| topic.starts_with('$')
        && filter.starts_with(['#', '+'])
        && protocol::topic::matches(filter, &topic[1..])
);

matches_too_much!(
    "topics-are-matched-without-case",
    "Topics match regardless of case",
    [
        "3.1.1/MQTT-4.7.3-4",
        "5.0/MQTT-4.7.3-4",
        "3.1.1/RULE-4.7.3-case-sensitive",
        "5.0/RULE-4.7.3-case-sensitive"
    ],
    |filter, topic| protocol::topic::matches(&filter.to_lowercase(), &topic.to_lowercase())
);

matches_too_much!(
    "plus-matches-several-levels",
    "'+' at the end of a Topic Filter matches everything below",
    ["3.1.1/RULE-4.7.1.3-exactly-one-level", "5.0/RULE-4.7.1.3-exactly-one-level"],
    |filter, topic| filter
        .strip_suffix('+')
        .is_some_and(|f| f.ends_with('/') && protocol::topic::matches(&format!("{f}#"), topic))
);

matches_too_much!(
    "spaces-do-not-count",
    "Spaces in topics are ignored when matching",
    [
        "3.1.1/RULE-4.7.3-spaces-count",
        "5.0/RULE-4.7.3-spaces-count",
        "3.1.1/MQTT-4.7.3-4",
        "5.0/MQTT-4.7.3-4"
    ],
    |filter, topic| protocol::topic::matches(&filter.replace(' ', ""), &topic.replace(' ', ""))
);

matches_too_much!(
    "the-byte-order-mark-does-not-count",
    "U+FEFF in topics is ignored when matching",
    ["3.1.1/MQTT-1.5.3-3", "5.0/MQTT-1.5.4-3"],
    |filter, topic| protocol::topic::matches(&filter.replace('\u{FEFF}', ""), &topic.replace('\u{FEFF}', ""))
);

defect! {
    "hash-does-not-match-the-parent-level", "'#' does not match the level above it",
    breaks: ["3.1.1/RULE-4.7.1.2-includes-parent-level", "5.0/RULE-4.7.1.2-includes-parent-level"],
    effect: |memory, _, effect| {
        let transport::Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect else { return vec![effect] };
        let as_parent = |filter: &str| filter.strip_suffix("/#").is_some_and(|parent| protocol::topic::matches(parent, &publish.topic));
        let filters = memory.subscriptions(*connection);
        let mut matching = filters.iter().filter(|(f, _)| protocol::topic::matches(f, &publish.topic)).peekable();
        if matching.peek().is_some() && matching.all(|(f, _)| as_parent(f)) { vec![] } else { vec![effect] }
    },
}

defect! {
    "plus-does-not-match-an-empty-level", "'+' does not match an empty level",
    breaks: ["3.1.1/RULE-4.7.1.3-exactly-one-level", "5.0/RULE-4.7.1.3-exactly-one-level"],
    effect: |memory, _, effect| {
        let transport::Effect::Send { packet: Packet::Publish(publish), connection, .. } = &effect else { return vec![effect] };
        let by_an_empty_level = |filter: &str| {
            filter.split('/').zip(publish.topic.split('/')).any(|(f, t)| f == "+" && t.is_empty())
        };
        let filters = memory.subscriptions(*connection);
        let mut matching = filters.iter().filter(|(f, _)| protocol::topic::matches(f, &publish.topic)).peekable();
        if matching.peek().is_some() && matching.all(|(f, _)| by_an_empty_level(f)) { vec![] } else { vec![effect] }
    },
}

defect! {
    "topics-lose-a-leading-slash", "A leading '/' of a Topic Name is removed",
    breaks: [
        "3.1.1/MQTT-4.7.3-4", "5.0/MQTT-4.7.3-4", "3.1.1/RULE-4.7.1.1-empty-levels", "5.0/RULE-4.7.1.1-empty-levels",
        "3.1.1/RULE-4.7.3-separator-counts", "5.0/RULE-4.7.3-separator-counts"
    ],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Publish(publish) = packet {
            publish.topic = publish.topic.replace("//", "/").into();
        }
    }),
}

defect! {
    "invalid-topic-filters-are-granted", "A Topic Filter that is no valid one is replaced by one that is",
    breaks: [
        "3.1.1/MQTT-4.7.1-2", "3.1.1/MQTT-4.7.1-3", "5.0/MQTT-4.7.1-1", "5.0/MQTT-4.7.1-2", "5.0/MQTT-4.8.2-1", "5.0/MQTT-4.8.2-2"
    ],
    input: |memory, _, connection, input| {
        let version = memory.version(connection);
        change_received(input, |packet| {
            let Packet::Subscribe(subscribe) = packet else { return };
            for (filter, _) in &mut subscribe.filters {
                if protocol::topic::validate_filter(filter, version).is_err() {
                    *filter = match filter.strip_prefix("$share//") {
                        Some(rest) => format!("$share/g/{rest}").into(),
                        None => "valid".into(),
                    };
                }
            }
        })
    },
}

defect! {
    "empty-topic-filters-are-granted", "An empty Topic Filter, and one with U+0000, is treated as another",
    breaks: ["3.1.1/MQTT-4.7.3-1", "3.1.1/MQTT-4.7.3-2", "5.0/MQTT-4.7.3-1", "5.0/MQTT-4.7.3-2"],
    frame_in: |memory, connection, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() != Some(&0x82) || frame.len() < 7 {
            return vec![bytes];
        }
        let at = if memory.version(connection) == Version::V500 { 5 } else { 4 };
        if frame.get(at..at + 2) == Some(&[0, 0]) {
            frame[at + 1] = 1;
            frame.insert(at + 2, b'x');
            frame[1] += 1;
        }
        for byte in frame.iter_mut().skip(at + 2).rev().skip(1) {
            if *byte == 0 {
                *byte = b'x';
            }
        }
        vec![frame.into()]
    },
}
