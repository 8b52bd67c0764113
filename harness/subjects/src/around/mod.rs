//! What can stand around the reference broker: on what goes in, on what comes out, on the bytes of either, in its configuration, on its store, or on the
//! WebSocket that it is behind. The engine itself has no switches for faults.
//!
//! [`Behaviour`] names the places, and Defects, Variants and the hostile Server fill them in. Modules use each other in this order only: `memory`, `store`,
//! `websocket` and `frames` stand alone, `behaviour` names what they change, `engine` and `wire` do it.

mod behaviour;
mod engine;
mod frames;
mod memory;
mod store;
mod websocket;
mod wire;

pub use behaviour::{
    Behaviour, ChangeEffect, ChangeFrame, ChangeInput, change_packet, change_publish, change_received,
};
pub use engine::Around;
pub use frames::{frame_length, header_length};
pub use memory::{Memory, Peer, send};
pub use store::{Faulty, StoreFault};
pub use websocket::{Twist, Twisted};
pub use wire::Wire;

use crate::settings::Setting;
use reference_broker::Server;
use tester::testbed::in_process::BoxedService;
use transport::{Hosted, WebSocket};

/// The reference broker with this behaviour around it, keeping everything in memory.
#[must_use]
pub fn serve(behaviour: Behaviour, setting: Setting, seed: u64) -> BoxedService {
    let Setting { mut config, websocket } = setting;
    if let Some(twist) = behaviour.config {
        twist(&mut config);
    }
    let service = Wire::new(Hosted::new(Around::new(Server::new(config, seed), behaviour)));
    match (websocket, behaviour.websocket) {
        (false, _) => Box::new(service),
        (true, None) => Box::new(WebSocket::new(service)),
        (true, Some(twist)) => Box::new(Twisted::new(WebSocket::new(service), twist)),
    }
}
