//! Data types and Properties, whatever packet they are in (sections 1.5 and 2.2.2).

use super::patterns::{passes_over, sends_bytes};
use bytes::Bytes;
use protocol::Version;

sends_bytes! {
    "property-length-0-is-left-out", "CONNACK without Properties has no Property Length",
        ["5.0/MQTT-2.2.2-1"],
        |memory, connection, bytes| {
            let v5 = memory.version(connection) == Version::V500;
            if v5 && bytes.first() == Some(&0x20) && bytes.get(4) == Some(&0) {
                return vec![Bytes::from(vec![0x20, 2, bytes[2], bytes[3]])];
            }
            vec![bytes]
        };
}

passes_over! {
    "strings-beyond-the-packet-go-unnoticed", "A string that is longer than its packet goes unnoticed",
        ["3.1.1/RULE-1.5.3-string-beyond-packet", "5.0/RULE-1.5.4-string-beyond-packet"],
        ["3.1.1/RULE-1.5.3-string-beyond-packet", "5.0/RULE-1.5.4-string-beyond-packet"];
    "ill-formed-strings-go-unnoticed", "A string that is not UTF-8 goes unnoticed",
        ["5.0/MQTT-1.5.4-1"],
        ["5.0/RULE-1.5.4-ill-formed-string"];
    "null-characters-go-unnoticed", "A string with U+0000 goes unnoticed",
        ["5.0/MQTT-1.5.4-2"],
        ["5.0/RULE-1.5.4-null-character"];
    "variable-byte-integers-of-five-bytes-goes-unnoticed", "A Variable Byte Integer of five bytes goes unnoticed",
        ["5.0/RULE-1.5.5-five-bytes"],
        ["5.0/RULE-1.5.5-five-bytes"];
    "binary-data-beyond-the-packet-go-unnoticed", "Binary Data that is longer than its packet goes unnoticed",
        ["5.0/RULE-1.5.6-binary-beyond-packet"],
        ["5.0/RULE-1.5.6-binary-beyond-packet"];
    "properties-beyond-the-packet-go-unnoticed", "A Property Length beyond the end of the packet goes unnoticed",
        ["5.0/RULE-2.2.2.1-beyond-packet"],
        ["5.0/RULE-2.2.2.1-beyond-packet"];
    "cut-properties-go-unnoticed", "A Property that the Property Length cuts off goes unnoticed",
        ["5.0/RULE-2.2.2.1-cut-property"],
        ["5.0/RULE-2.2.2.1-cut-property"];
    "properties-of-other-packets-go-unnoticed", "A Property that does not belong in the packet goes unnoticed",
        ["5.0/RULE-2.2.2.2-property-of-another-packet"],
        ["5.0/RULE-2.2.2.2-property-of-another-packet"];
    "unknown-properties-go-unnoticed", "A Property that does not exist goes unnoticed",
        ["5.0/RULE-2.2.2.2-unknown-property"],
        ["5.0/RULE-2.2.2.2-unknown-property"];
}
