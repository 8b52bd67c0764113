//! Each crate has a page for whoever comes to it first.

use crate::none;
use house::{crates, directory};

/// What says how to test the crate alone.
fn command(name: &str) -> String {
    format!("cargo test -p {name}")
}

#[test]
fn each_crate_has_a_page_that_says_how_to_test_it() {
    let mut complaints = Vec::new();
    for (name, package) in crates() {
        match std::fs::read_to_string(directory(package).join("README.md")) {
            Err(_) => complaints.push(format!("{name} has no README.md")),
            Ok(page) if !page.contains(&command(name)) => {
                complaints.push(format!("the README.md of {name} does not say `{}`", command(name)));
            }
            Ok(_) => {}
        }
    }
    none(&complaints);
}
