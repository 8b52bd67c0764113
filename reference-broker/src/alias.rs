//! Topic Aliases in both directions (section 3.3.2.3.4 of 5.0). They belong to the Network Connection and go with it.

use bytestring::ByteString;
use catalogue::cite;
use std::collections::BTreeMap;

/// What the Client's aliases stand for.
#[derive(Debug)]
pub(crate) struct ReceivedAliases {
    topics: BTreeMap<u16, ByteString>,
    maximum: u16,
}

/// Why a Topic Alias cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AliasError {
    /// It is 0 or above the Topic Alias Maximum.
    Invalid,
    /// The Topic Name is empty and the alias stands for nothing yet.
    Unknown,
}

impl ReceivedAliases {
    pub(crate) fn new(maximum: u16) -> Self {
        cite!("5.0/MQTT-3.3.2-7");
        ReceivedAliases { topics: BTreeMap::new(), maximum }
    }

    /// The Topic Name that a PUBLISH with this alias means. One that is not empty is what the alias stands for from now on.
    pub(crate) fn resolve(&mut self, alias: u16, topic: &ByteString) -> Result<ByteString, AliasError> {
        cite!("5.0/MQTT-3.3.2-12", "5.0/MQTT-3.3.2-8");
        if alias == 0 || alias > self.maximum {
            return Err(AliasError::Invalid);
        }
        if topic.is_empty() {
            return self.topics.get(&alias).cloned().ok_or(AliasError::Unknown);
        }
        self.topics.insert(alias, topic.clone());
        Ok(topic.clone())
    }
}

/// The Server's own aliases: the first Topic Names get one each, as many as the Client allows.
#[derive(Debug)]
pub(crate) struct SentAliases {
    topics: BTreeMap<ByteString, u16>,
    maximum: u16,
}

/// How a Topic Name is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SentAlias {
    /// In full, without an alias.
    None,
    /// In full, with an alias that stands for it afterwards.
    New(u16),
    /// Empty, with an alias that stands for it.
    Known(u16),
}

impl SentAliases {
    pub(crate) fn new(maximum: u16) -> Self {
        SentAliases { topics: BTreeMap::new(), maximum }
    }

    /// How to send this Topic Name now.
    pub(crate) fn choose(&self, topic: &str) -> SentAlias {
        cite!("5.0/MQTT-3.1.2-26", "5.0/MQTT-3.1.2-27", "5.0/MQTT-3.3.2-11");
        if self.maximum == 0 {
            return SentAlias::None;
        }
        match (self.topics.get(topic), u16::try_from(self.topics.len())) {
            (Some(alias), _) => SentAlias::Known(*alias),
            (None, Ok(count)) if count < self.maximum => SentAlias::New(count + 1),
            (None, _) => SentAlias::None,
        }
    }

    /// Keeps what [`SentAliases::choose`] has chosen, once the packet is really sent.
    pub(crate) fn keep(&mut self, topic: &ByteString, alias: SentAlias) {
        if let SentAlias::New(alias) = alias {
            self.topics.insert(topic.clone(), alias);
        }
    }
}
