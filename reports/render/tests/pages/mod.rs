//! The pages that are shown to a browser, one of each kind.

use record::diff::Diff;
use record::{Record, Verdict, hostile};
use render::html::render;
use render::matrix;

use crate::{campaigns, records};

/// The short strings of the corpus at once.
fn short() -> Vec<u8> {
    hostile::corpus().into_iter().filter(|text| text.len() < 200).flatten().collect()
}

fn nasty() -> Record {
    records::hostile(&short())
}

/// Another Subject, which differs in two checks.
pub fn another() -> Record {
    let mut other = records::small();
    other.subject.name = "another".into();
    other.checks[0].verdict = Verdict::Pass;
    other.checks[3].verdict = Verdict::Fail;
    other.conclude();
    other
}

/// Every kind of page that there is.
pub fn pages() -> [(&'static str, String); 9] {
    [
        ("sample", render(&records::sample())),
        ("small", render(&records::small())),
        ("hostile", render(&nasty())),
        ("many findings", render(&records::large(600, 12))),
        ("matrix", matrix::render(&[records::small(), another(), nasty()])),
        ("campaign that found nothing", render::campaign::html(&campaigns::clean())),
        ("campaign", render::campaign::html(&campaigns::found())),
        ("hostile campaign", render::campaign::html(&campaigns::hostile(&short()))),
        ("difference", render::diff::html(&Diff::new(&records::small(), &another()))),
    ]
}
