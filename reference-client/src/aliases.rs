//! Topic Aliases in both directions (5.0 section 3.3.2.3.4). They live and die with the Network Connection.

use bytestring::ByteString;
use protocol::{Property, Publish};
use std::collections::BTreeMap;

/// What the Server's Topic Aliases mean.
#[derive(Debug)]
pub(crate) struct Incoming {
    maximum: u16,
    topics: BTreeMap<u16, ByteString>,
}

/// Why a received Topic Alias cannot be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AliasError {
    /// It is 0 or above the Topic Alias Maximum of the Client.
    OutOfRange,
    /// Neither the packet nor an earlier one says which topic it means.
    Unknown,
}

impl Incoming {
    pub(crate) fn new(maximum: u16) -> Self {
        catalogue::cite!("5.0/MQTT-3.3.2-7");
        Incoming { maximum, topics: BTreeMap::new() }
    }

    /// Fills in the Topic Name.
    pub(crate) fn resolve(&mut self, publish: &mut Publish) -> Result<(), AliasError> {
        let Some(alias) = publish.properties.topic_alias() else {
            return if publish.topic.is_empty() { Err(AliasError::Unknown) } else { Ok(()) };
        };
        catalogue::cite!("5.0/MQTT-3.3.2-10");
        if alias == 0 || alias > self.maximum {
            return Err(AliasError::OutOfRange);
        }
        if publish.topic.is_empty() {
            publish.topic = self.topics.get(&alias).ok_or(AliasError::Unknown)?.clone();
        } else {
            self.topics.insert(alias, publish.topic.clone());
        }
        Ok(())
    }
}

/// The Topic Aliases that the Client has made known to the Server: the first topics get one, and keep it.
#[derive(Debug)]
pub(crate) struct Outgoing {
    maximum: u16,
    aliases: BTreeMap<ByteString, u16>,
}

impl Outgoing {
    /// `maximum` is what both the Server accepts and the application wants.
    pub(crate) fn new(maximum: u16) -> Self {
        catalogue::cite!("5.0/MQTT-3.3.2-7");
        Outgoing { maximum, aliases: BTreeMap::new() }
    }

    /// The same PUBLISH with a Topic Alias, if there is one for it. Once it is sent, it has to be [remembered](Self::remember).
    pub(crate) fn shorten(&self, publish: &Publish) -> Option<Publish> {
        let mut shortened = publish.clone();
        let alias = match self.aliases.get(&publish.topic) {
            Some(alias) => {
                shortened.topic = ByteString::new();
                *alias
            }
            None => {
                catalogue::cite!(
                    "5.0/MQTT-3.2.2-17",
                    "5.0/MQTT-3.2.2-18",
                    "5.0/MQTT-3.3.2-8",
                    "5.0/MQTT-3.3.2-9"
                );
                let next = u16::try_from(self.aliases.len()).ok()?.checked_add(1)?;
                (next <= self.maximum).then_some(next)?
            }
        };
        shortened.properties.push(Property::TopicAlias(alias));
        Some(shortened)
    }

    /// The Server now knows what the Topic Alias of this PUBLISH means.
    pub(crate) fn remember(&mut self, sent: &Publish) {
        if let (false, Some(alias)) = (sent.topic.is_empty(), sent.properties.topic_alias()) {
            self.aliases.insert(sent.topic.clone(), alias);
        }
    }
}
