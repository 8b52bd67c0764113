//! What Clients do: a workload is a list of steps, each of them one line.
//!
//! Data only. [`generate`](crate::generate) makes a workload from a seed, [`driver`](crate::driver) carries it out, [`mod@crate::shrink`] makes it
//! shorter. The words are those of the standard, as the sentences of the feature files use them.

use crate::schedule::Hardship;
use protocol::{QoS, RetainHandling, Version};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A Topic Name or Topic Filter.
pub type Text = Cow<'static, str>;

/// How many Clients a workload has at most.
pub const MAXIMUM_CLIENTS: u8 = 4;

/// A Client of the workload: `A`, `B`, `C` or `D`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct ClientName(pub(crate) u8);

impl ClientName {
    /// All that there can be.
    pub const ALL: [ClientName; MAXIMUM_CLIENTS as usize] =
        [ClientName(0), ClientName(1), ClientName(2), ClientName(3)];

    /// Its place among all, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl From<ClientName> for char {
    fn from(name: ClientName) -> char {
        char::from(b'A' + name.0)
    }
}

impl TryFrom<char> for ClientName {
    type Error = String;

    fn try_from(letter: char) -> Result<Self, String> {
        ClientName::ALL
            .into_iter()
            .find(|name| char::from(*name) == letter)
            .ok_or_else(|| format!("`{letter}` is no Client: A, B, C or D are"))
    }
}

/// A workload with its hardship: everything that a run needs, but for the Server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Decides what is left to chance: the delays of the network, and the randomness of the Server.
    pub seed: u64,
    /// The version that all Clients speak.
    #[serde(with = "crate::names::version")]
    pub version: Version,
    /// How long a segment takes at the beginning, in milliseconds: from, and below.
    pub latency: (u16, u16),
    /// What is done, in order; between one step and the next passes a millisecond.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A Client does something. One that cannot (a Client without Network Connection cannot subscribe) does nothing.
    Does(ClientName, Action),
    /// The network, a process or a machine gets into trouble.
    Suffers(Hardship),
    /// Time passes, in milliseconds.
    Passes(u32),
}

impl Step {
    /// The Client that it is about, if it is about one.
    #[must_use]
    pub const fn client(&self) -> Option<ClientName> {
        match self {
            Step::Does(client, _) => Some(*client),
            Step::Suffers(hardship) => hardship.client(),
            Step::Passes(_) => None,
        }
    }
}

/// What a Client can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Opens a Network Connection and sends CONNECT. Does nothing if it has one that it believes in.
    Connect(Connect),
    /// Sends SUBSCRIBE.
    Subscribe(Vec<Filter>, Option<u32>),
    /// Sends UNSUBSCRIBE.
    Unsubscribe(Text),
    /// Publishes; above QoS 0 as soon as it is connected.
    Publish(Publish),
    /// Sends DISCONNECT and closes.
    Disconnect(Disconnect),
    /// Closes its Network Connection without DISCONNECT.
    Leave,
}

/// The fields of a CONNECT that matter (section 3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Connect {
    /// Clean Start; CleanSession in 3.1.1.
    pub clean_start: bool,
    /// Session Expiry Interval in seconds (5.0 only); 0 is left out.
    pub session_expiry: u32,
    /// Receive Maximum (5.0 only).
    pub receive_maximum: Option<u16>,
    /// Keep Alive in seconds.
    pub keep_alive: u16,
    /// Topic Alias Maximum (5.0 only); 0 is left out.
    pub topic_aliases: u16,
    /// The Will Message.
    pub will: Option<Will>,
}

/// A Will Message (section 3.1.2.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Will {
    /// Will Topic.
    pub topic: Text,
    /// Will QoS.
    #[serde(with = "crate::names::qos")]
    pub qos: QoS,
    /// Will Retain.
    pub retain: bool,
    /// Will Delay Interval in seconds (5.0 only); 0 is left out.
    pub delay: u32,
}

/// A Topic Filter with its Subscription Options (section 3.8.3.1). All but the QoS is left out in 3.1.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Filter {
    /// The whole Topic Filter.
    pub filter: Text,
    /// Maximum QoS.
    #[serde(with = "crate::names::qos")]
    pub qos: QoS,
    /// No Local.
    pub no_local: bool,
    /// Retain As Published.
    pub retain_as_published: bool,
    /// Retain Handling.
    #[serde(with = "crate::names::retain_handling")]
    pub retain_handling: RetainHandling,
}

/// An Application Message (section 3.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// Topic Name.
    pub topic: Text,
    /// QoS.
    #[serde(with = "crate::names::qos")]
    pub qos: QoS,
    /// RETAIN.
    pub retain: bool,
    /// The payload is empty. Otherwise it names the message, and is filled up with dots.
    pub empty: bool,
    /// Message Expiry Interval in seconds (5.0 only).
    pub expiry: Option<u32>,
    /// The shortest length of the payload in bytes.
    pub length: u16,
}

/// A DISCONNECT (section 3.14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Disconnect {
    /// Reason Code 0x04: the Will Message is published (5.0 only; in 3.1.1 the Client closes without DISCONNECT).
    pub with_will: bool,
    /// Session Expiry Interval in seconds (5.0 only).
    pub session_expiry: Option<u32>,
}
