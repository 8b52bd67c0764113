//! The page of a campaign: the rules that every page keeps, what a reader has to find on it, and nothing of a hostile Server.

#[path = "../../record/tests/campaigns/mod.rs"]
mod campaigns;
mod harmless;
mod headings;
mod reading;

use std::collections::BTreeSet;

use harmless::{is_harmless, skeleton};
use reading::read;
use record::hostile::corpus;
use record::{Campaign, Untrusted};
use render::campaign::{Why, blind_spots, headline};
use render::html::{SCRIPT, STYLE};
use scraper::{ElementRef, Html, Selector};
use sha2::{Digest, Sha256};

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("selectors in tests are valid")).collect()
}

fn parsed(campaign: &Campaign) -> Html {
    Html::parse_document(&render::campaign::html(campaign))
}

fn text(page: &Html) -> String {
    page.root_element().text().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_reads_well_without_style_and_script() {
    insta::assert_snapshot!("campaign", read(&parsed(&campaigns::found())));
}

#[test]
fn what_is_known_decides_nothing_and_what_is_new_does() {
    let mut campaign = campaigns::found();
    let count = campaign.signatures.len();
    assert!(count > 1 && headline(&campaign).verdict == "FOUND");

    campaign.signatures[0].known = true;
    let some = headline(&campaign);
    campaign.signatures.iter_mut().for_each(|signature| signature.known = true);
    let all = headline(&campaign);

    assert_eq!((some.verdict, all.verdict), ("FOUND", "NOTHING NEW"));
    assert!(some.beside.ends_with("and 1 known"), "{}", some.beside);
    assert!(text(&parsed(&campaign)).contains("argued in the list of the campaign"));
}

#[test]
fn what_is_written_is_read_back_equal_and_renders_to_the_same_bytes() {
    for before in [campaigns::clean(), campaigns::found(), campaigns::hostile(b"\xff\\\x1b<")] {
        let after = Campaign::from_json(&before.to_json()).unwrap();

        assert_eq!(before, after);
        assert_eq!(render::campaign::html(&before), render::campaign::html(&after));
        assert!(is_harmless(&String::from_utf8(before.to_json()).unwrap()));
    }
}

#[test]
fn a_document_of_another_kind_or_version_is_refused_in_words() {
    let text = String::from_utf8(campaigns::clean().to_json()).unwrap();

    let later = Campaign::from_json(text.replace("campaign/1", "campaign/2").as_bytes()).unwrap_err();
    let other = Campaign::from_json(text.replace("campaign/1", "record/1").as_bytes()).unwrap_err();
    let none = Campaign::from_json(b"{}").unwrap_err();

    assert!(later.to_string().contains("render it with the version"), "{later}");
    assert!(!other.to_string().contains("render it with the version"), "{other}");
    assert!(none.to_string().contains("campaign.json"), "{none}");
}

#[test]
fn the_verdict_comes_first_and_never_promises_more_than_was_seen() {
    let mut nothing_proved = campaigns::clean();
    nothing_proved.conclusion = record::campaign::Conclusion::NoVerdict;
    nothing_proved.reason = Some("of 3 planted messages that nobody published, 2 were reported".into());

    for (campaign, verdict) in [
        (campaigns::clean(), "✓ NOTHING FOUND in 10,000 runs"),
        (campaigns::found(), "✗ FOUND 2 kinds of breach in 10,000 runs"),
        (nothing_proved, "? NO VERDICT of 3 planted messages that nobody published, 2 were reported"),
    ] {
        let page = parsed(&campaign);
        let headline: String = all(&page, "h1")[0].text().collect();
        assert_eq!(headline, verdict);
        assert!(
            all(&page, "title")[0]
                .text()
                .collect::<String>()
                .starts_with(&verdict[verdict.find(' ').unwrap() + 1..])
        );
    }
}

#[test]
fn a_breach_has_its_statement_its_steps_its_packets_and_its_commands() {
    let text = text(&parsed(&campaigns::found()));
    for part in [
        "A message reached a Client more often than its QoS and the Subscriptions allow.",
        "5.0/MQTT-4.3.3-1",
        "412 runs",
        "4.1 % of all",
        "2 steps left",
        "the Network Connection of A is reset",
        "✗ violation",
        "mqtt-certify shrink 77 --driver virtual --defect qos2-twice",
        "panicked: index out of bounds",
        "! 4 runs did not come to rest",
        &campaigns::found().digest(),
    ] {
        let squeezed: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed.contains(part), "{part}");
    }
}

#[test]
fn what_never_happened_is_named_with_its_reason() {
    let campaign = campaigns::clean();

    let spots = blind_spots(&campaign);

    let why = |what: &str| spots.iter().find(|spot| spot.what == what).map(|spot| spot.why);
    assert_eq!(why("Hardship “merged reads”"), Some(Why::NotAvailable(1_380)));
    assert_eq!(why("Hardship “clock moved”"), Some(Why::NothingToBefall(12)));
    assert_eq!(why("Action “leave”"), Some(Why::NeverAsked));
    assert_eq!(why("Network Connection never opened"), Some(Why::DidNotCome));
    assert_eq!(why("AUTH of a Client"), Some(Why::DidNotCome));
    assert_eq!(why("CONNACK of a Client"), None, "no Client sends one");
    assert_eq!(why("Hardship “reset”"), None);
    let text = text(&parsed(&campaign));
    for spot in &spots {
        assert!(text.contains(&spot.what), "{}", spot.what);
    }
}

