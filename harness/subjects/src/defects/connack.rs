//! CONNACK (section 3.2): Session Present, Reason Codes, and Properties that are wrong in themselves. Limits that it announces are the subject of
//! `limited_servers`.

use super::patterns::{sends_bytes, twice};
use crate::around::{Memory, change_packet, send};
use crate::defect;
use bytes::Bytes;
use protocol::{Packet, Property, ReasonCode, Version};
use transport::{ConnectionId, Effect};

defect! {
    "packets-before-connack", "PINGRESP comes before CONNACK",
    breaks: ["3.1.1/MQTT-3.2.0-1", "5.0/MQTT-3.2.0-1"],
    effect: |memory, _, effect| match &effect {
        Effect::Send { packet: Packet::Connack(_), connection, .. } => {
            vec![send(memory, *connection, Packet::Pingresp), effect]
        }
        _ => vec![effect],
    },
}

defect! {
    "stays-open-after-refusing", "The Network Connection stays open after a CONNACK that refuses",
    breaks: ["3.1.1/MQTT-3.2.2-5", "5.0/MQTT-3.2.2-7", "5.0/MQTT-4.13.2-1"],
    effect: |memory, _, effect| {
        let refused = memory.peers.get(&effect.connection()).and_then(|p| p.connack.as_ref()).is_some_and(|c| c.reason.0 != 0);
        match effect {
            Effect::Close { .. } if refused => vec![],
            effect => vec![effect],
        }
    },
}

twice!(
    "server-reference-twice-in-connack",
    "CONNACK has its Server Reference twice",
    Connack,
    ServerReference,
    "5.0/RULE-3.2.2.3.16-twice"
);

twice!(
    "method-twice-in-connack",
    "CONNACK has its Authentication Method twice",
    Connack,
    AuthenticationMethod,
    "5.0/RULE-3.2.2.3.17-twice"
);

twice!(
    "data-twice-in-connack",
    "CONNACK has its Authentication Data twice",
    Connack,
    AuthenticationData,
    "5.0/RULE-3.2.2.3.18-twice"
);

/// The same CONNACK with these Properties added, if it accepts a Client of 5.0.
fn connack_with(memory: &Memory, effect: Effect, properties: Vec<Property>) -> Vec<Effect> {
    let v5 = memory.version(effect.connection()) == Version::V500;
    change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet
            && v5
            && connack.reason == ReasonCode::SUCCESS
        {
            for property in properties {
                connack.properties.push(property);
            }
        }
    })
}

macro_rules! connack_has {
    ($($name:literal, $title:literal, [$($id:literal),+], [$($property:expr),+];)+) => {
        $(defect! {
            $name, $title,
            breaks: [$($id),+],
            effect: |memory, _, effect| connack_with(memory, effect, vec![$($property),+]),
        })+
    };
}

connack_has! {
    "session-expiry-interval-stands-twice-in-connack", "CONNACK has Session Expiry Interval twice",
        ["5.0/RULE-3.2.2.3.2-twice"], [Property::SessionExpiryInterval(10), Property::SessionExpiryInterval(10)];
    "receive-maximum-stands-twice-in-connack", "CONNACK has Receive Maximum twice",
        ["5.0/RULE-3.2.2.3.3-twice"], [Property::ReceiveMaximum(10), Property::ReceiveMaximum(10)];
    "maximum-qos-stands-twice-in-connack", "CONNACK has Maximum QoS twice",
        ["5.0/RULE-3.2.2.3.4-twice"], [Property::MaximumQoS(1), Property::MaximumQoS(1)];
    "retain-available-stands-twice-in-connack", "CONNACK has Retain Available twice",
        ["5.0/RULE-3.2.2.3.5-twice"], [Property::RetainAvailable(1), Property::RetainAvailable(1)];
    "maximum-packet-size-stands-twice-in-connack", "CONNACK has Maximum Packet Size twice",
        ["5.0/RULE-3.2.2.3.6-twice"], [Property::MaximumPacketSize(100_000), Property::MaximumPacketSize(100_000)];
    "assigned-client-identifier-stands-twice-in-connack", "CONNACK has Assigned Client Identifier twice",
        ["5.0/RULE-3.2.2.3.7-twice"], [Property::AssignedClientIdentifier("assigned".into()), Property::AssignedClientIdentifier("assigned".into())];
    "topic-alias-maximum-stands-twice-in-connack", "CONNACK has Topic Alias Maximum twice",
        ["5.0/RULE-3.2.2.3.8-twice"], [Property::TopicAliasMaximum(0), Property::TopicAliasMaximum(0)];
    "reason-string-stands-twice-in-connack", "CONNACK has Reason String twice",
        ["5.0/RULE-3.2.2.3.9-twice"], [Property::ReasonString("fine".into()), Property::ReasonString("fine".into())];
    "wildcard-subscription-available-stands-twice-in-connack", "CONNACK has Wildcard Subscription Available twice",
        ["5.0/RULE-3.2.2.3.11-twice"], [Property::WildcardSubscriptionAvailable(1), Property::WildcardSubscriptionAvailable(1)];
    "subscription-identifiers-available-stands-twice-in-connack", "CONNACK has Subscription Identifiers Available twice",
        ["5.0/RULE-3.2.2.3.12-twice"], [Property::SubscriptionIdentifierAvailable(1), Property::SubscriptionIdentifierAvailable(1)];
    "shared-subscription-available-stands-twice-in-connack", "CONNACK has Shared Subscription Available twice",
        ["5.0/RULE-3.2.2.3.13-twice"], [Property::SharedSubscriptionAvailable(1), Property::SharedSubscriptionAvailable(1)];
    "server-keep-alive-stands-twice-in-connack", "CONNACK has Server Keep Alive twice",
        ["5.0/RULE-3.2.2.3.14-twice"], [Property::ServerKeepAlive(60), Property::ServerKeepAlive(60)];
    "response-information-stands-twice-in-connack", "CONNACK has Response Information twice",
        ["5.0/RULE-3.2.2.3.15-twice"], [Property::ResponseInformation("reply".into()), Property::ResponseInformation("reply".into())];
    "receive-maximum-0-in-connack", "CONNACK has Receive Maximum 0, a value that it must not have",
        ["5.0/RULE-3.2.2.3.3-zero"], [Property::ReceiveMaximum(0)];
    "maximum-qos-2-in-connack", "CONNACK has Maximum QoS 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.4-value"], [Property::MaximumQoS(2)];
    "retain-available-2-in-connack", "CONNACK has Retain Available 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.5-value"], [Property::RetainAvailable(2)];
    "maximum-packet-size-0-in-connack", "CONNACK has Maximum Packet Size 0, a value that it must not have",
        ["5.0/RULE-3.2.2.3.6-zero"], [Property::MaximumPacketSize(0)];
    "wildcard-subscription-available-2-in-connack", "CONNACK has Wildcard Subscription Available 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.11-value"], [Property::WildcardSubscriptionAvailable(2)];
    "subscription-identifiers-available-2-in-connack", "CONNACK has Subscription Identifiers Available 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.12-value"], [Property::SubscriptionIdentifierAvailable(2)];
    "shared-subscription-available-2-in-connack", "CONNACK has Shared Subscription Available 2, a value that it must not have",
        ["5.0/RULE-3.2.2.3.13-value"], [Property::SharedSubscriptionAvailable(2)];
}

