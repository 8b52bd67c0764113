//! Nothing is compiled a second time for tests that it does not have, and no test is left out for that.

use crate::{MOVING, none};
use cargo_metadata::{Package, Target};
use house::{crates, read, rust_files};
use std::path::Path;

/// The lines of what may belong to a library or a program: all of `src`, but for a program without modules, which is its own file alone.
fn lines(package: &Package, target: &Target) -> Vec<String> {
    let own: Vec<String> = trimmed(target.src_path.as_std_path());
    if target.is_bin() && !own.iter().any(|line| line.starts_with("mod ")) {
        return own;
    }
    rust_files(package, "src").iter().flat_map(|file| trimmed(file)).collect()
}

fn trimmed(file: &Path) -> Vec<String> {
    read(file).lines().map(|line| line.trim().to_owned()).collect()
}

fn begins_test(line: &str) -> bool {
    line.starts_with("#[test]") || line.starts_with("#[tokio::test") || line.starts_with("proptest!")
}

/// An example in a comment that `cargo test` would compile.
fn has_examples(lines: &[String]) -> bool {
    let mut fences = lines
        .iter()
        .filter_map(|line| line.strip_prefix("///").or_else(|| line.strip_prefix("//!")))
        .filter_map(|line| line.trim().strip_prefix("```"));
    // Every second fence only ends what the one before it began.
    std::iter::from_fn(|| {
        let begin = fences.next();
        fences.next();
        begin
    })
    .any(|word| !["text", "gherkin", "sh", "json", "yaml", "toml"].contains(&word))
}

#[test]
fn what_has_no_tests_of_its_own_is_not_compiled_for_them() {
    let mut complaints = Vec::new();
    for (name, package) in crates() {
        for target in package.targets.iter().filter(|target| target.is_lib() || target.is_bin()) {
            let lines = lines(package, target);
            let has_tests = lines.iter().any(|line| begins_test(line));
            let what = if target.is_lib() { "[lib]" } else { "[[bin]]" };
            match (has_tests, target.test) {
                (true, false) => {
                    complaints.push(format!("{name}: {what} has tests, and test = false leaves them out"))
                }
                (false, true) => {
                    complaints.push(format!("{name}: {what} has no tests and lacks test = false"))
                }
                _ => {}
            }
            if target.is_lib() {
                match (has_examples(&lines), target.doctest) {
                    (true, false) => complaints.push(format!("{name}: doctest = false leaves examples out")),
                    (false, true) if !MOVING.contains(&name) => {
                        complaints.push(format!("{name}: [lib] has no examples and lacks doctest = false"));
                    }
                    _ => {}
                }
            }
        }
    }
    none(&complaints);
}

#[test]
fn a_fence_that_is_text_is_no_example() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();

    assert!(!has_examples(&lines("//! ```text\n//! a\n//! ```\nfn a() {}")));
    assert!(has_examples(&lines("/// ```text\n/// a\n/// ```\n/// ```\n/// b();\n/// ```")));
    assert!(has_examples(&lines("//! ```compile_fail\n//! a\n//! ```")));
}
