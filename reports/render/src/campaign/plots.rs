//! Plots as inline SVG: bars beside the numbers of a table, and histograms.
//!
//! Presentation attributes and classes only, which the page's policy does not restrict. A bar in a table only illustrates the numbers beside it and is
//! hidden from those who listen; a histogram names the table that says the same. Parts of a bar differ in shape, not in colour alone.

use maud::{Markup, html};

use super::words::{digits, share};
use crate::encode::html::own;
use crate::html::scroll;
use record::campaign::{Distribution, Occasions};

/// Length of the longest bar of a table.
const LENGTH: u64 = 220;
/// Width of a histogram.
const WIDTH: u64 = 320;
/// Its height.
const HEIGHT: u64 = 160;
/// Where its columns stand.
const BASE: u64 = 132;
/// The height of its longest column.
const TALLEST: u64 = 106;
/// The least distance of two numbers under its columns.
const APART: u64 = 34;

/// So much of the longest bar; what is there at all is seen.
fn scaled(value: u64, longest: u64, length: u64) -> u64 {
    let exact = u128::from(value) * u128::from(length) / u128::from(longest.max(1));
    u64::try_from(exact).unwrap_or(length).min(length).max(u64::from(value > 0) * 2)
}

/// The bar of a number.
pub(super) fn bar(value: u64, longest: u64) -> Markup {
    html! {
        svg.plot width=(LENGTH) height="16" viewBox={ "0 0 " (LENGTH) " 16" } preserveAspectRatio="none" aria-hidden="true" {
            @if value > 0 { rect width=(scaled(value, longest, LENGTH)) height="16" {} }
        }
    }
}

/// The bar of what was asked for: what happened is full, what had nothing to befall is a frame, what the driver can not do is a dashed line.
pub(super) fn stacked(kind: &Occasions, longest: u64) -> Markup {
    let happened = scaled(kind.happened, longest, LENGTH);
    let idle = scaled(kind.idle, longest, LENGTH);
    let not_available = scaled(kind.not_available, longest, LENGTH);
    let width = LENGTH + 6;
    html! {
        svg.plot width=(width) height="16" viewBox={ "0 0 " (width) " 16" } preserveAspectRatio="none" aria-hidden="true" {
            @if happened > 0 { rect width=(happened) height="16" {} }
            @if idle > 0 { rect.idle x=(happened + 1) y="2.5" width=(idle) height="11" {} }
            @if not_available > 0 { path.na d={ "M" (happened + idle + 2) " 8h" (not_available) } {} }
        }
    }
}

/// What the parts of a bar mean.
pub(super) fn legend() -> Markup {
    html! {
        p.key {
            span { svg.plot width="28" height="16" viewBox="0 0 28 16" aria-hidden="true" { rect width="28" height="16" {} } " happened " }
            span { svg.plot width="28" height="16" viewBox="0 0 28 16" aria-hidden="true" { rect.idle x="1" y="2.5" width="26" height="11" {} } " asked for, with nothing to befall " }
            span { svg.plot width="28" height="16" viewBox="0 0 28 16" aria-hidden="true" { path.na d="M0 8h28" {} } " asked for, not available with this driver" }
        }
    }
}

/// A distribution: a column for each class, and the same as a table.
pub(super) fn histogram(index: usize, distribution: &Distribution) -> Markup {
    let classes = &distribution.classes;
    let tallest = classes.iter().map(|class| class.runs).max().unwrap_or(0);
    let slot = (WIDTH / (classes.len() as u64).max(1)).min(48);
    let label_every = APART.div_ceil(slot.max(1)).max(1);
    let runs = classes.iter().map(|class| class.runs).sum();
    html! {
        figure {
            figcaption { (own(&sentence_case(&distribution.name))) ": " (digits(distribution.average)) " on average, " (digits(distribution.maximum)) " at most" }
            svg.plot role="img" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) aria-labelledby={ "d" (index) "-t d" (index) "-d" } {
                title id={ "d" (index) "-t" } { "Runs by " (own(&distribution.name)) }
                desc id={ "d" (index) "-d" } { "The table below says the same." }
                @for (place, class) in (0u64..).zip(classes) {
                    @let (height, x) = (scaled(class.runs, tallest, TALLEST), place * slot);
                    @if height > 0 { rect x=(x + 1) y=(BASE - height) width=(slot.saturating_sub(3).max(1)) height=(height) {} }
                    @if slot >= APART { text x=(x + slot / 2 - 1) y=(BASE - height - 5) text-anchor="middle" { (short(class.runs)) } }
                    @if place % label_every == 0 { text.dim x=(x + slot / 2 - 1) y=(BASE + 16) text-anchor="middle" { (short(class.from)) } }
                }
                path.axis d={ "M0 " (BASE) ".5H" (slot * classes.len() as u64) } {}
            }
            details {
                summary { "Numbers of this plot" }
                (scroll(&format!("Runs by {}", distribution.name), &html! {
                    table.numbers {
                        caption { "Runs by " (own(&distribution.name)) }
                        thead { tr { th scope="col" { "From" } th scope="col" { "To" } th scope="col" { "Runs" } th scope="col" { "Share" } } }
                        tbody {
                            @for class in classes {
                                tr { td { (digits(class.from)) } td { (digits(class.to)) } td { (digits(class.runs)) } td { (share(class.runs, runs)) } }
                            }
                        }
                    }
                }))
            }
        }
    }
}

/// `980`, `1.0k`, `65k`, `2.1M`: what stands at a column.
fn short(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..10_000 => format!("{}.{}k", number / 1_000, number % 1_000 / 100),
        10_000..1_000_000 => format!("{}k", number / 1_000),
        _ => format!("{}.{}M", number / 1_000_000, number % 1_000_000 / 100_000),
    }
}

fn sentence_case(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
