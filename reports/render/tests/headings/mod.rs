//! What holds of the headings and tables of each page.

use scraper::{Html, Selector};

/// One first heading, no level left out, and for each table a caption and scopes.
pub fn assert_in_order(page: &Html) {
    let all = |selector: &str| page.select(&Selector::parse(selector).unwrap()).collect::<Vec<_>>();
    assert_eq!(all("h1").len(), 1);
    let mut last = 0;
    for heading in all("h1, h2, h3, h4") {
        let level: u32 = heading.value().name()[1..].parse().unwrap();
        assert!(level <= last + 1, "{} after h{last}", heading.value().name());
        last = level;
    }
    assert_eq!(all("table").len(), all("table > caption").len());
    assert!(all("thead th:not([scope])").is_empty());
}
