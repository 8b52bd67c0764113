//! What the tests of this repository on itself need to know: which crates there are, what they depend on, and what their sources name.
//!
//! The rules are in `tests/habits`, one file for each kind. Deliberately not here: anything that a program of the repository uses.

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

mod names;
pub use names::names;

/// The crates of the workspace as Cargo knows them, and every package that they are built from, on every platform.
///
/// # Panics
/// If Cargo cannot read the manifests, or `Cargo.lock` does not fit them.
pub static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    MetadataCommand::new()
        .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(["--locked".to_owned()])
        .exec()
        .unwrap_or_else(|error| panic!("{error}"))
});

/// The top of the repository.
#[must_use]
pub fn root() -> &'static Path {
    METADATA.workspace_root.as_std_path()
}

/// The crates of the workspace by name.
#[must_use]
pub fn crates() -> BTreeMap<&'static str, &'static Package> {
    METADATA.workspace_packages().into_iter().map(|package| (package.name.as_str(), package)).collect()
}

/// Whether a dependency is there for the tests, examples and benchmarks of a crate alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// The crate itself, or its build script, needs it.
    Product,
    /// Only its tests need it.
    Tests,
}

/// The names of what a crate depends on, be it of the workspace or not.
#[must_use]
pub fn dependencies(package: &'static Package, of: Use) -> BTreeSet<&'static str> {
    let is_meant = |kind| (kind == DependencyKind::Development) == (of == Use::Tests);
    package.dependencies.iter().filter(|d| is_meant(d.kind)).map(|d| d.name.as_str()).collect()
}

/// The names of the crates of the workspace on which a crate depends. A crate that depends on itself, to test its own features, does not know
/// anybody else for that.
#[must_use]
pub fn knows(package: &'static Package, of: Use) -> BTreeSet<&'static str> {
    let ours = crates();
    dependencies(package, of)
        .into_iter()
        .filter(|name| package.name != *name && ours.contains_key(name))
        .collect()
}

/// A crate's directory.
#[must_use]
pub fn directory(package: &Package) -> &Path {
    package.manifest_path.as_std_path().parent().unwrap_or(root())
}

/// The Rust files of a crate below `part`, such as `src`, sorted; `part` may be a file, and `""` means all of the crate.
#[must_use]
pub fn rust_files(package: &Package, part: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&directory(package).join(part), directory(package), &mut files);
    files.sort();
    files
}

/// Follows directories, but not into another crate and not into what Cargo has built.
fn collect(path: &Path, top: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        if path != top && (path.join("Cargo.toml").exists() || path.join("CACHEDIR.TAG").exists()) {
            return;
        }
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), top, files);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        files.push(path.to_owned());
    }
}

/// The text of a file.
///
/// # Panics
/// If it cannot be read.
#[must_use]
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
