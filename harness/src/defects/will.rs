//! Will Messages (section 3.1.2.5).

use super::change_received;
use crate::defect;
use protocol::{Packet, QoS};
use transport::Input;

defect! {
    "wills-are-forgotten", "No Will Message is ever published",
    breaks: ["3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-7", "5.0/MQTT-3.1.2-8"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.will = None;
        }
    }),
}

defect! {
    "will-after-disconnect", "The Will Message is published although the Client has sent DISCONNECT",
    breaks: ["3.1.1/MQTT-3.14.4-3", "3.1.1/MQTT-3.1.2-10", "5.0/MQTT-3.14.4-3", "5.0/MQTT-3.1.2-10", "3.1.1/MQTT-3.1.2-8", "5.0/MQTT-3.1.2-8"],
    input: |_, _, _, input| match input {
        Input::Received(Packet::Disconnect(_)) => vec![Input::Ended],
        input => vec![input],
    },
}

defect! {
    "will-at-qos-0", "Will Messages have QoS 0, whatever the Will QoS is",
    breaks: ["3.1.1/MQTT-3.1.2-9"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            will.qos = QoS::AtMostOnce;
        }
    }),
}

defect! {
    "will-is-never-retained", "Will Retain is ignored",
    breaks: ["3.1.1/MQTT-3.1.2-17", "5.0/MQTT-3.1.2-15"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            will.retain = false;
        }
    }),
}

defect! {
    "will-is-always-retained", "Every Will Message is retained",
    breaks: ["3.1.1/MQTT-3.1.2-16", "5.0/MQTT-3.1.2-14"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            will.retain = true;
        }
    }),
}

defect! {
    "will-delay-is-ignored", "The Will Message is published at once, whatever the Will Delay Interval is",
    breaks: ["5.0/MQTT-3.1.3-9"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(will) = &mut connect.will
        {
            will.properties.remove(protocol::PropertyId::WillDelayInterval);
        }
    }),
}
