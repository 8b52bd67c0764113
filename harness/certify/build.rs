//! Says which commit the program is built of, so that a Record says which suite it is from.

use std::path::Path;
use std::process::Command;

/// What `git` answers; nothing if there is no repository, or no `git`.
fn git(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    let answer = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!answer.is_empty()).then_some(answer)
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // What changes with a commit: the name of the branch, and where it points to.
    let branch = git(&["symbolic-ref", "-q", "HEAD"]);
    for name in ["HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        if let Some(path) = git(&["rev-parse", "--git-path", name]).filter(|path| Path::new(path).exists()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let commit = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=MQTT_CERTIFY_COMMIT={commit}");
}
