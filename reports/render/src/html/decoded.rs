//! A packet, field by field: where it stands, what it is, and which one is at fault.

use maud::{Markup, html};

use super::packets::spaced;
use crate::encode::html::{cut, own};
use record::{Event, Field, FieldMark};

/// Bytes of a field that are shown.
const LEADING: usize = 24;

/// Fields of one packet that are shown.
const LISTED: usize = 60;

pub(super) fn fields(event: &Event) -> Markup {
    let wire = event.wire();
    let fields = &event.fields;
    html! {
        details open[event.mark.is_some()] {
            summary { (fields.len()) " field" @if fields.len() != 1 { "s" } }
            table.fields {
                caption { "Decoded fields" }
                thead { tr { @for title in ["Offset+length", "Field", "Value", "Bytes"] { th scope="col" { (title) } } } }
                tbody {
                    @for field in fields.iter().take(LISTED) { (row(field, &wire)) }
                    @if fields.len() > LISTED { tr { td colspan="4" { (fields.len() - LISTED) " more fields, in results.json" } } }
                }
            }
        }
    }
}

fn row(field: &Field, wire: &[u8]) -> Markup {
    let start = field.offset as usize;
    let end = start.saturating_add(field.length as usize).min(wire.len());
    let bytes = wire.get(start..end).unwrap_or_default();
    html! {
        tr class=[field.mark.map(|mark| match mark { FieldMark::Fault => "bad", FieldMark::Deliberate => "deliberate" })] {
            td.number { (field.offset) "+" (field.length) }
            td { (own(&field.name)) }
            td {
                (cut(&field.value, 300))
                @match field.mark {
                    Some(FieldMark::Fault) => { " " strong.v.fail { "✗ at fault" } },
                    Some(FieldMark::Deliberate) => { " " strong.v.info { "⚑ wrong on purpose" } },
                    None => {},
                }
            }
            td.bytes { code { (spaced(&bytes[..bytes.len().min(LEADING)])) @if bytes.len() > LEADING { " …" } } }
        }
    }
}
