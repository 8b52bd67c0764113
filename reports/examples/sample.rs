//! Writes sample reports into a directory, to look at them: `cargo run -p reports --example sample -- DIRECTORY`.

#[path = "../tests/records/mod.rs"]
mod records;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "sample-report".to_owned());
    let directory = Path::new(&directory);
    let nasty: Vec<u8> =
        reports::hostile::corpus().into_iter().filter(|text| text.len() < 200).flatten().collect();
    for (name, record) in [
        ("sample", records::sample()),
        ("small", records::small()),
        ("large", records::large(2_000, 60)),
        ("clean", records::large(600, 0)),
        ("hostile", records::hostile(&nasty)),
    ] {
        let written = reports::write_all(&record, &directory.join(name))?;
        for path in written {
            println!("{} ({} bytes)", path.display(), std::fs::metadata(&path)?.len());
        }
        if name == "sample" {
            println!("{}", reports::terminal::summary(&record, 100, false, false));
            println!("{}", reports::terminal::failure(&record.checks[0]));
            println!("{}", reports::terminal::failure(&record.checks[1]));
        }
    }
    let mut other = records::sample();
    other.subject.name = "another".into();
    other.checks[0].verdict = reports::Verdict::Pass;
    other.conclude();
    let matrix = directory.join("matrix.html");
    std::fs::write(&matrix, reports::matrix::render(&[records::sample(), other]))?;
    println!("{}", matrix.display());
    Ok(())
}
