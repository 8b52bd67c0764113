//! Choices about messages: copies, order across topics, what is kept.

use crate::variant;
use protocol::{Packet, PropertyId, QoS, ReasonCode};
use transport::{Effect, Input};

variant! {
    "retained-qos-0-messages-are-forgotten", "A retained QoS 0 message is dropped at once, which 3.3.1-7 of 3.1.1 and 3.3.1.3 of 5.0 allow",
    input: |_, _, _, input| {
        // What nobody gets must not define a Topic Alias either, so there are none to Clients.
        let input = match input {
            Input::Received(Packet::Connect(mut connect)) => {
                connect.properties.remove(PropertyId::TopicAliasMaximum);
                Input::Received(Packet::Connect(connect))
            }
            input => input,
        };
        let Input::Received(Packet::Publish(publish)) = &input else { return vec![input] };
        if !publish.retain || publish.qos != QoS::AtMostOnce || publish.payload.is_empty() || publish.topic.is_empty() {
            return vec![input];
        }
        // It clears what was retained and is delivered; nobody gets the empty message that clears it here.
        let mut clear = publish.clone();
        clear.payload = bytes::Bytes::new();
        clear.properties.remove(PropertyId::TopicAlias);
        clear.properties.push(protocol::Property::UserProperty(("forget".into(), "".into())));
        vec![input, Input::Received(Packet::Publish(clear))]
    },
    effect: |memory, _, effect| {
        let forgetting = memory.present_publish().is_some_and(|p| p.properties.user_properties().any(|(name, _)| name == "forget"));
        match &effect {
            Effect::Send { packet: Packet::Publish(_), .. } if forgetting => vec![],
            _ => vec![effect],
        }
    },
}

variant! {
    "does-not-say-that-nobody-is-there", "PUBACK and PUBREC have Success even if there are no matching subscribers (3.4.2.1: 0x10 MAY be used)",
    effect: |_, _, effect| crate::around::change_packet(effect, |packet| {
        if let Packet::Puback(ack) | Packet::Pubrec(ack) = packet
            && ack.reason == ReasonCode::NO_MATCHING_SUBSCRIBERS
        {
            ack.reason = ReasonCode::SUCCESS;
        }
    }),
}
