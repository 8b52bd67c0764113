//! Receive Maximum and quotas (sections 3.3.4 and 4.9).

use super::change_received;
use crate::defect;
use protocol::{Packet, PropertyId};

defect! {
    "receive-maximum-is-ignored", "More PUBLISH packets are unacknowledged than the Receive Maximum of the Client allows",
    breaks: ["5.0/MQTT-3.3.4-9", "5.0/MQTT-4.9.0-1", "5.0/MQTT-4.9.0-2"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.properties.remove(PropertyId::ReceiveMaximum);
        }
    }),
}
