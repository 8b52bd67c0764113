//! What a message is made of arrives as it was published (sections 3.3.2.3 and 3.3.3).

use super::identity::{Topics, origins};
use super::{Seen, Watch, ids, packets};
use crate::monitor;
use catalogue::RequirementId;
use protocol::{Packet, Property, PropertyId, Role, Time, Version};
use tester::Transcript;

fn at(transcript: &Transcript, seen: &Seen<'_>) -> Time {
    transcript.observations[seen.observation].at
}

/// The Properties that are passed on unaltered, and where that is said.
fn unaltered() -> [(PropertyId, &'static [RequirementId]); 4] {
    [
        (PropertyId::PayloadFormatIndicator, ids!["5.0/MQTT-3.3.2-4"]),
        (PropertyId::ResponseTopic, ids!["5.0/MQTT-3.3.2-15"]),
        (PropertyId::CorrelationData, ids!["5.0/MQTT-3.3.2-16"]),
        (PropertyId::ContentType, ids!["5.0/MQTT-3.3.2-20"]),
    ]
}

monitor!(
    "properties-of-a-message-are-passed-on-unaltered",
    "The Properties that belong to a message arrive as they were published",
    [
        "5.0/MQTT-3.3.2-4",
        "5.0/MQTT-3.3.2-6",
        "5.0/MQTT-3.3.2-15",
        "5.0/MQTT-3.3.2-16",
        "5.0/MQTT-3.3.2-17",
        "5.0/MQTT-3.3.2-18",
        "5.0/MQTT-3.3.2-20"
    ],
    |transcript: &Transcript, watch: &mut Watch| {
        let origins = origins(transcript);
        let mut topics = Topics::default();
        for seen in packets(transcript).filter(|s| s.by == Role::Server && s.version == Version::V500) {
            let Packet::Publish(arrived) = seen.packet else { continue };
            let Some(topic) = topics.of(&seen, arrived) else { continue };
            let Some(origin) = origins.get(&arrived.payload) else { continue };
            if origin.topic != topic || origin.seen.version != Version::V500 {
                continue;
            }
            let (sent, got) = (&origin.publish.properties, &arrived.properties);
            for (id, statement) in unaltered() {
                // 0 is "equivalent to not sending a Payload Format Indicator" (3.3.2.3.2).
                let says_nothing = Property::PayloadFormatIndicator(0);
                if let Some(property) = sent.get(id).filter(|property| **property != says_nothing) {
                    watch.judge_for(&seen, statement, got.get(id) == Some(property), || {
                        seen.breach(format!("{} as it was published", id.name()), "another or none")
                    });
                }
            }
            let waited = at(transcript, &seen).saturating_sub(at(transcript, &origin.seen));
            // At the very end of its interval a message may go out as one that has expired, whose interval nobody can state.
            let lasts = |interval: &u32| waited.as_secs() + 1 < u64::from(*interval);
            if let Some(interval) = sent.message_expiry_interval().filter(lasts) {
                let left = got.message_expiry_interval();
                watch.judge_for(
                    &seen,
                    ids!["5.0/MQTT-3.3.2-6"],
                    left.is_some_and(|left| left <= interval),
                    || {
                        seen.breach(
                            format!("a Message Expiry Interval of at most {interval}"),
                            left.map_or("none".to_owned(), |left| left.to_string()),
                        )
                    },
                );
            }
            let wanted: Vec<_> = sent.user_properties().collect();
            if !wanted.is_empty() {
                let mut missing = got.user_properties().collect::<Vec<_>>();
                let all = wanted.iter().all(|one| {
                    missing.iter().position(|other| other == one).map(|index| missing.remove(index)).is_some()
                });
                watch.judge_for(&seen, ids!["5.0/MQTT-3.3.2-17"], all, || {
                    seen.breach("all User Properties that were published", "fewer or others")
                });
                // With one there is no order.
                if all && wanted.len() > 1 {
                    let mut rest = got.user_properties();
                    let in_order = wanted.iter().all(|one| rest.any(|other| other == *one));
                    watch.judge_for(&seen, ids!["5.0/MQTT-3.3.2-18"], in_order, || {
                        seen.breach("User Properties in the order of the publisher", "another order")
                    });
                }
            }
        }
    }
);
