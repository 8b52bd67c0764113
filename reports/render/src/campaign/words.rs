//! What a campaign comes to, in words and numbers.

use crate::encode::html::sentence;
use record::campaign::{Campaign, Conclusion};
use record::{Testbed, Verdict};

/// What a campaign comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// `NOTHING FOUND`.
    pub verdict: &'static str,
    /// The glyph that stands before it.
    pub glyph: &'static str,
    /// The verdict whose colour it has.
    pub like: Verdict,
    /// `in 10,000 runs`: what stands beside it.
    pub beside: String,
    /// What that means, and what it does not.
    pub meaning: String,
}

/// Makes the headline.
#[must_use]
pub fn headline(campaign: &Campaign) -> Headline {
    let (found, runs) = (campaign.signatures.len() as u64, number(campaign.seeds.run, "run"));
    let new = campaign.signatures.iter().filter(|signature| !signature.known).count() as u64;
    match campaign.conclusion {
        Conclusion::NothingFound => Headline {
            verdict: "NOTHING FOUND",
            glyph: "✓",
            like: Verdict::Pass,
            beside: format!("in {runs}"),
            meaning: "Each failure that was planted and has to be reported was reported, so a real one would have been. \
                Nothing is said about what never happened: the blind spots."
                .to_owned(),
        },
        Conclusion::Found if new == 0 => Headline {
            verdict: "NOTHING NEW",
            glyph: "✓",
            like: Verdict::Pass,
            beside: format!("{} in {runs}, all of them known", number(found, "kind of breach")),
            meaning: "Each is argued in the list that the campaign was given, and is shown below. Whatever else had been found would have been reported."
                .to_owned(),
        },
        Conclusion::Found => Headline {
            verdict: "FOUND",
            glyph: "✗",
            like: Verdict::Fail,
            beside: match found - new {
                0 => format!("{} in {runs}", number(new, "kind of breach")),
                known => format!("{} in {runs}, and {} known", number(new, "kind of breach"), digits(known)),
            },
            meaning: "Each is shown below with the fewest steps that show it, and with a command that shows it again."
                .to_owned(),
        },
        Conclusion::NoVerdict => Headline {
            verdict: "NO VERDICT",
            glyph: "?",
            like: Verdict::Inconclusive,
            beside: campaign
                .reason
                .as_ref()
                .map_or_else(|| "nothing was proved".to_owned(), |reason| sentence(reason, 200)),
            meaning: if found > 0 {
                format!("{} found all the same; but the campaign did not prove that it would see others.", was(found))
            } else {
                "That nothing was found means nothing here.".to_owned()
            },
        },
    }
}

fn was(found: u64) -> String {
    format!("{} {}", number(found, "kind of breach"), if found == 1 { "was" } else { "were" })
}

/// `10,000`.
pub(super) fn digits(number: u64) -> String {
    let plain = number.to_string();
    let mut out = String::with_capacity(plain.len() + plain.len() / 3);
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 run`, `10,000 runs`, `2 kinds of breach`.
pub(super) fn number(count: u64, noun: &str) -> String {
    let plural = match (count, noun.split_once(" of ")) {
        (1, _) => noun.to_owned(),
        (_, Some((first, rest))) => format!("{first}s of {rest}"),
        (_, None) => format!("{noun}s"),
    };
    format!("{} {plural}", digits(count))
}

/// A share in percent: below ten with one digit behind the point, and never 0 or 100 for what is not.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "none".to_owned();
    }
    let thousandths = u128::from(part) * 1000 / u128::from(whole);
    match (part, thousandths) {
        (0, _) => "0 %".to_owned(),
        (_, 0) => "below 0.1 %".to_owned(),
        (_, 1..100) => format!("{}.{} %", thousandths / 10, thousandths % 10),
        _ => format!("{} %", thousandths / 10),
    }
}

/// `seeds 0 to 9,999, part 1 of 3`.
pub(super) fn seeds(campaign: &Campaign) -> String {
    let seeds = &campaign.seeds;
    let mut text = format!("{} to {}", digits(seeds.first), digits(seeds.end.saturating_sub(1)));
    if seeds.parts > 1 {
        text.push_str(&format!(", part {} of {}", seeds.part, seeds.parts));
    }
    text
}

/// `10,000 of 10,000 seeds`, and whether known failures came first.
pub(super) fn runs(campaign: &Campaign) -> String {
    let seeds = &campaign.seeds;
    let mut text = format!("{} of {}", digits(seeds.run), number(seeds.planned, "seed"));
    if seeds.run < seeds.planned {
        text.push_str(", stopped before the end");
    }
    if seeds.regressions > 0 {
        text.push_str(&format!(", after {}", number(seeds.regressions, "known failure")));
    }
    text
}

/// `1,234 runs per second, 2 side by side`; `None` if it is not known how long it took.
pub(super) fn rate(campaign: &Campaign) -> Option<String> {
    let milliseconds = campaign.duration_ms?.max(1);
    let tenths = u128::from(campaign.seeds.run) * 10_000 / u128::from(milliseconds);
    let rate = match u64::try_from(tenths).unwrap_or(u64::MAX) {
        tenths @ 0..100 => format!("{}.{}", tenths / 10, tenths % 10),
        tenths => digits(tenths / 10),
    };
    let side = if campaign.jobs > 1 { format!(", {} side by side", campaign.jobs) } else { String::new() };
    Some(format!("{rate} runs per second{side}, {} in all", duration(milliseconds)))
}

fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..60_000 => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1000),
    }
}

/// What the driver is.
pub(super) const fn driver(driver: Testbed) -> &'static str {
    match driver {
        Testbed::Virtual => "virtual: a bare loop in virtual time, straight on the Server",
        Testbed::Simulated => "simulated: the code of real sockets in a simulated network",
        Testbed::Live => "live, over real sockets",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(["0", "999", "1,000", "12,345,678"], [0, 999, 1000, 12_345_678].map(digits)[..]);
        assert_eq!(number(1, "kind of breach"), "1 kind of breach");
        assert_eq!(number(2, "kind of breach"), "2 kinds of breach");
        assert_eq!(number(0, "Network Connection"), "0 Network Connections");
        assert_eq!(
            [share(0, 9), share(1, 9999), share(1, 200), share(1, 3), share(9, 9), share(0, 0)],
            ["0 %", "below 0.1 %", "0.5 %", "33 %", "100 %", "none"]
        );
    }
}
