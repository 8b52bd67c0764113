//! How a received message is printed.

use super::options::Format;
use protocol::Publish;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Prints a message to standard output.
pub fn print(publish: &Publish, format: Format, verbose: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => {
            if verbose {
                // A Topic Name may hold control characters, which a terminal would obey.
                write!(out, "{} ", publish.topic.escape_debug())?;
            }
            out.write_all(&publish.payload)?;
            out.write_all(b"\n")?;
        }
        Format::Json => writeln!(out, "{}", to_json(publish))?,
    }
    out.flush()
}

fn to_json(publish: &Publish) -> Value {
    let mut object = Map::new();
    object.insert("topic".to_owned(), json!(&*publish.topic));
    object.insert("qos".to_owned(), json!(publish.qos as u8));
    object.insert("retain".to_owned(), json!(publish.retain));
    object.insert("dup".to_owned(), json!(publish.dup));
    match std::str::from_utf8(&publish.payload) {
        Ok(text) => object.insert("payload".to_owned(), json!(text)),
        Err(_) => object.insert("payload_hex".to_owned(), json!(hex(&publish.payload))),
    };
    let properties = &publish.properties;
    let mut optional = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    };
    optional("content_type", properties.content_type().map(|text| json!(&*text)));
    optional("response_topic", properties.response_topic().map(|text| json!(&*text)));
    optional("correlation_data_hex", properties.correlation_data().map(|data| json!(hex(&data))));
    optional("message_expiry_interval", properties.message_expiry_interval().map(|seconds| json!(seconds)));
    optional("payload_format_indicator", properties.payload_format_indicator().map(|format| json!(format)));
    let identifiers: Vec<u32> = properties.subscription_identifiers().collect();
    optional("subscription_identifiers", (!identifiers.is_empty()).then(|| json!(identifiers)));
    let user: Vec<Value> =
        properties.user_properties().map(|(name, value)| json!([&**name, &**value])).collect();
    optional("user_properties", (!user.is_empty()).then(|| json!(user)));
    Value::Object(object)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Property;

    #[test]
    fn json_shows_text_as_text_and_other_payloads_as_hexadecimal_digits() {
        let mut publish = Publish::new("a", "b\n");
        publish.properties.push(Property::UserProperty(("k".into(), "v".into())));

        let text = to_json(&publish).to_string();
        let binary = to_json(&Publish::new("a", &b"\xff\x00"[..])).to_string();

        assert_eq!(
            text,
            r#"{"dup":false,"payload":"b\n","qos":0,"retain":false,"topic":"a","user_properties":[["k","v"]]}"#
        );
        assert_eq!(binary, r#"{"dup":false,"payload_hex":"ff00","qos":0,"retain":false,"topic":"a"}"#);
    }
}
