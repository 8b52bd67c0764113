//! What the checker has to say: findings, each with its proof, and counts.

use crate::history::{ClientIndex, MessageId};
use catalogue::RequirementId;
use std::fmt;

/// The class of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A message that the Server had taken over did not reach a Client that had a right to it.
    Lost,
    /// A message reached a Client more often than its QoS and the Subscriptions allow.
    Duplicated,
    /// A message arrived that nobody had published.
    Unexpected,
    /// A message arrived under another Topic Name than it was published to.
    OtherTopic,
    /// A message arrived for which the Client had no Subscription.
    WithoutSubscription,
    /// A message was published and delivered after the Subscription had been given up and UNSUBACK had arrived.
    AfterUnsubscribe,
    /// Messages of one publisher, topic and QoS changed their order.
    OutOfOrder,
    /// Onward delivery began after the Message Expiry Interval had passed.
    AfterExpiry,
    /// The Message Expiry Interval does not tell how long the message waited.
    ExpiryNotCounted,
    /// A retained message was sent that had been replaced or deleted before the SUBSCRIBE.
    StaleRetained,
    /// A Subscription did not get a retained message.
    RetainedMissing,
    /// A retained message was sent at a SUBSCRIBE whose Retain Handling, or whose share, forbids it.
    RetainedUnasked,
    /// RETAIN is not what it has to be.
    RetainFlag,
    /// DUP is 0 although the packet is a repeat.
    DupFlag,
    /// A PUBLISH was repeated although the Network Connection had not changed.
    RepeatedOnConnection,
    /// The QoS of a delivery is not the lower of that of the message and that of the Subscription.
    WrongQoS,
    /// The Subscription Identifiers are not those of the Subscriptions.
    SubscriptionIdentifier,
    /// A message came back to its publisher against No Local.
    NoLocal,
    /// Two members of a Shared Subscription got one message.
    SharedTwice,
    /// More QoS 1 and 2 messages were open than the Receive Maximum of the Client.
    ReceiveMaximum,
    /// Session Present is wrong.
    SessionPresent,
    /// A Will Message was not published.
    WillMissing,
    /// A Will Message was published while the connection was open, or before its delay had passed.
    WillEarly,
    /// A Will Message was published more than once.
    WillTwice,
    /// A Will Message was published although DISCONNECT 0x00 had arrived.
    WillAfterDisconnect,
    /// A Will Message was published although the Session was resumed within the delay.
    WillAfterResumption,
}

impl Kind {
    /// All classes.
    pub const ALL: [Kind; 26] = [
        Kind::Lost,
        Kind::Duplicated,
        Kind::Unexpected,
        Kind::OtherTopic,
        Kind::WithoutSubscription,
        Kind::AfterUnsubscribe,
        Kind::OutOfOrder,
        Kind::AfterExpiry,
        Kind::ExpiryNotCounted,
        Kind::StaleRetained,
        Kind::RetainedMissing,
        Kind::RetainedUnasked,
        Kind::RetainFlag,
        Kind::DupFlag,
        Kind::RepeatedOnConnection,
        Kind::WrongQoS,
        Kind::SubscriptionIdentifier,
        Kind::NoLocal,
        Kind::SharedTwice,
        Kind::ReceiveMaximum,
        Kind::SessionPresent,
        Kind::WillMissing,
        Kind::WillEarly,
        Kind::WillTwice,
        Kind::WillAfterDisconnect,
        Kind::WillAfterResumption,
    ];

