//! Why our decoder and its peers disagree, class by class.

/// A class of disagreements.
#[derive(Debug)]
pub struct Row {
    pub peer: &'static str,
    /// What we say: the Requirement that we find broken, or `taken: version packet`. Any of these; `*` stands for any end.
    pub ours: &'static [&'static str],
    /// What the peer says.
    pub theirs: &'static str,
    #[allow(dead_code, reason = "read by people")]
    pub why: &'static str,
}

const fn row(
    peer: &'static str,
    ours: &'static [&'static str],
    theirs: &'static str,
    why: &'static str,
) -> Row {
    Row { peer, ours, theirs, why }
}

const BYTES: &str = "mqttbytes";
const CORE: &str = "mqtt-protocol-core";

/// What fixed headers with wrong flags break.
const FLAGS: &[&str] = &[
    "3.1.1/MQTT-2.2.2-1",
    "3.1.1/MQTT-3.6.1-1",
    "3.1.1/MQTT-3.8.1-1",
    "3.1.1/MQTT-3.10.1-1",
    "3.1.1/MQTT-3.14.1-1",
    "5.0/MQTT-2.1.3-1",
    "5.0/MQTT-3.6.1-1",
    "5.0/MQTT-3.8.1-1",
    "5.0/MQTT-3.10.1-1",
    "5.0/MQTT-3.14.1-1",
    "5.0/MQTT-3.15.1-1",
];

