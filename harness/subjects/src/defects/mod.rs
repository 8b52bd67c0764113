//! Defects: every way to misbehave has a name. Each one says which Requirements it breaks, and the suite has to catch it (`selftest`).
//!
//! A Defect stands *around* the reference broker ([`crate::around`]). One Defect is one [`defect!`](crate::defect!) in the file that is named after the
//! section of the standard whose statements it breaks, nothing else:
//!
//! ```text
//! defect! {
//!     "dup-is-copied-to-subscribers", "The DUP flag of the publisher goes out to the subscribers",
//!     breaks: ["3.1.1/MQTT-3.3.1-3", "5.0/MQTT-3.3.1-3"],
//!     input: |memory, now, connection, input| …  -> Vec<Input>,
//!     effect: |memory, now, effect| …            -> Vec<Effect>,
//!     frame_in: |memory, connection, bytes| …    -> Vec<Bytes>,
//!     cut_off: |memory, connection, bytes| …     -> Vec<Bytes>,
//!     frame_out: |memory, connection, bytes| …   -> Vec<Bytes>,
//!     config: |config| …,
//!     store: StoreFault::…,
//!     websocket: Twist { … },
//! }
//! ```
//!
//! of which any may be left out. Servers that conform and choose differently are in [`crate::variants`], Servers that do nothing useful in
//! [`crate::null_servers`].

mod access_control;
mod acknowledgements;
mod client_identifiers;
mod connack;
mod connect;
mod data_types;
mod delivery;
mod disconnect;
mod enhanced_authentication;
mod errors;
mod fixed_headers;
mod flow_control;
mod keep_alive;
mod limited_servers;
mod maximum_packet_size;
mod ordering;
mod packet_identifiers;
mod patterns;
mod publish;
mod redelivery;
mod retained;
mod session_state;
mod shared_subscriptions;
mod storing;
mod suback;
mod subscribe;
mod subscription_identifiers;
mod topic_alias;
mod topics;
mod unsubscribe;
mod websocket;
mod wills;

pub use disconnect::leave_the_close_to_the_client;

use crate::around::Behaviour;
use catalogue::RequirementId;

/// A named misbehaviour.
#[derive(Debug)]
pub struct Defect {
    /// Its name, in lower case with dashes.
    pub name: &'static str,
    /// What it does, as a sentence.
    pub title: &'static str,
    /// The Requirements that a Server with it breaks.
    pub breaks: &'static [RequirementId],
    /// How.
    pub behaviour: Behaviour,
}

inventory::collect!(Defect);

/// Declares a [`Defect`](crate::defects::Defect).
#[macro_export]
macro_rules! defect {
    ($name:literal, $title:literal, breaks: [$($id:literal),+ $(,)?], $($where:ident: $what:expr),+ $(,)?) => {
        inventory::submit! {
            $crate::defects::Defect {
                name: $name,
                title: $title,
                breaks: const { &[$(::catalogue::RequirementId::known($id)),+] },
                behaviour: $crate::around::Behaviour { $($where: Some($what),)+ ..$crate::around::Behaviour::NONE },
            }
        }
    };
}

/// All Defects, sorted by name.
#[must_use]
pub fn all() -> Vec<&'static Defect> {
    let mut all: Vec<&Defect> = inventory::iter::<Defect>.into_iter().collect();
    all.sort_by_key(|d| d.name);
    all
}
