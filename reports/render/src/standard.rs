//! Where a statement stands in the standards: its chapter and the address of its section.
//!
//! The headings of the OASIS pages have fragments that count up in the order of the table of contents, so the lists below
//! are those tables. A section that is not in them leads to the page as a whole; a wrong fragment would be worse.

use record::Version;

const PAGE_5: &str = "https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html";
const PAGE_311: &str = "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html";

/// The fragment of the first section in [`SECTIONS_5`] is `_Toc3901006`.
const FIRST_5: usize = 3_901_006;
const SECTIONS_5: &str = "\
    1.5 1.5.1 1.5.2 1.5.3 1.5.4 1.5.5 1.5.6 1.5.7 1.6 1.7 1.8 1.8.1 1.8.2 2 2.1 2.1.1 2.1.2 2.1.3 2.1.4 \
    2.2 2.2.1 2.2.2 2.2.2.1 2.2.2.2 2.3 2.4 3 3.1 3.1.1 3.1.2 3.1.2.1 3.1.2.2 3.1.2.3 3.1.2.4 3.1.2.5 \
    3.1.2.6 3.1.2.7 3.1.2.8 3.1.2.9 3.1.2.10 3.1.2.11 3.1.2.11.1 3.1.2.11.2 3.1.2.11.3 3.1.2.11.4 \
    3.1.2.11.5 3.1.2.11.6 3.1.2.11.7 3.1.2.11.8 3.1.2.11.9 3.1.2.11.10 3.1.2.12 3.1.3 3.1.3.1 3.1.3.2 \
    3.1.3.2.1 3.1.3.2.2 3.1.3.2.3 3.1.3.2.4 3.1.3.2.5 3.1.3.2.6 3.1.3.2.7 3.1.3.2.8 3.1.3.3 3.1.3.4 \
    3.1.3.5 3.1.3.6 3.1.4 3.2 3.2.1 3.2.2 3.2.2.1 3.2.2.1.1 3.2.2.2 3.2.2.3 3.2.2.3.1 3.2.2.3.2 \
    3.2.2.3.3 3.2.2.3.4 3.2.2.3.5 3.2.2.3.6 3.2.2.3.7 3.2.2.3.8 3.2.2.3.9 3.2.2.3.10 3.2.2.3.11 \
    3.2.2.3.12 3.2.2.3.13 3.2.2.3.14 3.2.2.3.15 3.2.2.3.16 3.2.2.3.17 3.2.2.3.18 3.2.3 3.3 3.3.1 3.3.1.1 \
    3.3.1.2 3.3.1.3 3.3.1.4 3.3.2 3.3.2.1 3.3.2.2 3.3.2.3 3.3.2.3.1 3.3.2.3.2 3.3.2.3.3 3.3.2.3.4 \
    3.3.2.3.5 3.3.2.3.6 3.3.2.3.7 3.3.2.3.8 3.3.2.3.9 3.3.3 3.3.4 3.4 3.4.1 3.4.2 3.4.2.1 3.4.2.2 \
    3.4.2.2.1 3.4.2.2.2 3.4.2.2.3 3.4.3 3.4.4 3.5 3.5.1 3.5.2 3.5.2.1 3.5.2.2 3.5.2.2.1 3.5.2.2.2 \
    3.5.2.2.3 3.5.3 3.5.4 3.6 3.6.1 3.6.2 3.6.2.1 3.6.2.2 3.6.2.2.1 3.6.2.2.2 3.6.2.2.3 3.6.3 3.6.4 3.7 \
    3.7.1 3.7.2 3.7.2.1 3.7.2.2 3.7.2.2.1 3.7.2.2.2 3.7.2.2.3 3.7.3 3.7.4 3.8 3.8.1 3.8.2 3.8.2.1 \
    3.8.2.1.1 3.8.2.1.2 3.8.2.1.3 3.8.3 3.8.3.1 3.8.4 3.9 3.9.1 3.9.2 3.9.2.1 3.9.2.1.1 3.9.2.1.2 \
    3.9.2.1.3 3.9.3 3.10 3.10.1 3.10.2 3.10.2.1 3.10.2.1.1 3.10.2.1.2 3.10.3 3.10.4 3.11 3.11.1 3.11.2 \
    3.11.2.1 3.11.2.1.1 3.11.2.1.2 3.11.2.1.3 3.11.3 3.12 3.12.1 3.12.2 3.12.3 3.12.4 3.13 3.13.1 3.13.2 \
    3.13.3 3.13.4 3.14 3.14.1 3.14.2 3.14.2.1 3.14.2.2 3.14.2.2.1 3.14.2.2.2 3.14.2.2.3 3.14.2.2.4 \
    3.14.2.2.5 3.14.3 3.14.4 3.15 3.15.1 3.15.2 3.15.2.1 3.15.2.2 3.15.2.2.1 3.15.2.2.2 3.15.2.2.3 \
    3.15.2.2.4 3.15.2.2.5 3.15.3 3.15.4 4 4.1 4.1.1 4.1.2 4.2 4.3 4.3.1 4.3.2 4.3.3 4.4 4.5 4.6 4.7 \
    4.7.1 4.7.1.1 4.7.1.2 4.7.1.3 4.7.2 4.7.3 4.8 4.8.1 4.8.2 4.9 4.10 4.10.1 4.10.2 4.11 4.12 4.12.1 \
    4.13 4.13.1 4.13.2 \
";