#[test]
fn every_plot_says_what_a_table_says() {
    let page = parsed(&campaigns::found());

    let plots = all(&page, "svg.plot");
    assert!(plots.len() > 15, "{}", plots.len());
    for plot in plots {
        let illustrates = plot.attr("aria-hidden") == Some("true");
        let is_named =
            plot.attr("role") == Some("img") && plot.select(&Selector::parse("title").unwrap()).count() == 1;
        assert!(illustrates != is_named, "{}", plot.html());
    }
    for figure in all(&page, "figure") {
        let columns = figure.select(&Selector::parse("svg rect").unwrap()).count();
        assert_eq!(figure.select(&Selector::parse("tbody tr").unwrap()).count(), columns);
    }
    // A bar has numbers beside it.
    for row in all(&page, "tr:has(td.bar)") {
        assert!(row.text().any(|text| text.chars().any(|character| character.is_ascii_digit())));
    }
}

#[test]
fn headings_tables_and_fragments_are_in_order() {
    for campaign in [campaigns::clean(), campaigns::found(), campaigns::hostile(b"x")] {
        let page = parsed(&campaign);
        headings::assert_in_order(&page);
        let mut ids = BTreeSet::new();
        for element in all(&page, "[id]") {
            assert!(ids.insert(element.attr("id").unwrap()), "{:?} occurs twice", element.attr("id"));
        }
        for link in all(&page, "a[href^='#']") {
            assert!(ids.contains(&link.attr("href").unwrap()[1..]), "{:?} leads nowhere", link.attr("href"));
        }
        for label in all(&page, "[aria-labelledby]") {
            for id in label.attr("aria-labelledby").unwrap().split(' ') {
                assert!(ids.contains(id), "{id} labels and is not there");
            }
        }
    }
}

#[test]
fn nothing_is_requested_and_nothing_runs_but_the_one_script() {
    let page = parsed(&campaigns::found());

    let policy = all(&page, "meta[http-equiv='Content-Security-Policy']")[0].attr("content").unwrap();
    for (selector, content) in [("script", SCRIPT), ("style", STYLE)] {
        let elements = all(&page, selector);
        assert_eq!(elements.len(), 1, "{selector}");
        assert_eq!(elements[0].text().collect::<String>(), content);
        let digest =
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, Sha256::digest(content));
        assert!(policy.contains(&format!("{selector}-src 'sha256-{digest}'")));
    }
    for forbidden in ["link", "iframe", "img", "object", "embed", "form", "base", "use", "image"] {
        assert!(all(&page, forbidden).is_empty(), "{forbidden}");
    }
    for element in all(&page, "*") {
        assert!(
            element
                .value()
                .attrs()
                .all(|(name, _)| !name.starts_with("on") && name != "style" && name != "src")
        );
        let href = element.attr("href");
        assert!(
            href.is_none_or(|href| href.starts_with('#') || href.starts_with("https://docs.oasis-open.org/"))
        );
    }
}

#[test]
fn the_page_has_the_same_elements_whatever_a_server_sends() {
    let expected = skeleton(&parsed(&campaigns::hostile(b"harmless")));
    for nasty in corpus() {
        // One that has several lines gives the text of the first run as many.
        let has_lines = nasty.contains(&b'\n');
        let page = parsed(&campaigns::hostile(&nasty));

        if !has_lines && !nasty.trim_ascii().is_empty() && nasty.len() < 400 {
            assert!(skeleton(&page) == expected, "{:?}", Untrusted::new(nasty));
        }
        let foreign =
            all(&page, "img, iframe, link, base, form, h1 b, svg animate, meta[http-equiv=refresh]");
        assert!(foreign.is_empty(), "{:?}", foreign[0].html());
        assert_eq!(all(&page, "script").len(), 1);
        assert!(is_harmless(&page.root_element().text().collect::<String>()));
    }
}

#[test]
fn a_campaign_that_found_very_much_has_a_page_that_opens() {
    let mut campaign = campaigns::found();
    let model = campaign.signatures[0].clone();
    let versions = [record::Version::V311, record::Version::V5];
    campaign.signatures = record::Requirement::of_versions(&versions)
        .into_iter()
        .map(|requirement| {
            let mut signature = record::campaign::Signature { requirement, ..model.clone() };
            signature.text = "x".repeat(70_000).into();
            signature.transcript.events = (0..200).flat_map(|_| model.transcript.events.clone()).collect();
            signature
        })
        .collect();

    let page = render::campaign::html(&campaign);

    assert!(page.len() < render::html::BUDGET, "{}", page.len());
    assert!(page.contains(" in full. All of them are in campaign.json."));
}
