//! JSON Schemas of what programs read: the Record, the event stream and the Campaign. Made from the types, so that they can not fall behind.

use crate::campaign::{self, Campaign};
use crate::event::Line;
use crate::{Record, SCHEMA};

/// The schema of `results.json`.
#[must_use]
pub fn record() -> String {
    text(schemars::schema_for!(Record), SCHEMA)
}

/// The schema of one line of the event stream.
#[must_use]
pub fn event() -> String {
    text(schemars::schema_for!(Line), "mqtt-certify/event/1")
}

/// The schema of `campaign.json`.
#[must_use]
pub fn campaign() -> String {
    text(schemars::schema_for!(Campaign), campaign::SCHEMA)
}

fn text(mut schema: schemars::Schema, name: &str) -> String {
    schema.insert("$id".to_owned(), format!("urn:{}", name.replace('/', ":")).into());
    format!("{:#}\n", schema.as_value())
}
