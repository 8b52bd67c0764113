//! What a Defect or a Variant may change, and short ways to do it.

use super::memory::Memory;
use super::store::StoreFault;
use super::websocket::Twist;
use bytes::Bytes;
use protocol::{Packet, Publish, Time};
use reference_broker::Config;
use std::fmt;
use transport::{ConnectionId, Effect, Input};

/// Changes what goes in: none, one or several inputs instead of this one.
pub type ChangeInput = fn(&mut Memory, Time, ConnectionId, Input) -> Vec<Input>;
/// Changes what comes out: none, one or several effects instead of this one.
pub type ChangeEffect = fn(&mut Memory, Time, Effect) -> Vec<Effect>;
/// Changes the bytes of one packet, in or out: none, one or several pieces instead.
pub type ChangeFrame = fn(&mut Memory, ConnectionId, Bytes) -> Vec<Bytes>;

/// What is different from the reference broker.
#[derive(Clone, Copy)]
pub struct Behaviour {
    /// Changes the configuration.
    pub config: Option<fn(&mut Config)>,
    /// Before the engine takes something in.
    pub input: Option<ChangeInput>,
    /// After the engine wants something done.
    pub effect: Option<ChangeEffect>,
    /// Before the strict decoder sees the bytes of a packet.
    pub frame_in: Option<ChangeFrame>,
    /// When the Network Connection ends within a packet, with what there is of it.
    pub cut_off: Option<ChangeFrame>,
    /// After a packet was encoded.
    pub frame_out: Option<ChangeFrame>,
    /// Where what changed is written down, if the Server has a store.
    pub store: Option<StoreFault>,
    /// On the WebSocket, in the configuration in which the Server is behind one.
    pub websocket: Option<Twist>,
}

impl Behaviour {
    /// Nothing is different.
    pub const NONE: Behaviour = Behaviour {
        config: None,
        input: None,
        effect: None,
        frame_in: None,
        cut_off: None,
        frame_out: None,
        store: None,
        websocket: None,
    };
}

impl fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Behaviour").finish_non_exhaustive()
    }
}

/// The effect with its packet changed, if it sends one.
pub fn change_packet(mut effect: Effect, change: impl FnOnce(&mut Packet)) -> Vec<Effect> {
    if let Effect::Send { packet, .. } = &mut effect {
        change(packet);
    }
    vec![effect]
}

/// The effect with its PUBLISH changed, if it sends one.
pub fn change_publish(effect: Effect, change: impl FnOnce(&mut Publish)) -> Vec<Effect> {
    change_packet(effect, |packet| {
        if let Packet::Publish(publish) = packet {
            change(publish);
        }
    })
}

/// The input with its packet changed, if one was received.
pub fn change_received(mut input: Input, change: impl FnOnce(&mut Packet)) -> Vec<Input> {
    if let Input::Received(packet) = &mut input {
        change(packet);
    }
    vec![input]
}
