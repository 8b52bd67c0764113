//! What Clients know for certain, because the Server has said so.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub struct Facts {
    /// Client Identifiers with a CONNACK.
    pub sessions: BTreeSet<&'static str>,
    /// Whether the Subscription that the messages are for has its SUBACK.
    pub subscribed: bool,
    /// Every message in the order of publishing; its number is its payload.
    pub messages: Vec<Message>,
    /// Of each Topic Name: what was published retained, in order, and the place of the last that was acknowledged.
    pub retained: BTreeMap<String, (Vec<usize>, Option<usize>)>,
    /// Topic Filters of the publisher: whether it is subscribed; `None` while there is no acknowledgement.
    pub filters: BTreeMap<String, Option<bool>>,
    /// PUBLISH packets of QoS 2 that have their PUBREC, and for which PUBREL is still to be sent.
    pub unreleased: BTreeMap<u16, usize>,
    /// The workload came to its end.
    pub ended: bool,
}

#[derive(Debug)]
pub struct Message {
    /// PUBACK or PUBREC has come to the publisher.
    pub acknowledged: bool,
    /// The subscriber has sent PUBACK, or PUBREC.
    pub received: bool,
    /// The subscriber has seen PUBREL: of this message it must never hear again.
    pub released: bool,
}

impl Facts {
    pub fn are_complete(&self) -> bool {
        self.ended
            && self.messages.len() > 10
            && self.messages.iter().all(|message| message.acknowledged)
            && self.messages.iter().any(|message| message.released)
            && !self.unreleased.is_empty()
            && !self.retained.is_empty()
            && self.filters.values().any(|state| *state == Some(true))
            && self.filters.values().any(|state| *state == Some(false))
    }

    /// Compares with the messages that the subscriber gets after the power loss.
    pub fn judge_messages(&self, delivered: &[usize]) -> Result<(), String> {
        let mut last = None;
        for number in delivered {
            if last >= Some(number) {
                return Err(format!("message {number} is delivered twice or out of order: {delivered:?}"));
            }
            last = Some(number);
            match self.messages.get(*number) {
                Some(message) if message.released => {
                    return Err(format!("message {number} of QoS 2 is delivered again after its PUBREL"));
                }
                Some(_) => {}
                None => return Err(format!("message {number} was never published")),
            }
        }
        for (number, message) in self.messages.iter().enumerate() {
            if message.acknowledged && !message.received && self.subscribed && !delivered.contains(&number) {
                return Err(format!("message {number} was acknowledged and is lost: {delivered:?}"));
            }
        }
        Ok(())
    }

    /// Compares with a retained message, or with there being none.
    pub fn judge_retained(&self, topic: &str, found: Option<usize>) -> Result<(), String> {
        let Some((published, Some(acknowledged))) = self.retained.get(topic) else { return Ok(()) };
        match found {
            Some(number) if published[*acknowledged..].contains(&number) => Ok(()),
            _ => Err(format!("retained on {topic} is {found:?}, not {}", published[*acknowledged])),
        }
    }
}
