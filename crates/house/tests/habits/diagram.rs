//! The diagram of crates in `ARCHITECTURE.md`, made from what Cargo knows. `UPDATE=1 cargo test -p house` writes it anew.

use house::{Use, crates, knows, read, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const BEGIN: &str = "<!-- written by `UPDATE=1 cargo test -p house` -->\n```text\n";
const END: &str = "```\n<!-- end of what is written -->\n";

/// What a crate knows, directly or by others, without its tests.
fn reach(
    of: &'static str,
    direct: &BTreeMap<&'static str, BTreeSet<&'static str>>,
) -> BTreeSet<&'static str> {
    let mut all = BTreeSet::new();
    let mut open: Vec<&'static str> = direct[of].iter().copied().collect();
    while let Some(next) = open.pop() {
        if all.insert(next) {
            open.extend(&direct[next]);
        }
    }
    all
}

/// One line for each crate, after all that it knows. What it knows by others as well is left out.
fn diagram() -> String {
    let direct: BTreeMap<_, _> =
        crates().into_iter().map(|(name, package)| (name, knows(package, Use::Product))).collect();
    let reach: BTreeMap<_, _> = direct.keys().map(|name| (*name, reach(name, &direct))).collect();
    let width = direct.keys().map(|name| name.len()).max().unwrap_or_default();
    let mut order: Vec<&str> = direct.keys().copied().collect();
    // Whoever knows another crate knows more crates than that one, so this puts each crate after those that it knows.
    order.sort_by_key(|name| (reach[name].len(), *name));
    let mut out = String::new();
    for name in order {
        let nearest: Vec<&str> = direct[name]
            .iter()
            .copied()
            .filter(|known| !direct[name].iter().any(|other| reach[other].contains(known)))
            .collect();
        let arrow = if nearest.is_empty() { "" } else { " → " };
        let line = format!("{name:width$}{arrow}{}", nearest.join(", "));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

#[test]
fn the_diagram_of_the_architecture_is_what_cargo_knows() {
    let path = root().join("ARCHITECTURE.md");
    let page = read(&path);
    let (before, rest) = page.split_once(BEGIN).expect("ARCHITECTURE.md marks where the diagram begins");
    let (committed, after) = rest.split_once(END).expect("ARCHITECTURE.md marks where the diagram ends");
    let diagram = diagram();

    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, [before, BEGIN, &diagram, END, after].concat())
            .expect("the page can be written");
    } else {
        assert!(
            committed == diagram,
            "the diagram in ARCHITECTURE.md is not what Cargo knows; UPDATE=1 cargo test -p house writes it anew:\n{diagram}"
        );
    }
}
