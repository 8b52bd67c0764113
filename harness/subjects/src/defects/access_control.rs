//! Who is admitted and who may do what (sections 3.1.4, 3.3.5 and 5.4).

use crate::around::{change_packet, change_received};
use crate::defect;
use protocol::{Packet, ReasonCode};

defect! {
    "any-password-will-do", "User Name and Password are not checked",
    breaks: ["3.1.1/RULE-3.1.4-refusal-closes", "5.0/MQTT-3.1.4-2"],
    input: |_, _, _, input| change_received(input, |packet| {
        if let Packet::Connect(connect) = packet {
            connect.user_name = None;
            connect.password = None;
        }
    }),
}

defect! {
    "those-who-are-not-admitted-may-stay", "The Network Connection stays open after wrong credentials, without CONNACK",
    breaks: ["3.1.1/RULE-3.1.4-refusal-closes", "5.0/MQTT-3.1.4-2"],
    effect: |memory, _, effect| {
        let connack = memory.peers.get(&effect.connection()).and_then(|peer| peer.connack.as_ref());
        let codes = [ReasonCode(4), ReasonCode(5), ReasonCode::BAD_USER_NAME_OR_PASSWORD, ReasonCode::NOT_AUTHORIZED];
        if connack.is_some_and(|connack| codes.contains(&connack.reason)) { vec![] } else { vec![effect] }
    },
}

defect! {
    "permissions-are-not-looked-at", "Every user may publish to every topic",
    breaks: ["3.1.1/MQTT-3.3.5-2"],
    config: |config| config.users.iter_mut().for_each(|user| user.permissions.publish = vec!["#".to_owned()]),
}

defect! {
    "wrong-credentials-get-a-foreign-return-code", "In 3.1.1 wrong credentials are answered by the code for an unavailable Server",
    breaks: ["3.1.1/SHOULD-3.1.4-refusal-code", "3.1.1/SHOULD-3.2.2.3-fitting-code"],
    effect: |_, _, effect| change_packet(effect, |packet| {
        if let Packet::Connack(connack) = packet
            && [ReasonCode(4), ReasonCode(5)].contains(&connack.reason)
        {
            connack.reason = ReasonCode(3);
        }
    }),
}
