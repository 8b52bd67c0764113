//! Writes sample reports into a directory, to look at them: `cargo run -p render --example sample -- DIRECTORY`.

#[path = "../../record/tests/records/mod.rs"]
mod records;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "sample-report".to_owned());
    let directory = Path::new(&directory);
    let nasty: Vec<u8> =
        record::hostile::corpus().into_iter().filter(|text| text.len() < 200).flatten().collect();
    for (name, record) in [
        ("sample", records::sample()),
        ("small", records::small()),
        ("large", records::large(2_000, 60)),
        ("clean", records::large(600, 0)),
        ("hostile", records::hostile(&nasty)),
    ] {
        let written = render::write_all(&record, &directory.join(name))?;
        for path in written {
            println!("{} ({} bytes)", path.display(), std::fs::metadata(&path)?.len());
        }
        if name == "sample" {
            println!("{}", render::terminal::summary(&record, 100, false, false));
            println!("{}", render::terminal::failure(&record.checks[0]));
            println!("{}", render::terminal::failure(&record.checks[1]));
        }
    }
    let mut other = records::sample();
    other.subject.name = "another".into();
    other.checks[0].verdict = record::Verdict::Pass;
    other.conclude();
    let matrix = directory.join("matrix.html");
    std::fs::write(&matrix, render::matrix::render(&[records::sample(), other]))?;
    println!("{}", matrix.display());
    Ok(())
}
