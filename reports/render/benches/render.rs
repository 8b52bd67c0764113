//! Rendering 2,000 checks takes less than a second: `cargo bench -p render`.

#[path = "../../record/tests/records/mod.rs"]
mod records;

use std::hint::black_box;

use std::time::Instant;

const ROUNDS: u32 = 5;

fn main() {
    let record = records::large(2_000, 60);
    println!("2,000 checks, 60 of them failing in different ways");
    measure("results.json", || record.to_json().len());
    measure("report.html", || render::html::render(&record).len());
    measure("junit.xml", || render::junit::render(&record).map_or(0, |text| text.len()));
    measure("summary.md", || render::markdown::render(&record).len());
    measure("results.csv", || render::csv::render(&record).len());
    let json = record.to_json();
    measure("reading", || record::Record::from_json(&json).map_or(0, |record| record.checks.len()));
    println!("3,000 checks, 2,000 of them failing: the cuts");
    let broken = records::large(3_000, 2_000);
    measure("report.html", || render::html::render(&broken).len());
    let other = records::large(2_000, 0);
    measure("diff.html", || render::diff::html(&record::diff::Diff::new(&other, &record)).len());
    let twelve = records::large(600, 12);
    println!("600 checks, 12 failing");
    measure("report.html", || render::html::render(&twelve).len());
    let clean = records::large(600, 0);
    println!("600 checks, none failing");
    measure("report.html", || render::html::render(&clean).len());
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn measure(name: &str, work: impl Fn() -> usize) {
    let start = Instant::now();
    let mut size = 0;
    for _ in 0..ROUNDS {
        size = black_box(work());
    }
    println!(
        "  {name:<14} {:>8.1} ms   {size:>9}",
        start.elapsed().as_secs_f64() * 1000.0 / f64::from(ROUNDS)
    );
}
