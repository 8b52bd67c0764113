//! Packets as tables: `| Field | value |` with the names of the standard, to build packets from and to compare packets with.

use bytes::Bytes;
use bytestring::ByteString;
use protocol::*;
use tester::Namespace;
use tester::stop::Stop;

/// The rows of a step's table, without a header row.
pub fn rows(step: &gherkin::Step) -> Vec<(String, String)> {
    step.table.as_ref().map_or_else(Vec::new, |table| {
        table
            .rows
            .iter()
            .map(|row| (row.first().cloned().unwrap_or_default(), row.get(1).cloned().unwrap_or_default()))
            .collect()
    })
}

fn wrong(field: &str, value: &str, why: &str) -> Stop {
    Stop::Error(format!("the table has {field} = {value}: {why}"))
}

/// A number in decimal or, with 0x, in hexadecimal.
pub fn number(field: &str, value: &str) -> Result<u32, Stop> {
    let parsed = match value.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => value.parse(),
    };
    parsed.map_err(|e| wrong(field, value, &e.to_string()))
}

fn narrow<T: TryFrom<u32>>(field: &str, value: &str) -> Result<T, Stop> {
    T::try_from(number(field, value)?).map_err(|_| wrong(field, value, "too large"))
}

/// Text of a table: optional quotes are taken off, `\n`, `\0`, `\u{…}` and `\xNN` are what they say; `N bytes` is that many `x`.
pub fn text(value: &str) -> String {
    let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
    if let Some(length) = value.strip_suffix(" bytes").and_then(|n| n.parse::<usize>().ok()) {
        return "x".repeat(length);
    }
    if !value.contains('\\') {
        return value.to_owned();
    }
    let mut out = String::new();
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('0') => out.push('\0'),
            Some('u') => {
                let code: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

/// Binary Data of a table: hexadecimal pairs behind `hex`, else text.
pub fn binary(value: &str) -> Bytes {
    match value.strip_prefix("hex ") {
        Some(hex) => {
            hex.split_whitespace().filter_map(|b| u8::from_str_radix(b, 16).ok()).collect::<Vec<u8>>().into()
        }
        None => Bytes::from(text(value).into_bytes()),
    }
}

/// A quality of service.
pub fn qos(field: &str, value: &str) -> Result<QoS, Stop> {
    QoS::from_bits(narrow(field, value)?).ok_or_else(|| wrong(field, value, "QoS is 0, 1 or 2"))
}

/// A flag: 0 or 1.
pub fn flag(field: &str, value: &str) -> Result<bool, Stop> {
    match value {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(wrong(field, value, "a flag is 0 or 1")),
    }
}

/// The Property that a row speaks of. Topics in it are put into the namespace.
pub fn property(field: &str, value: &str, namespace: &Namespace) -> Result<Option<Property>, Stop> {
    let Some(id) = PropertyId::ALL.iter().copied().find(|id| id.name() == field) else { return Ok(None) };
    let string = || ByteString::from(text(value));
    Ok(Some(match id {
        PropertyId::PayloadFormatIndicator => Property::PayloadFormatIndicator(narrow(field, value)?),
        PropertyId::MessageExpiryInterval => Property::MessageExpiryInterval(number(field, value)?),
        PropertyId::ContentType => Property::ContentType(string()),
        PropertyId::ResponseTopic => Property::ResponseTopic(namespace.topic(&text(value)).into()),
        PropertyId::CorrelationData => Property::CorrelationData(binary(value)),
        PropertyId::SubscriptionIdentifier => Property::SubscriptionIdentifier(number(field, value)?),
        PropertyId::SessionExpiryInterval => Property::SessionExpiryInterval(number(field, value)?),
        PropertyId::AssignedClientIdentifier => Property::AssignedClientIdentifier(string()),
        PropertyId::ServerKeepAlive => Property::ServerKeepAlive(narrow(field, value)?),
        PropertyId::AuthenticationMethod => Property::AuthenticationMethod(string()),
        PropertyId::AuthenticationData => Property::AuthenticationData(binary(value)),
        PropertyId::RequestProblemInformation => Property::RequestProblemInformation(narrow(field, value)?),
        PropertyId::WillDelayInterval => Property::WillDelayInterval(number(field, value)?),
        PropertyId::RequestResponseInformation => Property::RequestResponseInformation(narrow(field, value)?),
        PropertyId::ResponseInformation => Property::ResponseInformation(string()),
        PropertyId::ServerReference => Property::ServerReference(string()),
        PropertyId::ReasonString => Property::ReasonString(string()),
        PropertyId::ReceiveMaximum => Property::ReceiveMaximum(narrow(field, value)?),
        PropertyId::TopicAliasMaximum => Property::TopicAliasMaximum(narrow(field, value)?),
        PropertyId::TopicAlias => Property::TopicAlias(narrow(field, value)?),
        PropertyId::MaximumQoS => Property::MaximumQoS(narrow(field, value)?),
        PropertyId::RetainAvailable => Property::RetainAvailable(narrow(field, value)?),
        PropertyId::UserProperty => {
            let (name, content) = value.split_once('=').unwrap_or((value, ""));
            Property::UserProperty((text(name.trim()).into(), text(content.trim()).into()))
        }
        PropertyId::MaximumPacketSize => Property::MaximumPacketSize(number(field, value)?),
        PropertyId::WildcardSubscriptionAvailable => {
            Property::WildcardSubscriptionAvailable(narrow(field, value)?)
        }
        PropertyId::SubscriptionIdentifierAvailable => {
            Property::SubscriptionIdentifierAvailable(narrow(field, value)?)
        }
        PropertyId::SharedSubscriptionAvailable => {
            Property::SharedSubscriptionAvailable(narrow(field, value)?)
        }
    }))
}

/// Sets the fields of a CONNECT. `Keep Session` is a word for both versions: Clean Session 0, or Clean Start 0 with a Session Expiry Interval.
pub fn connect(connect: &mut Connect, rows: &[(String, String)], namespace: &Namespace) -> Result<(), Stop> {
    for (field, value) in rows {
        let will = |connect: &mut Connect| {
            connect.will.get_or_insert_with(|| Will {
                qos: QoS::AtMostOnce,
                retain: false,
                topic: namespace.topic("will").into(),
                payload: Bytes::from_static(b"gone"),
                properties: Properties::new(),
            });
        };
        match field.as_str() {
            "Clean Start" | "Clean Session" => connect.clean_start = flag(field, value)?,
            "Keep Alive" => connect.keep_alive = narrow(field, value)?,
            "Client Identifier" => connect.client_id = text(value).into(),
            "User Name" => connect.user_name = Some(text(value).into()),
            "Password" => connect.password = Some(binary(value)),
            _ if field.starts_with("Will ") => {
                will(connect);
                let Some(w) = connect.will.as_mut() else { continue };
                match field.as_str() {
                    "Will Topic" => w.topic = namespace.topic(&text(value)).into(),
                    "Will Payload" => w.payload = binary(value),
                    "Will QoS" => w.qos = qos(field, value)?,
                    "Will Retain" => w.retain = flag(field, value)?,
                    _ => {
                        let name =
                            if field == "Will Delay Interval" { field } else { &field["Will ".len()..] };
                        match property(name, value, namespace)? {
                            Some(property) => w.properties.push(property),
                            None => return Err(wrong(field, value, "no such field of a Will")),
                        }
                    }
                }
            }
            _ => match property(field, value, namespace)? {
                Some(property) => connect.properties.push(property),
                None => return Err(wrong(field, value, "no such field of CONNECT")),
            },
        }
    }
    Ok(())
}

/// Sets the fields of a PUBLISH.
pub fn publish(publish: &mut Publish, rows: &[(String, String)], namespace: &Namespace) -> Result<(), Stop> {
    for (field, value) in rows {
        match field.as_str() {
            "Topic Name" if value == "empty" => publish.topic = ByteString::new(),
            "Topic Name" => publish.topic = namespace.topic(&text(value)).into(),
            "Payload" if value == "empty" => publish.payload = Bytes::new(),
            "Payload" => publish.payload = binary(value),
            "QoS" => publish.qos = qos(field, value)?,
            "DUP" => publish.dup = flag(field, value)?,
            "RETAIN" => publish.retain = flag(field, value)?,
            "Packet Identifier" => publish.packet_id = Some(narrow(field, value)?),
            _ => match property(field, value, namespace)? {
                Some(property) => publish.properties.push(property),
                None => return Err(wrong(field, value, "no such field of PUBLISH")),
            },
        }
    }
    Ok(())
}

/// Sets the Subscription Options of one Topic Filter.
pub fn options(options: &mut SubscriptionOptions, field: &str, value: &str) -> Result<bool, Stop> {
    match field {
        "QoS" | "Maximum QoS" => options.qos = qos(field, value)?,
        "No Local" => options.no_local = flag(field, value)?,
        "Retain As Published" => options.retain_as_published = flag(field, value)?,
        "Retain Handling" => {
            options.retain_handling = match value {
                "0" => RetainHandling::SendAtSubscribe,
                "1" => RetainHandling::SendIfNew,
                "2" => RetainHandling::DoNotSend,
                _ => return Err(wrong(field, value, "Retain Handling is 0, 1 or 2")),
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// The Subscription Options and SUBSCRIBE Properties of a table.
pub fn subscription(
    rows: &[(String, String)],
    namespace: &Namespace,
) -> Result<(SubscriptionOptions, Properties), Stop> {
    let mut chosen = SubscriptionOptions::default();
    let mut properties = Properties::new();
    for (field, value) in rows {
        if options(&mut chosen, field, value)? {
            continue;
        }
        match property(field, value, namespace)? {
            Some(property) => properties.push(property),
            None => return Err(Stop::Error(format!("{field} is no field of SUBSCRIBE"))),
        }
    }
    Ok((chosen, properties))
}

/// The value of a field of a packet as a table writes it; `None` if the packet has no such field. Topics are taken out of the namespace.
pub fn read(packet: &Packet, field: &str, namespace: &Namespace) -> Option<String> {
    let bit = |b: bool| Some(u8::from(b).to_string());
    let code = |r: ReasonCode| Some(format!("0x{:02X}", r.0));
    let codes =
        |r: &[ReasonCode]| Some(r.iter().map(|r| format!("0x{:02X}", r.0)).collect::<Vec<_>>().join(" "));
    let own = match (packet, field) {
        (Packet::Connack(p), "Session Present") => bit(p.session_present),
        (Packet::Connack(p), "Reason Code" | "Return Code") => code(p.reason),
        (Packet::Publish(p), "DUP") => bit(p.dup),
        (Packet::Publish(p), "RETAIN") => bit(p.retain),
        (Packet::Publish(p), "QoS") => Some((p.qos as u8).to_string()),
        (Packet::Publish(p), "Topic Name") => Some(namespace.plain(&p.topic).into_owned()),
        (Packet::Publish(p), "Payload") if p.payload.is_empty() => Some("empty".to_owned()),
        (Packet::Publish(p), "Payload") => Some(show(&p.payload)),
        (Packet::Puback(p) | Packet::Pubrec(p) | Packet::Pubrel(p) | Packet::Pubcomp(p), "Reason Code") => {
            code(p.reason)
        }
        (Packet::Suback(p), "Reason Codes" | "Return Codes") => codes(&p.reasons),
        (Packet::Unsuback(p), "Reason Codes") => codes(&p.reasons),
        (Packet::Disconnect(p), "Reason Code") => code(p.reason),
        (Packet::Auth(p), "Reason Code") => code(p.reason),
        (_, "Packet Identifier") => packet.packet_id().map(|id| id.to_string()),
        _ => None,
    };
    own.or_else(|| {
        let id = PropertyId::ALL.iter().copied().find(|id| id.name() == field)?;
        let found: Vec<String> = packet
            .properties()?
            .iter()
            .filter(|p| p.id() == id)
            .map(|p| show_property(p, namespace))
            .collect();
        if found.is_empty() { None } else { Some(found.join(", ")) }
    })
}

/// Bytes as a table writes them: text where it is plain text, hexadecimal otherwise.
pub fn show(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => format!("hex {}", bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ")),
    }
}

/// The value of a Property as a table writes it.
pub fn show_property(property: &Property, namespace: &Namespace) -> String {
    match property {
        Property::ContentType(v)
        | Property::AssignedClientIdentifier(v)
        | Property::AuthenticationMethod(v)
        | Property::ResponseInformation(v)
        | Property::ServerReference(v)
        | Property::ReasonString(v) => v.to_string(),
        Property::ResponseTopic(v) => namespace.plain(v).into_owned(),
        Property::CorrelationData(v) | Property::AuthenticationData(v) => show(v),
        Property::UserProperty((name, value)) => format!("{name} = {value}"),
        Property::PayloadFormatIndicator(v)
        | Property::RequestProblemInformation(v)
        | Property::RequestResponseInformation(v)
        | Property::MaximumQoS(v)
        | Property::RetainAvailable(v)
        | Property::WildcardSubscriptionAvailable(v)
        | Property::SubscriptionIdentifierAvailable(v)
        | Property::SharedSubscriptionAvailable(v) => v.to_string(),
        Property::ServerKeepAlive(v)
        | Property::ReceiveMaximum(v)
        | Property::TopicAliasMaximum(v)
        | Property::TopicAlias(v) => v.to_string(),
        Property::MessageExpiryInterval(v)
        | Property::SubscriptionIdentifier(v)
        | Property::SessionExpiryInterval(v)
        | Property::WillDelayInterval(v)
        | Property::MaximumPacketSize(v) => v.to_string(),
    }
}

/// Compares a packet with the rows. A value may be `absent`, `present`, `A or B or …`, `A to B` for numbers, or the value itself. Several rows of User Property
/// are the whole list, in order.
pub fn compare(
    packet: &Packet,
    rows: &[(String, String)],
    namespace: &Namespace,
) -> Result<(), (String, String)> {
    let users: Vec<String> =
        rows.iter().filter(|(f, _)| f == "User Property").map(|(_, v)| v.clone()).collect();
    for (field, wanted) in rows {
        let actual = read(packet, field, namespace);
        let fits = match (wanted.as_str(), &actual) {
            ("present", actual) => actual.is_some(),
            (wanted, None) => wanted.split(" or ").any(|one| one.trim() == "absent"),
            (_, Some(actual)) if field == "User Property" => {
                let wanted: Vec<String> = users
                    .iter()
                    .map(|row| {
                        let (name, value) = row.split_once('=').unwrap_or((row, ""));
                        format!("{} = {}", text(name.trim()), text(value.trim()))
                    })
                    .collect();
                *actual == wanted.join(", ")
            }
            (wanted, Some(actual)) => wanted.split(" or ").any(|one| same(one.trim(), actual)),
        };
        if !fits {
            let actual =
                actual.map_or_else(|| format!("{field} absent"), |actual| format!("{field} {actual}"));
            return Err((format!("{field} {wanted}"), actual));
        }
    }
    Ok(())
}

fn same(wanted: &str, actual: &str) -> bool {
    if let Some((low, high)) = wanted.split_once(" to ")
        && let (Ok(low), Ok(high), Ok(actual)) = (number("", low), number("", high), number("", actual))
    {
        return (low..=high).contains(&actual);
    }
    text(wanted) == actual
        || matches!((number("", wanted), number("", actual)), (Ok(w), Ok(a)) if w == a)
        || (wanted.starts_with("hex ") && binary(wanted) == binary(actual))
}
