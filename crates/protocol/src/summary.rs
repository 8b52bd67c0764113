//! Packets in one line, for people. Whatever came from the wire is escaped.

use crate::{Packet, Properties, Property, Publish, ReasonCode, Version};
use bytestring::ByteString;
use std::fmt::{self, Write as _};

impl Packet {
    /// The packet in one line without control characters, such as
    /// `PUBLISH 7 qos=1 dup=0 retain=0 topic="a/b" payload=5 bytes`.
    #[must_use]
    pub fn summary(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.packet_type())?;
        if let Some(id) = self.packet_id() {
            write!(f, " {id}")?;
        }
        match self {
            Packet::Connect(connect) => {
                let clean = match connect.version {
                    Version::V311 => "clean-session",
                    Version::V500 => "clean-start",
                };
                write!(f, " {} client={}", connect.version, Quoted(&connect.client_id))?;
                write!(f, " {clean}={} keep-alive={}", u8::from(connect.clean_start), connect.keep_alive)?;
                if let Some(name) = &connect.user_name {
                    write!(f, " user-name={}", Quoted(name))?;
                }
                if let Some(password) = &connect.password {
                    write!(f, " password={} bytes", password.len())?;
                }
                if let Some(will) = &connect.will {
                    let (topic, retain, length) =
                        (Quoted(&will.topic), u8::from(will.retain), will.payload.len());
                    write!(f, " will-qos={} will-retain={retain} will-topic={topic}", will.qos)?;
                    write!(f, " will-payload={length} bytes")?;
                    write_properties(f, "will-properties", &will.properties)?;
                }
            }
            Packet::Connack(connack) => {
                write!(
                    f,
                    " session-present={} reason={}",
                    u8::from(connack.session_present),
                    connack.code()
                )?;
            }
            Packet::Publish(publish) => write_publish(f, publish)?,
            Packet::Puback(a) | Packet::Pubrec(a) | Packet::Pubrel(a) | Packet::Pubcomp(a) => {
                write_reason(f, a.reason)?;
            }
            Packet::Subscribe(subscribe) => {
                for (filter, options) in &subscribe.filters {
                    write!(f, " {} qos={}", Quoted(filter), options.qos)?;
                    let handling = options.retain_handling as u8;
                    for (name, value) in [
                        ("no-local", u8::from(options.no_local)),
                        ("retain-as-published", u8::from(options.retain_as_published)),
                        ("retain-handling", handling),
                    ] {
                        if value != 0 {
                            write!(f, " {name}={value}")?;
                        }
                    }
                }
            }
            Packet::Suback(suback) => write_reasons(f, &suback.reasons)?,
            Packet::Unsubscribe(unsubscribe) => {
                unsubscribe.filters.iter().try_for_each(|filter| write!(f, " {}", Quoted(filter)))?;
            }
            Packet::Unsuback(unsuback) => write_reasons(f, &unsuback.reasons)?,
            Packet::Pingreq | Packet::Pingresp => {}
            Packet::Disconnect(disconnect) => write_reason(f, disconnect.reason)?,
            Packet::Auth(auth) => write!(f, " reason={}", auth.reason)?,
        }
        match self.properties() {
            Some(properties) => write_properties(f, "properties", properties),
            None => Ok(()),
        }
    }
}

fn write_publish(f: &mut fmt::Formatter<'_>, publish: &Publish) -> fmt::Result {
    let (dup, retain) = (u8::from(publish.dup), u8::from(publish.retain));
    write!(f, " qos={} dup={dup} retain={retain} topic={}", publish.qos, Quoted(&publish.topic))?;
    write!(f, " payload={} bytes", publish.payload.len())
}

/// A code that means success is not worth a word where most packets have it.
fn write_reason(f: &mut fmt::Formatter<'_>, reason: ReasonCode) -> fmt::Result {
    match reason {
        ReasonCode::SUCCESS => Ok(()),
        reason => write!(f, " reason={reason}"),
    }
}

fn write_reasons(f: &mut fmt::Formatter<'_>, reasons: &[ReasonCode]) -> fmt::Result {
    write!(f, " reasons={reasons:?}")
}

fn write_properties(f: &mut fmt::Formatter<'_>, name: &str, properties: &Properties) -> fmt::Result {
    if properties.is_empty() {
        return Ok(());
    }
    write!(f, " {name}={{")?;
    for (index, property) in properties.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{property}")?;
    }
    f.write_char('}')
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.id())?;
        match self {
            Property::PayloadFormatIndicator(value)
            | Property::RequestProblemInformation(value)
            | Property::RequestResponseInformation(value)
            | Property::MaximumQoS(value)
            | Property::RetainAvailable(value)
            | Property::WildcardSubscriptionAvailable(value)
            | Property::SubscriptionIdentifierAvailable(value)
            | Property::SharedSubscriptionAvailable(value) => write!(f, "{value}"),
            Property::ServerKeepAlive(value)
            | Property::ReceiveMaximum(value)
            | Property::TopicAliasMaximum(value)
            | Property::TopicAlias(value) => write!(f, "{value}"),
            Property::MessageExpiryInterval(value)
            | Property::SubscriptionIdentifier(value)
            | Property::SessionExpiryInterval(value)
            | Property::WillDelayInterval(value)
            | Property::MaximumPacketSize(value) => write!(f, "{value}"),
            Property::ContentType(text)
            | Property::ResponseTopic(text)
            | Property::AssignedClientIdentifier(text)
            | Property::AuthenticationMethod(text)
            | Property::ResponseInformation(text)
            | Property::ServerReference(text)
            | Property::ReasonString(text) => write!(f, "{}", Quoted(text)),
            Property::CorrelationData(data) | Property::AuthenticationData(data) => {
                write!(f, "{} bytes", data.len())
            }
            Property::UserProperty((name, value)) => write!(f, "{}:{}", Quoted(name), Quoted(value)),
        }
    }
}

/// A string in quotes, escaped as in a Rust literal.
struct Quoted<'a>(&'a ByteString);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_debug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::QoS;

    #[test]
    fn a_publish_fits_into_one_line() {
        let publish = Publish {
            qos: QoS::AtLeastOnce,
            packet_id: Some(7),
            ..Publish::new("a/b", bytes::Bytes::from_static(b"hello"))
        };
        let summary = Packet::Publish(publish).summary();
        assert_eq!(summary, r#"PUBLISH 7 qos=1 dup=0 retain=0 topic="a/b" payload=5 bytes"#);
    }

    #[test]
    fn strings_of_the_wire_are_escaped() {
        let mut publish = Publish::new("a\n\"\u{1b}[2J\u{202e}", bytes::Bytes::new());
        publish.properties.push(Property::UserProperty(("k\r".into(), "v".into())));
        let summary = Packet::Publish(publish).summary();
        let expected = r#"PUBLISH qos=0 dup=0 retain=0 topic="a\n\"\u{1b}[2J\u{202e}" payload=0 bytes properties={User Property="k\r":"v"}"#;
        assert_eq!(summary, expected);
    }
}