/// The bytes of an accepting CONNACK, taken apart and changed.
fn connack_frame(
    memory: &Memory,
    connection: ConnectionId,
    bytes: Bytes,
    change: impl FnOnce(&mut [u8], Version),
) -> Vec<Bytes> {
    let mut frame = bytes.to_vec();
    if frame.first() == Some(&0x20) && frame.len() >= 4 {
        change(&mut frame, memory.version(connection));
    }
    vec![frame.into()]
}

sends_bytes! {
    "connack-flags-are-not-zero", "A reserved bit of the Connect Acknowledge Flags is set",
        ["3.1.1/RULE-3.2.2.1-reserved-flags", "5.0/MQTT-3.2.2-1"],
        |memory, connection, bytes| connack_frame(memory, connection, bytes, |frame, _| frame[2] |= 0x80);
    "connack-has-a-code-of-its-own", "A refusal comes with a code that is not in the table of CONNACK",
        ["3.1.1/RULE-3.2.2.3-reserved-return-code", "5.0/MQTT-3.2.2-8"],
        |memory, connection, bytes| connack_frame(memory, connection, bytes, |frame, version| {
            if frame[3] != 0 {
                frame[3] = if version == Version::V500 { 0x93 } else { 6 };
            }
        });
}

defect! {
    "response-information-unasked", "CONNACK has Response Information although it was not requested",
    breaks: ["5.0/MQTT-3.1.2-28", "5.0/RULE-3.1.2.11.6-absent-means-zero"],
    effect: |memory, _, effect| {
        let v5 = memory.version(effect.connection()) == Version::V500;
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && v5
            {
                connack.properties.set(Property::ResponseInformation("reply".into()));
            }
        })
    },
}

defect! {
    "sessions-are-said-to-survive-a-restart", "After a restart Session Present is 1 for every returning Client, although nothing was kept",
    breaks: ["3.1.1/MQTT-3.2.2-3", "5.0/MQTT-3.2.2-3"],
    input: |memory, now, _, input| {
        // A Server that begins its life late is not in its first one.
        if memory.mark("alive") && !now.is_zero() {
            memory.mark("restarted");
        }
        vec![input]
    },
    effect: |memory, _, effect| {
        let returns = memory.connect(effect.connection()).is_some_and(|connect| !connect.clean_start);
        let restarted = memory.marked("restarted");
        change_packet(effect, |packet| {
            if let Packet::Connack(connack) = packet
                && connack.reason.0 == 0
            {
                connack.session_present |= returns && restarted;
            }
        })
    },
}

defect! {
    "session-present-is-always-0", "Session Present is 0 although a Session is resumed",
    breaks: ["3.1.1/MQTT-3.2.2-2", "5.0/MQTT-3.2.2-3"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.session_present = false;
        }
    }),
}

defect! {
    "session-present-is-always-1", "Session Present is 1 although there was no Session",
    breaks: ["3.1.1/MQTT-3.2.2-1", "3.1.1/MQTT-3.2.2-3", "5.0/MQTT-3.2.2-2", "5.0/MQTT-3.2.2-3"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet {
            connack.session_present = connack.reason.0 == 0;
        }
    }),
}

defect! {
    "session-present-in-refusals", "A CONNACK that refuses has Session Present 1",
    breaks: ["3.1.1/MQTT-3.2.2-4", "5.0/MQTT-3.2.2-6"],
    frame_out: |_, _, bytes| {
        let mut frame = bytes.to_vec();
        if frame.first() == Some(&0x20) && frame.len() > 3 && frame[3] != 0 {
            frame[2] = 1;
        }
        vec![frame.into()]
    },
}
