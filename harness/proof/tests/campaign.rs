//! What campaigns find without being told where to look, and that they accuse nobody: `campaign.txt` has a line for each Defect that is found.
//!
//! `UPDATE=1 cargo test -p proof --test campaign` lets campaigns look for every Defect, which takes minutes, and writes the list anew.

use proof::hunt;
use std::path::Path;

/// So many Defects at least are to be found, and become short.
const ENOUGH: usize = 100;

#[test]
fn campaigns_find_what_the_committed_list_says_and_accuse_no_variant() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../campaign.txt");
    let updates = std::env::var_os("UPDATE").is_some();
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let listed: Vec<&str> = committed.lines().filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    let is_variant = |name: &str| subjects::variants::all().iter().any(|variant| variant.name == name);

    let hunt = hunt::hunt(|name| updates || listed.contains(&name) || is_variant(name));

    let accused: Vec<_> = hunt.variants.iter().filter(|variant| !variant.accused.is_empty()).collect();
    assert!(accused.is_empty(), "{accused:#?}");
    assert!(hunt.variants.len() > 50, "only {} Variants were judged", hunt.variants.len());
    assert!(hunt.short() >= ENOUGH, "only {} Defects are found and become short", hunt.short());
    let text = hunt.lines();
    if updates {
        std::fs::write(&path, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let changed: Vec<&str> = text.lines().filter(|line| !committed.lines().any(|c| c == *line)).collect();
    assert!(
        committed == text,
        "what campaigns find has changed; write the list anew with UPDATE=1 if that is meant:\n{}",
        changed.join("\n")
    );
}
