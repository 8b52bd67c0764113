//! Maximum Packet Size of the Client, in every packet to it (section 3.1.2.11.4, and the sections on Reason String and User Property).

use crate::around::{Memory, change_packet, change_received};
use crate::defect;
use protocol::{Packet, Property, PropertyId, encoded_len};
use transport::Effect;

defect! {
    "maximum-packet-size-is-ignored", "Packets are sent that exceed the Client's Maximum Packet Size",
    breaks: ["5.0/MQTT-3.1.2-24"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.properties.remove(PropertyId::MaximumPacketSize);
        }
    }),
}

defect! {
    "maximum-packet-size-is-off-by-one", "Packets are sent that exceed the Client's Maximum Packet Size by one byte",
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
    "packets-of-the-maximum-size-are-left-out", "A packet of exactly the Client's Maximum Packet Size is not sent",
    breaks: ["5.0/MQTT-3.1.2-25"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet
            && let Some(maximum) = connect.properties.maximum_packet_size()
        {
            connect.properties.set(Property::MaximumPacketSize(maximum.saturating_sub(1).max(1)));
        }
    }),
}

/// Whether this packet goes to a Client with a Maximum Packet Size, and how large that is.
fn maximum_of(memory: &Memory, effect: &Effect) -> Option<usize> {
    let maximum = memory.connect(effect.connection())?.properties.maximum_packet_size()?;
    usize::try_from(maximum).ok().filter(|maximum| *maximum < 1000)
}

defect! {
    "user-properties-are-left-out-to-make-a-message-fit", "A message that is too large for the Client is sent without its User Properties",
    breaks: ["5.0/MQTT-3.3.2-17"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.properties.remove(PropertyId::MaximumPacketSize);
        }
    }),
    effect: |memory, _, mut effect| {
        let maximum = maximum_of(memory, &effect);
        if let (Effect::Send { version, packet, .. }, Some(maximum)) = (&mut effect, maximum)
            && encoded_len(packet, *version) > maximum
        {
            let Packet::Publish(publish) = packet else { return vec![effect] };
            publish.properties.remove(PropertyId::UserProperty);
            if encoded_len(packet, *version) > maximum {
                return vec![];
            }
        }
        vec![effect]
    },
}

fn is_without_alias(packet: &Packet) -> bool {
    matches!(packet, Packet::Publish(publish) if publish.properties.topic_alias().is_none())
}

defect! {
    "a-topic-alias-leaves-no-room-for-the-message", "A message that would fit without its new Topic Alias is not sent",
    breaks: ["5.0/MQTT-3.1.2-25"],
    effect: |memory, _, effect| {
        let connect = memory.connect(effect.connection());
        let aliases = connect.and_then(|connect| connect.properties.topic_alias_maximum()).is_some();
        match (&effect, maximum_of(memory, &effect)) {
            (Effect::Send { version, packet, .. }, Some(maximum))
                if aliases && is_without_alias(packet) && encoded_len(packet, *version) + 3 > maximum =>
            {
                vec![]
            }
            _ => vec![effect],
        }
    },
}

macro_rules! too_large {
    ($name:literal, $title:literal, $packet:ident, $reason:literal, $user:literal) => {
        defect! {
            $name, $title,
            breaks: [$reason, $user],
            effect: |memory, _, effect| {
                let maximum = maximum_of(memory, &effect);
                change_packet(effect, |packet| {
                    if let (Packet::$packet(packet), Some(maximum)) = (packet, maximum) {
                        let properties = &mut packet.properties;
                        properties.set(Property::ReasonString("x".repeat(maximum).into()));
                        properties.push(Property::UserProperty(("name".into(), "value".into())));
                    }
                })
            },
        }
    };
}

too_large!(
    "connack-is-too-large-by-its-reason",
    "CONNACK has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Connack,
    "5.0/MQTT-3.2.2-19",
    "5.0/MQTT-3.2.2-20"
);

too_large!(
    "puback-is-too-large-by-its-reason",
    "PUBACK has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Puback,
    "5.0/MQTT-3.4.2-2",
    "5.0/MQTT-3.4.2-3"
);

too_large!(
    "pubrec-is-too-large-by-its-reason",
    "PUBREC has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Pubrec,
    "5.0/MQTT-3.5.2-2",
    "5.0/MQTT-3.5.2-3"
);

too_large!(
    "pubrel-is-too-large-by-its-reason",
    "PUBREL has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Pubrel,
    "5.0/MQTT-3.6.2-2",
    "5.0/MQTT-3.6.2-3"
);

too_large!(
    "pubcomp-is-too-large-by-its-reason",
    "PUBCOMP has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Pubcomp,
    "5.0/MQTT-3.7.2-2",
    "5.0/MQTT-3.7.2-3"
);

too_large!(
    "suback-is-too-large-by-its-reason",
    "SUBACK has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Suback,
    "5.0/MQTT-3.9.2-1",
    "5.0/MQTT-3.9.2-2"
);

too_large!(
    "unsuback-is-too-large-by-its-reason",
    "UNSUBACK has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Unsuback,
    "5.0/MQTT-3.11.2-1",
    "5.0/MQTT-3.11.2-2"
);

too_large!(
    "disconnect-is-too-large-by-its-reason",
    "DISCONNECT has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Disconnect,
    "5.0/MQTT-3.14.2-3",
    "5.0/MQTT-3.14.2-4"
);

too_large!(
    "auth-is-too-large-by-its-reason",
    "AUTH has a Reason String and a User Property that make it larger than the Client's Maximum Packet Size",
    Auth,
    "5.0/MQTT-3.15.2-2",
    "5.0/MQTT-3.15.2-3"
);
