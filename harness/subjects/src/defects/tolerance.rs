//! Faults of a Client that go unnoticed: the Server passes over the packet and keeps the Network Connection open, each for one kind of fault (sections 1.5, 2 and 3).

use crate::defect;
use transport::Input;

/// Nothing at all for a packet that the decoder refuses for one of these Requirements.
fn pass_over(input: Input, faults: &[&str]) -> Vec<Input> {
    match &input {
        Input::Malformed(error) if faults.contains(&error.requirement.as_str()) => vec![],
        _ => vec![input],
    }
}

/// `name, title, [what the decoder says], [what the Server breaks]`.
macro_rules! passes_over {
    ($($name:literal, $title:literal, [$($fault:literal),+], [$($id:literal),+];)+) => {
        $(defect! {
            $name, $title,
            breaks: [$($id),+],
            input: |_, _, _, input| pass_over(input, &[$($fault),+]),
            // A Client whose CONNECT was passed over is not sent away for being late.
            config: |config| config.connect_timeout = 0,
        })+
    };
}

passes_over! {
    "strings-beyond-the-packet-go-unnoticed", "A string that is longer than its packet",
        ["3.1.1/RULE-1.5.3-string-beyond-packet", "5.0/RULE-1.5.4-string-beyond-packet"],
        ["3.1.1/RULE-1.5.3-string-beyond-packet", "5.0/RULE-1.5.4-string-beyond-packet"];
    "forbidden-packet-types-go-unnoticed", "A packet type that does not exist",
        ["3.1.1/RULE-2.2.1-forbidden-type", "5.0/RULE-2.1.2-forbidden-type"],
        ["3.1.1/RULE-2.2.1-forbidden-type", "5.0/RULE-2.1.2-forbidden-type"];
    "packets-that-clients-do-not-send-go-unnoticed", "A packet that only Servers send",
        ["3.1.1/RULE-2.2.1-not-from-client", "5.0/RULE-2.1.2-not-from-client"],
        ["3.1.1/RULE-2.2.1-not-from-client", "5.0/RULE-2.1.2-not-from-client"];
    "missing-fields-go-unnoticed", "A packet that ends before its last field",
        ["3.1.1/RULE-2.2.3-missing-field", "5.0/RULE-2.1.4-missing-field"],
        ["3.1.1/RULE-2.2.3-missing-field", "5.0/RULE-2.1.4-missing-field"];
    "remaining-length-of-five-bytes-goes-unnoticed", "A Remaining Length of five bytes",
        ["3.1.1/RULE-2.2.3-remaining-length-of-five-bytes", "5.0/RULE-2.1.4-remaining-length-of-five-bytes"],
        ["3.1.1/RULE-2.2.3-remaining-length-of-five-bytes", "5.0/RULE-2.1.4-remaining-length-of-five-bytes"];
    "bytes-behind-the-end-go-unnoticed", "Bytes behind the last field of a packet",
        ["3.1.1/RULE-2.2.3-trailing-bytes", "5.0/RULE-2.1.4-trailing-bytes"],
        ["3.1.1/RULE-2.2.3-trailing-bytes", "5.0/RULE-2.1.4-trailing-bytes"];
    "ill-formed-strings-go-unnoticed", "A string that is no UTF-8",
        ["5.0/MQTT-1.5.4-1"],
        ["5.0/RULE-1.5.4-ill-formed-string"];
    "null-characters-go-unnoticed", "A string with U+0000",
        ["5.0/MQTT-1.5.4-2"],
        ["5.0/RULE-1.5.4-null-character"];
    "variable-byte-integers-of-five-bytes-goes-unnoticed", "A Variable Byte Integer of five bytes",
        ["5.0/RULE-1.5.5-five-bytes"],
        ["5.0/RULE-1.5.5-five-bytes"];
    "binary-data-beyond-the-packet-go-unnoticed", "Binary Data that is longer than its packet",
        ["5.0/RULE-1.5.6-binary-beyond-packet"],
        ["5.0/RULE-1.5.6-binary-beyond-packet"];
    "wrong-flags-go-unnoticed", "A packet whose flags are not those of its type",
        ["5.0/MQTT-2.1.3-1"],
        ["5.0/RULE-2.1.3-wrong-flags"];
    "properties-beyond-the-packet-go-unnoticed", "A Property Length beyond the end of the packet",
        ["5.0/RULE-2.2.2.1-beyond-packet"],
        ["5.0/RULE-2.2.2.1-beyond-packet"];
    "cut-properties-go-unnoticed", "A Property that Property Length cuts",
        ["5.0/RULE-2.2.2.1-cut-property"],
        ["5.0/RULE-2.2.2.1-cut-property"];
    "properties-of-other-packets-go-unnoticed", "A Property that does not belong into the packet",
        ["5.0/RULE-2.2.2.2-property-of-another-packet"],
        ["5.0/RULE-2.2.2.2-property-of-another-packet"];
    "unknown-properties-go-unnoticed", "A Property that does not exist",
        ["5.0/RULE-2.2.2.2-unknown-property"],
        ["5.0/RULE-2.2.2.2-unknown-property"];
    "session-expiry-interval-twice-goes-unnoticed", "CONNECT with session expiry interval twice",
        ["5.0/RULE-3.1.2.11.2-twice"],
        ["5.0/RULE-3.1.2.11.2-twice"];
    "receive-maximum-twice-goes-unnoticed", "CONNECT with receive maximum twice",
        ["5.0/RULE-3.1.2.11.3-twice"],
        ["5.0/RULE-3.1.2.11.3-twice"];
    "maximum-packet-size-twice-goes-unnoticed", "CONNECT with maximum packet size twice",
        ["5.0/RULE-3.1.2.11.4-twice"],
        ["5.0/RULE-3.1.2.11.4-twice"];
    "topic-alias-maximum-twice-goes-unnoticed", "CONNECT with topic alias maximum twice",
        ["5.0/RULE-3.1.2.11.5-twice"],
        ["5.0/RULE-3.1.2.11.5-twice"];
    "request-response-information-twice-goes-unnoticed", "CONNECT with request response information twice",
        ["5.0/RULE-3.1.2.11.6-twice"],
        ["5.0/RULE-3.1.2.11.6-twice"];
    "request-problem-information-twice-goes-unnoticed", "CONNECT with request problem information twice",
        ["5.0/RULE-3.1.2.11.7-twice"],
        ["5.0/RULE-3.1.2.11.7-twice"];
    "will-delay-interval-twice-goes-unnoticed", "CONNECT with will delay interval twice",
        ["5.0/RULE-3.1.3.2.2-twice"],
        ["5.0/RULE-3.1.3.2.2-twice"];
    "payload-format-indicator-of-the-will-twice-goes-unnoticed", "CONNECT with payload format indicator of the will twice",
        ["5.0/RULE-3.1.3.2.3-twice"],
        ["5.0/RULE-3.1.3.2.3-twice"];
    "message-expiry-interval-of-the-will-twice-goes-unnoticed", "CONNECT with message expiry interval of the will twice",
        ["5.0/RULE-3.1.3.2.4-twice"],
        ["5.0/RULE-3.1.3.2.4-twice"];
    "content-type-of-the-will-twice-goes-unnoticed", "CONNECT with content type of the will twice",
        ["5.0/RULE-3.1.3.2.5-twice"],
        ["5.0/RULE-3.1.3.2.5-twice"];
    "response-topic-of-the-will-twice-goes-unnoticed", "CONNECT with response topic of the will twice",
        ["5.0/RULE-3.1.3.2.6-twice"],
        ["5.0/RULE-3.1.3.2.6-twice"];
    "correlation-data-of-the-will-twice-goes-unnoticed", "CONNECT with correlation data of the will twice",
        ["5.0/RULE-3.1.3.2.7-twice"],
        ["5.0/RULE-3.1.3.2.7-twice"];
    "receive-maximum-0-goes-unnoticed", "CONNECT with receive maximum 0",
        ["5.0/RULE-3.1.2.11.3-zero"],
        ["5.0/RULE-3.1.2.11.3-zero"];
    "maximum-packet-size-0-goes-unnoticed", "CONNECT with maximum packet size 0",
        ["5.0/RULE-3.1.2.11.4-zero"],
        ["5.0/RULE-3.1.2.11.4-zero"];
    "request-response-information-2-goes-unnoticed", "CONNECT with request response information 2",
        ["5.0/RULE-3.1.2.11.6-value"],
        ["5.0/RULE-3.1.2.11.6-value"];
    "request-problem-information-2-goes-unnoticed", "CONNECT with request problem information 2",
        ["5.0/RULE-3.1.2.11.7-value"],
        ["5.0/RULE-3.1.2.11.7-value"];
}