pub const EXPLAINED: &[Row] = &[
    // Both.
    row(BYTES, FLAGS, "taken", "it looks at the flags of PUBLISH only"),
    row(
        CORE,
        FLAGS,
        "taken",
        "its packet parsers do not see the flags; its connection layer would refuse them",
    ),
    row(BYTES, &["*not-from-client", "*not-from-server"], "taken", "it does not know who sends"),
    row(
        CORE,
        &["*not-from-client", "*not-from-server"],
        "taken",
        "it knows who sends in its connection layer only",
    ),
    row(BYTES, &["*/MQTT-1.5.3-2", "*/MQTT-1.5.4-2"], "taken", "it does not look for U+0000"),
    row(CORE, &["*/MQTT-1.5.3-2", "*/MQTT-1.5.4-2"], "taken", "it does not look for U+0000"),
    row(
        BYTES,
        &[
            "*/MQTT-2.3.1-1",
            "*/MQTT-2.3.1-6",
            "*/MQTT-2.3.1-7",
            "*/MQTT-2.2.1-3",
            "*/MQTT-2.2.1-5",
            "*/MQTT-2.2.1-6",
        ],
        "taken",
        "it lets Packet Identifier 0 pass in all packets but PUBLISH",
    ),
    row(
        CORE,
        &["*/MQTT-2.3.1-1", "*/MQTT-2.3.1-7", "*/MQTT-2.2.1-3", "*/MQTT-2.2.1-4", "*/MQTT-2.2.1-6"],
        "taken",
        "it lets Packet Identifier 0 pass in some packets",
    ),
    row(
        BYTES,
        &["*/MQTT-3.3.2-2", "*/MQTT-4.7.0-1", "*/MQTT-4.7.1-1", "*/MQTT-3.3.2-14"],
        "taken",
        "it does not look for wildcards in Topic Names",
    ),
    row(
        CORE,
        &["*/MQTT-3.3.2-2", "*/MQTT-4.7.0-1", "*/MQTT-4.7.1-1", "*/MQTT-3.3.2-14"],
        "taken",
        "it does not look for wildcards in Topic Names that it reads",
    ),
    row(BYTES, &["*/MQTT-4.7.3-1", "*empty-topic-without-alias"], "taken", "it lets empty topics pass"),
    row(CORE, &["*/MQTT-4.7.3-1", "*empty-topic-without-alias"], "taken", "it lets empty topics pass"),
    row(BYTES, &["*/MQTT-3.1.2-3"], "taken", "it does not look at the reserved bit of Connect Flags"),
    row(
        CORE,
        &[
            "*/MQTT-3.1.2-3",
            "3.1.1/MQTT-3.1.2-13",
            "3.1.1/MQTT-3.1.2-14",
            "3.1.1/MQTT-3.1.2-15",
            "5.0/MQTT-3.1.2-11",
            "5.0/MQTT-3.1.2-12",
            "5.0/MQTT-3.1.2-13",
        ],
        "taken",
        "it does not compare the Connect Flags with each other",
    ),
    row(BYTES, &["*reserved-flags", "5.0/MQTT-3.2.2-1"], "taken", "it ignores reserved bits in CONNACK"),
    row(CORE, &["*reserved-flags", "5.0/MQTT-3.2.2-1"], "taken", "it ignores reserved bits in CONNACK"),
    row(BYTES, &["*trailing-bytes"], "taken", "it ignores what follows the last field"),
    row(
        CORE,
        &["3.1.1/RULE-2.2.3-trailing-bytes"],
        "taken",
        "acknowledgements of 3.1.1 may be longer, as in 5.0",
    ),
    row(BYTES, &["5.0/MQTT-3.3.4-6"], "taken", "it does not know who sends the Subscription Identifier"),
    row(CORE, &["5.0/MQTT-3.3.4-6"], "taken", "it does not know who sends the Subscription Identifier"),
    row(BYTES, &["5.0/MQTT-3.14.2-2"], "taken", "it does not know who sends the Session Expiry Interval"),
    row(CORE, &["5.0/MQTT-3.14.2-2"], "taken", "it does not know who sends the Session Expiry Interval"),
    row(BYTES, &["*data-without-method"], "taken", "it does not compare Properties with each other"),
    row(
        CORE,
        &["*data-without-method", "*auth-without-method"],
        "taken",
        "it does not compare Properties with each other",
    ),
    row(BYTES, &["5.0/RULE-3.*-twice"], "taken", "the last of several Properties wins"),
    row(
        CORE,
        &["5.0/RULE-3.8.2.1.2-twice"],
        "taken",
        "it takes several Subscription Identifiers in SUBSCRIBE",
    ),
    // Reason Codes: we leave them to whoever knows the table.
    row(
        BYTES,
        &["taken: *"],
        "refused: InvalidConnectReturnCode",
        "it refuses codes that the packet must not have, and DISCONNECT codes under the wrong name; ours are for a Monitor to judge",
    ),
    row(BYTES, &["taken: *ACK"], "refused: InvalidSubscribeReasonCode", "as above"),
    row(
        CORE,
        &["taken: *ACK", "taken: 5.0 PUB*", "taken: 5.0 DISCONNECT", "taken: 5.0 AUTH"],
        "refused: MalformedPacket",
        "it refuses codes that the packet must not have; and a Property Identifier in a longer form",
    ),
    // mqttbytes alone.
    row(BYTES, &["3.1.1/MQTT-3.1.2-22"], "taken", "it takes a Password without User Name in 3.1.1 too"),
    row(
        BYTES,
        &["*/MQTT-3.8.3-2", "*/MQTT-3.8.3-3", "*/MQTT-3.10.3-2"],
        "taken",
        "it lets an empty payload pass",
    ),
    row(
        BYTES,
        &["*/MQTT-3.8.3-4", "*/MQTT-3.8.3-5"],
        "taken",
        "it ignores reserved bits of Subscription Options",
    ),
    row(
        BYTES,
        &["5.0/MQTT-3.3.2-8", "*-zero", "*-value"],
        "taken",
        "it does not look at the values of Properties",
    ),
    row(BYTES, &["*cut-property"], "taken", "a Property may go beyond Property Length"),
    row(
        BYTES,
        &["*property-of-another-packet"],
        "taken",
        "it takes Request Problem Information and others in places that they do not belong to",
    ),
    row(
        BYTES,
        &["5.0/RULE-1.5.4-string-beyond-packet", "5.0/RULE-2.2.2.2-unknown-property"],
        "taken",
        "asked for 3.1.1, it takes a CONNECT that names 5.0 and reads it as 3.1.1",
    ),
    row(
        BYTES,
        &["taken: 5.0 *"],
        "refused: InvalidPropertyType",
        "it reads a Property Identifier as one byte; a longer form is not forbidden to receive",
    ),
    row(BYTES, &["taken: 5.0 AUTH"], "refused: InvalidPacketType", "it has no AUTH"),
    row(
        BYTES,
        &["taken: * CONNECT"],
        "refused: TopicNotUtf8",
        "it reads Password as a string; it is Binary Data",
    ),
    row(BYTES, &["taken: * CONNECT"], "taken, and read differently", "an empty User Name is none to it"),
    row(
        BYTES,
        &["taken: 5.0 DISCONNECT"],
        "refused: InsufficientBytes",
        "it demands a Property Length; it may be left out",
    ),
    row(
        BYTES,
        &["taken: 5.0 DISCONNECT"],
        "refused: PayloadRequired",
        "it demands a Reason Code; it may be left out",
    ),
    row(
        BYTES,
        &["taken: 5.0 CONNACK"],
        "taken, and read differently",
        "its writer leaves out a Property Length of 0",
    ),
    row(
        BYTES,
        &["taken: 5.0 PUBLISH"],
        "taken, and read differently",
        "it keeps the last of several Payload Format Indicators, we keep what a Server sends",
    ),
    // mqtt-protocol-core alone.
    row(CORE, &["*/MQTT-3.8.3-4"], "taken", "it ignores reserved bits in the QoS byte of 3.1.1"),
    row(CORE, &["*missing-field"], "taken", "it takes a PUBLISH of 5.0 that ends before Property Length"),
    row(
        CORE,
        &["taken: 5.0 CONNECT"],
        "refused: ProtocolError",
        "it refuses a Password without User Name, which 5.0 allows",
    ),
    row(
        CORE,
        &["taken: 5.0 PUBLISH"],
        "refused: ProtocolError",
        "it refuses two Payload Format Indicators from a Server, of which the standard says nothing",
    ),
    row(
        CORE,
        &["taken: 5.0 CONNECT", "taken: 5.0 SUBSCRIBE"],
        "refused: MalformedPacket",
        "it reads a Property Identifier as one byte; a longer form is not forbidden to receive",
    ),
    row(
        CORE,
        &["taken: 5.0 *"],
        "taken, and read differently",
        "what it writes for a Property Length in a longer form has a wrong Remaining Length",
    ),
];

/// Whether `text` fits `pattern`, in which one `*` stands for anything.
pub fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => {
            let Some(text) = text.strip_prefix(start) else { return false };
            text.ends_with(rest)
        }
    }
}
