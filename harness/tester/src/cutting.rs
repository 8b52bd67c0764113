//! The network breaks at a chosen packet: before or after it has reached its receiver, or in the midst of it.
//!
//! Our end does it, so that it works on every Testbed. A packet of the Subject that "does not reach" the Client is thrown away with the connection, as if the
//! network had lost it; it is no observation of the Client then, and the transcript says so.

use super::{ObservationKind, Tester};
use crate::testbed::Shut;
use bytes::Bytes;
use protocol::{Packet, PacketType};

/// Where a Network Connection will break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The next packet of this type from the Server does not reach the Client.
    BeforeReceiving(PacketType),
    /// The next packet of this type from the Server is the last that reaches the Client; it cannot answer.
    AfterReceiving(PacketType),
    /// Of the next packet of this type from the Client only so many bytes reach the Server.
    WhileSending(PacketType, usize),
    /// The next packet of this type from the Client is the last that reaches the Server.
    AfterSending(PacketType),
}

impl Tester {
    /// From now on the network is going to break there. It replaces what was planned for this Client before.
    pub fn plan_cut(&mut self, name: &str, cut: Cut) {
        self.client(name).cut = Some(cut);
    }

    /// Whether a cut is planned that has not come about.
    #[must_use]
    pub fn cut_is_pending(&self, name: &str) -> bool {
        self.known(name).is_some_and(|client| client.cut.is_some())
    }

    /// Whether this packet to the Server is where the network breaks. Then what is to be sent of it has been sent, and the connection is over.
    pub(super) fn cut_on_the_way_out(&mut self, name: &str, packet: &Packet, bytes: &Bytes) -> bool {
        let kind = packet.packet_type();
        let reach = match self.client(name).cut {
            Some(Cut::WhileSending(wanted, reach)) if wanted == kind => {
                reach.min(bytes.len().saturating_sub(1))
            }
            Some(Cut::AfterSending(wanted)) if wanted == kind => bytes.len(),
            _ => return false,
        };
        let client = self.client(name);
        client.cut = None;
        let (link, connection) = (client.link, client.connection);
        if reach == bytes.len() {
            let whole = ObservationKind::Sent {
                bytes: bytes.clone(),
                packet: Some(packet.clone()),
                deliberate: None,
            };
            self.note(connection, whole);
            self.note(
                connection,
                ObservationKind::Hardship(format!("the network is cut after the {kind} of {name}")),
            );
        } else {
            let text = match reach {
                0 => format!("the network is cut before the {kind} of {name} reaches the Server"),
                _ => format!(
                    "the network is cut when {reach} of the {} bytes of the {kind} of {name} have reached the Server",
                    bytes.len()
                ),
            };
            self.note(connection, ObservationKind::Hardship(text));
        }
        if let Some(link) = link
            && reach > 0
        {
            self.put(name, link, bytes.slice(..reach));
        }
        // A reset might overtake what has just been sent; and what was never sent must not look like a farewell.
        self.shut(name, if reach > 0 { Shut::Close } else { Shut::Reset });
        true
    }

    /// Whether this packet from the Server is where the network breaks. Then the connection is over.
    pub(super) fn cut_on_the_way_in(&mut self, name: &str, packet: &Packet, bytes: &Bytes) -> bool {
        let kind = packet.packet_type();
        let arrives = match self.client(name).cut {
            Some(Cut::BeforeReceiving(wanted)) if wanted == kind => false,
            Some(Cut::AfterReceiving(wanted)) if wanted == kind => true,
            _ => return false,
        };
        let client = self.client(name);
        client.cut = None;
        let connection = client.connection;
        if arrives {
            let observation = self
                .note(connection, ObservationKind::Received { bytes: bytes.clone(), packet: packet.clone() });
            let answers = std::mem::replace(&mut self.client(name).answers, false);
            self.take_in(name, observation, packet.clone());
            self.client(name).answers = answers;
            self.note(
                connection,
                ObservationKind::Hardship(format!("the network is cut after {kind} has reached {name}")),
            );
        } else {
            self.note(
                connection,
                ObservationKind::Hardship(format!("the network is cut before {kind} reaches {name}")),
            );
        }
        self.shut(name, Shut::Reset);
        true
    }
}
