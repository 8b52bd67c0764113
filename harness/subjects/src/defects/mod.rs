//! Defects: every way to misbehave has a name. Each one says which Requirements it breaks, and the suite has to catch it (`selftest`).
//!
//! A Defect sits *around* the reference broker: on what goes in, on what comes out, on the bytes of either, in its configuration, or on the WebSocket
//! that it is behind. The engine
//! itself has no fault switches. One Defect is one [`defect!`](crate::defect!) in the file of its area, nothing else:
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
//! of which any may be left out. What a Server that is useless altogether does is in `null_servers`; Servers that conform and choose differently
//! are in `crate::variants`.

mod access;
mod aliases;
mod announcements;
mod around;
mod authentication;
mod behaviour;
mod client_identifiers;
mod connecting;
mod disconnecting;
mod duplicates;
mod errors;
mod exchanges;
mod flow_control;
mod form;
pub mod hostile;
mod keep_alive;
mod memberships;
mod memory;
pub mod null_servers;
mod ordering;
mod packet_size;
mod partial_packets;
mod properties;
mod publishing;
mod qos1;
mod qos2;
mod reason_codes;
mod redelivery;
mod refusing;
mod resuming;
mod retained;
mod sessions;
mod shared;
mod storing;
mod subscribing;
mod subscriptions;
mod tolerance;
mod topics;
mod unsubscribing;
pub mod websocket;
mod will;
mod wire;

pub use around::Around;
pub use behaviour::{Behaviour, StoreFault, change_packet, change_publish, change_received, send};
pub use disconnecting::leave_the_close_to_the_client;
pub use memory::{Memory, Peer};
pub use wire::Wire;

use crate::settings::Setting;
use catalogue::RequirementId;
use reference_broker::Server;
use tester::testbed::in_process::BoxedService;
use transport::{Hosted, WebSocket};

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
                behaviour: $crate::defects::Behaviour { $($where: Some($what),)+ ..$crate::defects::Behaviour::NONE },
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

/// The reference broker with this behaviour around it.
#[must_use]
pub fn around(behaviour: Behaviour, setting: Setting, seed: u64) -> BoxedService {
    let Setting { mut config, websocket } = setting;
    if let Some(twist) = behaviour.config {
        twist(&mut config);
    }
    let service = Wire::new(Hosted::new(Around::new(Server::new(config, seed), behaviour)));
    match (websocket, behaviour.websocket) {
        (false, _) => Box::new(service),
        (true, None) => Box::new(WebSocket::new(service)),
        (true, Some(twist)) => Box::new(websocket::Twisted::new(WebSocket::new(service), twist)),
    }
}

/// What the Defect or Variant with this name does.
#[must_use]
pub fn behaviour(name: &str) -> Option<Behaviour> {
    let defect = all().into_iter().find(|d| d.name == name).map(|d| d.behaviour);
    defect.or_else(|| crate::variants::all().into_iter().find(|v| v.name == name).map(|v| v.behaviour))
}

/// What is said of a name that nothing has.
#[must_use]
pub fn unknown(name: &str) -> String {
    format!("there is no Defect, Variant or null server \"{name}\": see `list --what defects`")
}

/// The Server with this name: one with a Defect, a Variant, or a null server.
///
/// # Errors
/// If nothing has this name.
pub fn service(name: &str, setting: Setting, seed: u64) -> Result<BoxedService, String> {
    if let Some(behaviour) = behaviour(name) {
        return Ok(around(behaviour, setting, seed));
    }
    null_servers::ALL.iter().find(|n| n.name == name).map(|n| (n.make)()).ok_or_else(|| unknown(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_one_thing() {
        let mut names: Vec<&str> = all().iter().map(|d| d.name).collect();
        names.extend(crate::variants::all().iter().map(|v| v.name));
        names.extend(null_servers::ALL.iter().map(|n| n.name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();

        assert_eq!(names.len(), count);
        for name in names {
            assert!(service(name, Setting::default(), 1).is_ok(), "{name}");
        }
    }
}
