//! Maximum Packet Size (section 3.1.2.11.4).

use super::change_received;
use crate::defect;
use protocol::{Packet, PropertyId};

defect! {
    "maximum-packet-size-is-ignored", "Packets are sent that are larger than the Client takes",
    breaks: ["5.0/MQTT-3.1.2-24"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.properties.remove(PropertyId::MaximumPacketSize);
        }
    }),
}