    /// Its name in reports and file names: lower case, words joined by hyphens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Lost => "lost",
            Kind::Duplicated => "duplicated",
            Kind::Unexpected => "unexpected",
            Kind::OtherTopic => "other-topic",
            Kind::WithoutSubscription => "without-subscription",
            Kind::AfterUnsubscribe => "after-unsubscribe",
            Kind::OutOfOrder => "out-of-order",
            Kind::AfterExpiry => "after-expiry",
            Kind::ExpiryNotCounted => "expiry-not-counted",
            Kind::StaleRetained => "stale-retained",
            Kind::RetainedMissing => "retained-missing",
            Kind::RetainedUnasked => "retained-unasked",
            Kind::RetainFlag => "retain-flag",
            Kind::DupFlag => "dup-flag",
            Kind::RepeatedOnConnection => "repeated-on-connection",
            Kind::WrongQoS => "wrong-qos",
            Kind::SubscriptionIdentifier => "subscription-identifier",
            Kind::NoLocal => "no-local",
            Kind::SharedTwice => "shared-twice",
            Kind::ReceiveMaximum => "receive-maximum",
            Kind::SessionPresent => "session-present",
            Kind::WillMissing => "will-missing",
            Kind::WillEarly => "will-early",
            Kind::WillTwice => "will-twice",
            Kind::WillAfterDisconnect => "will-after-disconnect",
            Kind::WillAfterResumption => "will-after-resumption",
        }
    }

    /// What a finding of this class says, as a sentence in the words of the standard.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Kind::Lost => {
                "A message that the Server had taken over did not reach a Client that had a right to it."
            }
            Kind::Duplicated => {
                "A message reached a Client more often than its QoS and the Subscriptions allow."
            }
            Kind::Unexpected => "A message arrived that nobody had published.",
            Kind::OtherTopic => "A message arrived under another Topic Name than it was published to.",
            Kind::WithoutSubscription => "A message arrived for which the Client had no Subscription.",
            Kind::AfterUnsubscribe => {
                "A message was published and delivered after the Subscription had been given up and UNSUBACK had arrived."
            }
            Kind::OutOfOrder => "Messages of one publisher, topic and QoS changed their order.",
            Kind::AfterExpiry => "Onward delivery began after the Message Expiry Interval had passed.",
            Kind::ExpiryNotCounted => {
                "The Message Expiry Interval of a delivery does not tell how long the message waited."
            }
            Kind::StaleRetained => {
                "A retained message was sent that had been replaced or deleted before the SUBSCRIBE."
            }
            Kind::RetainedMissing => "A Subscription did not get a retained message.",
            Kind::RetainedUnasked => {
                "A retained message was sent at a SUBSCRIBE whose Retain Handling, or whose share, forbids it."
            }
            Kind::RetainFlag => "RETAIN of a delivery is not what it has to be.",
            Kind::DupFlag => "DUP is 0 although the packet is a repeat.",
            Kind::RepeatedOnConnection => {
                "A PUBLISH was repeated although the Network Connection had not changed."
            }
            Kind::WrongQoS => {
                "The QoS of a delivery is not the lower of that of the message and that of the Subscription."
            }
            Kind::SubscriptionIdentifier => {
                "The Subscription Identifiers of a delivery are not those of the Subscriptions."
            }
            Kind::NoLocal => "A message came back to its publisher against No Local.",
            Kind::SharedTwice => "Two members of a Shared Subscription got one message.",
            Kind::ReceiveMaximum => {
                "More QoS 1 and 2 messages were open than the Receive Maximum of the Client."
            }
            Kind::SessionPresent => "Session Present is wrong.",
            Kind::WillMissing => "A Will Message was not published.",
            Kind::WillEarly => {
                "A Will Message was published while the Network Connection was open, or before its delay had passed."
            }
            Kind::WillTwice => "A Will Message was published more than once.",
            Kind::WillAfterDisconnect => {
                "A Will Message was published although DISCONNECT with Reason Code 0x00 had arrived."
            }
            Kind::WillAfterResumption => {
                "A Will Message was published although the Session was resumed within the delay."
            }
        }
    }

    /// Whether something did not happen that had to.
    #[must_use]
    pub const fn is_absence(self) -> bool {
        matches!(self, Kind::Lost | Kind::RetainedMissing | Kind::WillMissing)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What findings of one cause have in common; for grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// The class.
    pub kind: Kind,
    /// The first Requirement that is broken.
    pub requirement: RequirementId,
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.requirement)
    }
}

/// One breach, with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The class.
    pub kind: Kind,
    /// The Requirements that are broken, the nearest one first; never empty.
    pub requirements: Vec<RequirementId>,
    /// The Client that saw it.
    pub client: Option<ClientIndex>,
    /// The message in question.
    pub message: Option<MessageId>,
    /// The events that prove it, as places in [`crate::History::events`], ascending.
    pub events: Vec<usize>,
    /// What happened, as one sentence.
    pub text: String,
}

impl Finding {
    /// What it is grouped by.
    ///
    /// # Panics
    /// If somebody has emptied `requirements`.
    #[must_use]
    pub fn signature(&self) -> Signature {
        Signature { kind: self.kind, requirement: self.requirements[0] }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {} [events", self.kind, self.requirements[0], self.text)?;
        for event in &self.events {
            write!(f, " {event}")?;
        }
        f.write_str("]")
    }
}

/// How many of each class there were, the innocent ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Messages that were published, Will Messages not counted.
    pub published: u64,
    /// Messages of QoS 1 and 2 that the Server had surely taken over.
    pub accepted: u64,
    /// Messages of QoS 1 and 2 whose fate the publisher never learned.
    pub uncertain: u64,
    /// Uncertain messages that arrived somewhere.
    pub recovered: u64,
    /// PUBLISH packets that arrived.
    pub deliveries: u64,
    /// Of these: repeats and further copies.
    pub copies: u64,
    /// Pairs of a message and a Client that had a right to it; each was either delivered or is a finding.
    pub owed: u64,
    /// Pairs of a QoS 0 message and a Client with a Subscription that did not get it. Never a breach.
    pub lost_at_most_once: u64,
    /// Will Messages that arrived.
    pub wills: u64,
    /// Sessions that were resumed.
    pub resumed: u64,
}

/// What the checker says of a history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What was broken, in the order of the last event of each proof.
    pub findings: Vec<Finding>,
    /// Counts.
    pub summary: Summary,
}

impl Verdict {
    /// How many findings are of this class.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.findings.iter().filter(|finding| finding.kind == kind).count()
    }
}

/// The Requirement with the name for this version.
macro_rules! rule {
    ($version:expr, $v311:literal, $v500:literal) => {
        match $version {
            protocol::Version::V311 => const { catalogue::RequirementId::known($v311) },
            protocol::Version::V500 => const { catalogue::RequirementId::known($v500) },
        }
    };
}
pub(crate) use rule;

/// Where findings are gathered.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) found: Vec<Finding>,
}

impl Findings {
    /// Adds one; `events` in any order, without [`crate::survey::NEVER`].
    pub(crate) fn add(
        &mut self,
        kind: Kind,
        requirements: &[RequirementId],
        (client, message): (Option<u16>, Option<u32>),
        events: &[u32],
        text: String,
    ) {
        let mut events: Vec<usize> = events
            .iter()
            .filter(|&&event| event != crate::survey::NEVER)
            .map(|&event| event as usize)
            .collect();
        events.sort_unstable();
        events.dedup();
        self.found.push(Finding {
            kind,
            requirements: requirements.to_vec(),
            client: client.map(ClientIndex),
            message: message.map(MessageId),
            events,
            text,
        });
    }
}
