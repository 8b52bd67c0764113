//! The way of each packet to the Client: Maximum Packet Size and Request Problem Information (sections 3.1.2.11.4 and 3.1.2.11.7 of 5.0).

use crate::config::Config;
use crate::connection::Connected;
use bytestring::ByteString;
use catalogue::cite;
use protocol::{Connect, Packet, Properties, Property, PropertyId, Version, encoded_len};
use std::collections::VecDeque;
use std::sync::Arc;
use transport::{ConnectionId, Effect};

/// What has to be done on Network Connections, in this order.
#[derive(Debug)]
pub(crate) struct Outbox {
    config: Arc<Config>,
    effects: VecDeque<Effect>,
}

impl Outbox {
    pub(crate) fn new(config: Arc<Config>) -> Self {
        Outbox { config, effects: VecDeque::new() }
    }

    /// The next thing to do.
    pub(crate) fn take(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// The Network Connection ends behind what is sent so far.
    pub(crate) fn close(&mut self, connection: ConnectionId) {
        self.effects.push_back(Effect::Close { connection });
    }

    /// The packet is sent as it is.
    pub(crate) fn push(&mut self, connection: ConnectionId, version: Version, packet: Packet) {
        self.effects.push_back(Effect::Send { connection, version, packet });
    }

    /// Sends a packet to a Client that is connected. Returns whether it could be sent; it cannot if it is too large for the Client.
    pub(crate) fn send(&mut self, to: &Connected, mut packet: Packet) -> bool {
        let fits = self.prepare(&mut packet, to.version, to.problem_information, to.maximum_packet_size);
        if fits {
            self.push(to.id, to.version, packet);
        }
        fits
    }

    /// Sends a packet to a Client whose CONNECT is not accepted (yet). Returns whether it could be sent.
    pub(crate) fn send_before_acceptance(
        &mut self,
        id: ConnectionId,
        connect: &Connect,
        mut packet: Packet,
    ) -> bool {
        let properties = &connect.properties;
        let problem_information = properties.request_problem_information() != Some(0);
        let maximum = properties.maximum_packet_size();
        let fits = self.prepare(&mut packet, connect.version, problem_information, maximum);
        if fits {
            self.push(id, connect.version, packet);
        }
        fits
    }

    /// Adds a Reason String, if the Server gives any.
    pub(crate) fn explain(&self, properties: &mut Properties, text: &'static str) {
        if self.config.reason_strings {
            properties.push(Property::ReasonString(ByteString::from_static(text)));
        }
    }

    /// Makes the packet one that this Client may get. Returns whether it can be one.
    fn prepare(
        &self,
        packet: &mut Packet,
        version: Version,
        problem_information: bool,
        maximum: Option<u32>,
    ) -> bool {
        self.remark(packet, version);
        if !problem_information {
            cite!("5.0/MQTT-3.1.2-29");
            match packet {
                Packet::Publish(_) | Packet::Connack(_) | Packet::Disconnect(_) => {}
                _ => without_problem_information(packet),
            }
        }
        fits(packet, version, maximum)
    }

    /// Adds the remarks of the configuration to a packet that is the Server's own.
    fn remark(&self, packet: &mut Packet, version: Version) {
        let Some(remarks) = self.config.remarks.as_ref().filter(|_| version == Version::V500) else { return };
        // An Application Message has what its publisher gave it, and nothing else.
        if matches!(packet, Packet::Publish(_)) {
            return;
        }
        let Some(properties) = packet.properties_mut() else { return };
        if properties.get(PropertyId::ReasonString).is_none() {
            properties.push(Property::ReasonString(remarks.reason_string.as_str().into()));
        }
        properties
            .push(Property::UserProperty((remarks.name.as_str().into(), remarks.value.as_str().into())));
    }
}

/// Whether the packet is within the Client's Maximum Packet Size, if need be after leaving out Reason String and User Properties.
pub(crate) fn fits(packet: &mut Packet, version: Version, maximum: Option<u32>) -> bool {
    cite!("5.0/MQTT-3.1.2-24");
    let Some(maximum) = maximum.and_then(|maximum| usize::try_from(maximum).ok()) else { return true };
    if encoded_len(packet, version) <= maximum {
        return true;
    }
    match packet {
        // The Properties of an Application Message are not ours to leave out.
        Packet::Publish(_) => false,
        _ => {
            cite!("5.0/MQTT-3.2.2-19", "5.0/MQTT-3.2.2-20", "5.0/MQTT-3.4.2-2", "5.0/MQTT-3.4.2-3");
            cite!("5.0/MQTT-3.5.2-2", "5.0/MQTT-3.5.2-3", "5.0/MQTT-3.6.2-2", "5.0/MQTT-3.6.2-3");
            cite!("5.0/MQTT-3.7.2-2", "5.0/MQTT-3.7.2-3", "5.0/MQTT-3.9.2-1", "5.0/MQTT-3.9.2-2");
            cite!("5.0/MQTT-3.11.2-1", "5.0/MQTT-3.11.2-2", "5.0/MQTT-3.14.2-3", "5.0/MQTT-3.14.2-4");
            cite!("5.0/MQTT-3.15.2-2", "5.0/MQTT-3.15.2-3");
            without_problem_information(packet);
            encoded_len(packet, version) <= maximum
        }
    }
}

fn without_problem_information(packet: &mut Packet) {
    if let Some(properties) = packet.properties_mut() {
        properties.remove(PropertyId::ReasonString);
        properties.remove(PropertyId::UserProperty);
    }
}
