//! Maximum Packet Size (section 3.1.2.11.4).

use super::change_received;
use crate::defect;
use protocol::{Packet, Property, PropertyId};

defect! {
    "maximum-packet-size-is-ignored", "Packets are sent that are larger than the Client takes",
    breaks: ["5.0/MQTT-3.1.2-24"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.properties.remove(PropertyId::MaximumPacketSize);
        }
    }),
}

defect! {
    "maximum-packet-size-is-off-by-one", "Packets are sent that are one byte larger than the Client takes",
    breaks: ["5.0/MQTT-3.1.2-24"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(maximum) = connect.properties.maximum_packet_size()
        {
            connect.properties.set(Property::MaximumPacketSize(maximum.saturating_add(1)));
        }
    }),
}

defect! {
    "packets-of-the-maximum-size-are-left-out", "A packet that is just as large as the Client takes is left out",
    breaks: ["5.0/MQTT-3.1.2-25"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(maximum) = connect.properties.maximum_packet_size()
        {
            connect.properties.set(Property::MaximumPacketSize(maximum.saturating_sub(1).max(1)));
        }
    }),
}