/// The fragment of the first section in [`SECTIONS_311`] is `_Toc398718028`.
const FIRST_311: usize = 398_718_028;
const SECTIONS_311: &str = "\
    3.1 3.1.1 3.1.2 3.1.3 3.1.4 3.2 3.2.1 3.2.2 3.2.3 3.3 3.3.1 3.3.2 3.3.3 3.3.4 3.3.5 3.4 3.4.1 3.4.2 \
    3.4.3 3.4.4 3.5 3.5.1 3.5.2 3.5.3 3.5.4 3.6 3.6.1 3.6.2 3.6.3 3.6.4 3.7 3.7.1 3.7.2 3.7.3 3.7.4 3.8 \
    3.8.1 3.8.2 3.8.3 3.8.4 3.9 3.9.1 3.9.2 3.9.3 3.10 3.10.1 3.10.2 3.10.3 3.10.4 3.11 3.11.1 3.11.2 \
    3.11.3 3.12 3.12.1 3.12.2 3.12.3 3.12.4 3.13 3.13.1 3.13.2 3.13.3 3.14 3.14.1 3.14.2 3.14.3 3.14.4 4 \
    4.1 4.1.1 4.2 4.3 4.3.1 4.3.2 4.3.3 4.4 4.5 4.6 4.7 4.7.1 4.7.2 4.7.3 \
";

/// The address of a section, or of the nearest one above it that has a fragment.
#[must_use]
pub fn link(version: Version, section: &str) -> String {
    let (page, first, sections) = match version {
        Version::V5 => (PAGE_5, FIRST_5, SECTIONS_5),
        Version::V311 => (PAGE_311, FIRST_311, SECTIONS_311),
    };
    let mut wanted = section;
    loop {
        if let Some(index) = sections.split_whitespace().position(|listed| listed == wanted) {
            return format!("{page}#_Toc{}", first + index);
        }
        match wanted.rsplit_once('.') {
            Some((above, _)) => wanted = above,
            None => return page.to_owned(),
        }
    }
}

/// The number of the chapter in which a section stands: `3.1` for `3.1.2.11`.
#[must_use]
pub fn chapter(section: &str) -> &str {
    match section.match_indices('.').nth(1) {
        Some((at, _)) => &section[..at],
        None => section,
    }
}

/// The heading of a chapter, shortened to what a table has room for.
#[must_use]
pub fn chapter_title(version: Version, chapter: &str) -> &'static str {
    match (chapter, version) {
        ("1.5", _) => "Data representation",
        ("2.1", _) => "Structure of a Control Packet",
        ("2.2", Version::V5) => "Variable Header",
        ("2.2", Version::V311) => "Fixed header",
        ("2.3", Version::V311) => "Variable header",
        ("2.4", Version::V5) => "Reason Code",
        ("3.1", _) => "CONNECT",
        ("3.2", _) => "CONNACK",
        ("3.3", _) => "PUBLISH",
        ("3.4", _) => "PUBACK",
        ("3.5", _) => "PUBREC",
        ("3.6", _) => "PUBREL",
        ("3.7", _) => "PUBCOMP",
        ("3.8", _) => "SUBSCRIBE",
        ("3.9", _) => "SUBACK",
        ("3.10", _) => "UNSUBSCRIBE",
        ("3.11", _) => "UNSUBACK",
        ("3.12", _) => "PINGREQ",
        ("3.13", _) => "PINGRESP",
        ("3.14", _) => "DISCONNECT",
        ("3.15", Version::V5) => "AUTH",
        ("4.1", _) => "Session State",
        ("4.2", _) => "Network Connections",
        ("4.3", _) => "Quality of Service",
        ("4.4", _) => "Message delivery retry",
        ("4.5", _) => "Message receipt",
        ("4.6", _) => "Message ordering",
        ("4.7", _) => "Topic Names and Filters",
        ("4.8", Version::V5) => "Subscriptions",
        ("4.8", Version::V311) | ("4.13", Version::V5) => "Handling errors",
        ("4.9", Version::V5) => "Flow Control",
        ("4.10", Version::V5) => "Request / Response",
        ("4.11", Version::V5) => "Server redirection",
        ("4.12", Version::V5) => "Enhanced authentication",
        ("6", _) | ("6.0", _) => "WebSocket",
        ("7", _) | ("7.1", _) => "Conformance",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_lead_to_the_fragments_that_others_link_to() {
        assert!(link(Version::V5, "3.1").ends_with("#_Toc3901033"));
        assert!(link(Version::V5, "3.1.2.11.2").ends_with("#_Toc3901048"));
        assert!(link(Version::V5, "3.8").ends_with("#_Toc3901161"));
        assert!(link(Version::V5, "4.13.2").ends_with("#_Toc3901260"));
        assert!(link(Version::V311, "3.14").ends_with("#_Toc398718090"));
        assert!(link(Version::V311, "4.7").ends_with("#_Toc398718106"));
        assert!(link(Version::V311, "3.1.2.4").ends_with("#_Toc398718030"));
    }

    #[test]
    fn an_unknown_section_leads_to_the_page() {
        assert_eq!(link(Version::V5, "9.9"), PAGE_5);
        assert_eq!(link(Version::V5, ""), PAGE_5);
    }

    #[test]
    fn a_chapter_is_the_first_two_numbers() {
        assert_eq!(chapter("3.1.2.11"), "3.1");
        assert_eq!(chapter("4.13"), "4.13");
        assert_eq!(chapter("6"), "6");
    }
}
