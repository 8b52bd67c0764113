//! The frame of the page: head, policy, sections, style and script.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::compact::compact;
use super::{Context, about, coverage, evidence, findings, head, statements};
use crate::encode::html::own;
use crate::sentence;
use record::Verdict;

/// The one style sheet.
pub const STYLE: &str = include_str!("style.css");

/// The one script. It adds filters, search, copying and the choice of a theme to a page that is complete without it.
pub const SCRIPT: &str = include_str!("script.js");

/// Where the style and the script stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assets {
    /// In the page, which is then one file.
    Inline,
    /// In `report.css` and `report.js` beside it, for servers that block what stands in the page.
    Beside,
}

pub(super) fn page(context: &Context<'_>, assets: Assets) -> String {
    let record = context.record;
    let title = format!(
        "{} · {} · {}{}",
        record.verdict.headline(),
        sentence::subject(record),
        record.specs(),
        record
            .run
            .started
            .as_deref()
            .and_then(|started| started.get(..10))
            .map_or(String::new(), |day| format!(" · {day}")),
    );
    document(
        &title,
        "#findings",
        assets,
        &html! {
            (head::head(context))
            (contents(context))
            main {
                (findings::section(context))
                (findings::baseline(context))
                (findings::waivers(context))
                (coverage::chapters(context))
                (coverage::features(context))
                (statements::section(context))
                (evidence::section(context))
                (about::section(context))
            }
            footer { (about::footer(context)) }
        },
    )
}

/// A document with the policy, the style and the script around its content.
pub(crate) fn document(title: &str, skip_to: &str, assets: Assets, content: &Markup) -> String {
    let (script, style) = match assets {
        Assets::Inline => (
            format!("'sha256-{}'", base64(&Sha256::digest(SCRIPT))),
            format!("'sha256-{}'", base64(&Sha256::digest(STYLE))),
        ),
        Assets::Beside => ("'self'".to_owned(), "'self'".to_owned()),
    };
    let policy = format!(
        "default-src 'none'; script-src {script}; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'"
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" data-theme="system" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="referrer" content="no-referrer";
                meta name="generator" content="mqtt-certify";
                title { (own(title)) }
                @match assets {
                    Assets::Inline => style { (PreEscaped(STYLE)) },
                    Assets::Beside => link rel="stylesheet" href="report.css";,
                }
            }
            body {
                a.skip href=(skip_to) { "Skip to the content" }
                (content)
                @match assets {
                    Assets::Inline => script { (PreEscaped(SCRIPT)) },
                    Assets::Beside => script src="report.js" {},
                }
            }
        }
    };
    compact(&page.into_string())
}

/// The name of the page and the choice of a theme, which the script makes work.
pub(crate) fn bar(brand: &str) -> Markup {
    html! {
        div.bar {
            span { (brand) }
            span.theme hidden {
                button type="button" data-set="system" { "System" }
                button type="button" data-set="light" { "Light" }
                button type="button" data-set="dark" { "Dark" }
            }
        }
    }
}

fn contents(context: &Context<'_>) -> Markup {
    let record = context.record;
    html! {
        nav aria-label="Contents" {
            ul {
                li { a href="#findings" { "Findings (" (context.findings.len()) ")" } }
                @if record.baseline.is_some() { li { a href="#diff" { "Since the baseline" } } }
                @if !record.waivers.is_empty() { li { a href="#waivers" { "Waivers (" (record.waivers.len()) ")" } } }
                li { a href="#coverage" { "Coverage" } }
                li { a href="#features" { "Features and limits" } }
                li { a href="#statements" { "Statements (" (record.requirements.len()) ") and checks (" (record.checks.len()) ")" } }
                @if !context.findings.is_empty() { li { a href="#evidence" { "Evidence" } } }
                li { a href="#about" { "About this run" } }
            }
        }
    }
}

/// Glyph and word, never colour alone.
pub(crate) fn badge(verdict: Verdict) -> Markup {
    html! { span class={ "v " (verdict.name()) } { (verdict.glyph()) " " (verdict.word()) } }
}

/// A table that scrolls inside of itself on narrow screens, reachable with the keyboard. Its label says that it is the table, so that
/// a list of landmarks tells it from the section of the same name.
pub(crate) fn scroll(label: &str, table: &Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label={ (label) ", table" } { (table) } }
}

/// The standard alphabet with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0u32, |group, &byte| group << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for position in 0..4 {
            if position <= chunk.len() {
                text.push(char::from(ALPHABET[(group >> (18 - 6 * position)) as usize & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_agrees_with_the_vectors_of_rfc_4648() {
        let encoded: Vec<String> =
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes())).into();
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}