defect! {
    "session-expiry-above-0-after-0-is-taken", "A DISCONNECT that sets a Session Expiry Interval where CONNECT had none is taken",
    breaks: ["5.0/RULE-3.14.2.2.2-above-zero-after-zero"],
    input: |memory, _, connection, input| {
        let none = memory.connect(connection).is_some_and(|c| c.properties.session_expiry_interval().unwrap_or(0) == 0);
        super::change_received(input, |packet| {
            if let protocol::Packet::Disconnect(disconnect) = packet
                && none
            {
                disconnect.properties.remove(protocol::PropertyId::SessionExpiryInterval);
            }
        })
    },
}

defect! {
    "session-expiry-absent-means-for-ever", "A Session without Session Expiry Interval is kept for ever",
    breaks: ["5.0/RULE-3.1.2.11.2-absent-means-zero"],
    input: |_, _, _, input| super::change_received(input, |packet| {
        if let protocol::Packet::Connect(connect) = packet
            && connect.version == protocol::Version::V500
            && connect.properties.session_expiry_interval().is_none()
        {
            connect.properties.push(protocol::Property::SessionExpiryInterval(u32::MAX));
        }
    }),
}

defect! {
    "longer-pubcomps-of-3.1.1-go-unnoticed", "PUBCOMP of 3.1.1 with more than its Packet Identifier is passed over, and the Network Connection stays open",
    breaks: ["3.1.1/RULE-3.7.1-remaining-length"],
    input: |_, _, _, input| match &input {
        Input::Malformed(error) if error.first_byte.is_some_and(|first| first >> 4 == 7) => vec![],
        _ => vec![input],
    },
}
