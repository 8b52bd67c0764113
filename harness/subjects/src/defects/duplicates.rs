//! Properties of the Server's packets that stand twice where they may stand once (section 2.2.2.2).

use super::change_packet;
use crate::defect;
use protocol::{Packet, PropertyId};

macro_rules! twice {
    ($name:literal, $title:literal, $packet:ident, $property:ident, $id:literal) => {
        defect! {
            $name, $title,
            breaks: [$id],
            effect: |_, _, effect| change_packet(effect, |packet| {
                if let Packet::$packet(packet) = packet
                    && let Some(again) = packet.properties.get(PropertyId::$property).cloned()
                {
                    packet.properties.push(again);
                }
            }),
        }
    };
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
twice!(
    "reason-string-twice-in-suback",
    "SUBACK has its Reason String twice",
    Suback,
    ReasonString,
    "5.0/RULE-3.9.2.1.2-twice"
);
twice!(
    "reason-string-twice-in-unsuback",
    "UNSUBACK has its Reason String twice",
    Unsuback,
    ReasonString,
    "5.0/RULE-3.11.2.1.2-twice"
);
twice!(
    "reason-string-twice-in-disconnect",
    "DISCONNECT has its Reason String twice",
    Disconnect,
    ReasonString,
    "5.0/RULE-3.14.2.2.3-twice"
);
twice!(
    "method-twice-in-auth",
    "AUTH has its Authentication Method twice",
    Auth,
    AuthenticationMethod,
    "5.0/RULE-3.15.2.2.2-twice"
);
twice!(
    "data-twice-in-auth",
    "AUTH has its Authentication Data twice",
    Auth,
    AuthenticationData,
    "5.0/RULE-3.15.2.2.3-twice"
);
twice!(
    "reason-string-twice-in-auth",
    "AUTH has its Reason String twice",
    Auth,
    ReasonString,
    "5.0/RULE-3.15.2.2.4-twice"
);
