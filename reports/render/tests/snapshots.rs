//! Renderings of a fixed Record, for a person to review when they change.

mod reading;
#[path = "../../record/tests/records/mod.rs"]
mod records;

use reading::read;
use scraper::Html;

#[test]
fn the_summary_reads_well() {
    insta::assert_snapshot!("markdown", render::markdown::render(&records::small()));
}

#[test]
fn the_junit_document_reads_well() {
    insta::assert_snapshot!("junit", render::junit::render(&records::small()).unwrap());
}

#[test]
fn the_terminal_reads_well() {
    let record = records::small();
    let mut out = render::terminal::summary(&record, 100, false, false);
    for check in &record.checks[..2] {
        out.push_str("\n\n");
        out.push_str(&render::terminal::failure(check));
    }
    out.push_str("\n\nthe same for narrow terminals without Unicode\n\n");
    out.push_str(&render::terminal::summary(&record, 60, false, true));
    insta::assert_snapshot!("terminal", out);
}

#[test]
fn the_badge_and_the_table_read_well() {
    let record = records::small();
    insta::assert_snapshot!("badge", render::badge::render(&record));
    insta::assert_snapshot!("csv", render::csv::render(&record).replace("\r\n", "\n"));
}

#[test]
fn the_page_reads_well_without_style_and_script() {
    let page = Html::parse_document(&render::html::render(&records::small()));
    insta::assert_snapshot!("page", read(&page));
}
