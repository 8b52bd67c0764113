//! The way of each packet to the Client: Maximum Packet Size and Request Problem Information (sections 3.1.2.11.4 and 3.1.2.11.7 of 5.0).

use crate::connection::State;
use crate::server::Server;
use catalogue::cite;
use protocol::{Packet, Property, PropertyId, Version, encoded_len};
use transport::{ConnectionId, Effect};

impl Server {
    /// Sends a packet to a Client that is connected. Returns whether it could be sent; it cannot if it is too large for the Client.
    pub(crate) fn send(&mut self, id: ConnectionId, mut packet: Packet) -> bool {
        let Some(connection) = self.connections.get(&id) else { return false };
        let State::Connected(connected) = &connection.state else { return false };
        let version = connected.version;
        self.remark(&mut packet, version);
        if !connected.problem_information {
            cite!("5.0/MQTT-3.1.2-29");
            match packet {
                Packet::Publish(_) | Packet::Connack(_) | Packet::Disconnect(_) => {}
                _ => without_problem_information(&mut packet),
            }
        }
        if !fits(&mut packet, version, connected.maximum_packet_size) {
            return false;
        }
        self.effects.push_back(Effect::Send { connection: id, version, packet });
        true
    }

    /// Adds the remarks of the configuration to a packet that is the Server's own.
    pub(crate) fn remark(&self, packet: &mut Packet, version: Version) {
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

pub(crate) fn without_problem_information(packet: &mut Packet) {
    if let Some(properties) = packet.properties_mut() {
        properties.remove(PropertyId::ReasonString);
        properties.remove(PropertyId::UserProperty);
    }
}
