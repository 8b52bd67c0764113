//! What the crates are built from: nothing that is not used, under licences that let us, from crates.io, and no more than one version of it.

use crate::none;
use cargo_metadata::{DependencyKind, Package, PackageId};
use house::{METADATA, crates, names, read, root, rust_files};
use std::collections::{BTreeMap, BTreeSet};

/// Licences that ask for no more than to be named.
const LICENCES: &[&str] = &[
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Licences that ask for more, and are good enough for what tests alone are built from.
const LICENCES_OF_TESTS: &[&str] = &["MPL-2.0"];

/// Packages of which two versions are built, because others ask for both.
const TWICE: &[&str] = &[
    "bit-set",
    "bit-vec",
    "block-buffer",
    "cpufeatures",
    "crypto-common",
    "digest",
    "getrandom",
    "hashbrown",
    "r-efi",
    "rand",
    "rand_core",
    "syn",
];

fn others() -> impl Iterator<Item = &'static Package> {
    METADATA.packages.iter().filter(|package| !METADATA.workspace_members.contains(&package.id))
}

/// Where a dependency of a kind has to be named.
fn places(kind: DependencyKind) -> &'static [&'static str] {
    match kind {
        DependencyKind::Development => &["src", "tests", "benches", "examples"],
        DependencyKind::Build => &["build.rs"],
        _ => &["src"],
    }
}

#[test]
fn no_crate_declares_a_dependency_that_its_sources_do_not_name() {
    let mut complaints = Vec::new();
    for (name, package) in crates() {
        for dependency in &package.dependencies {
            // What is in `src` for tests alone does not count as named there, so tests within `src` are looked through as text.
            let word = dependency.rename.as_deref().unwrap_or(&dependency.name).replace('-', "_");
            let is_named =
                places(dependency.kind).iter().flat_map(|place| rust_files(package, place)).any(|file| {
                    let text = read(&file);
                    names(&text).iter().any(|path| path.split("::").next() == Some(&word))
                        || (dependency.kind == DependencyKind::Development
                            && text.contains(&format!("{word}::")))
                });
            if !is_named {
                complaints.push(format!(
                    "{name} does not name {} in {:?}",
                    dependency.name,
                    places(dependency.kind)
                ));
            }
        }
    }
    none(&complaints);
}

#[test]
fn the_workspace_declares_no_dependency_that_no_crate_has() {
    let manifest: toml::Table = read(&root().join("Cargo.toml")).parse().expect("the manifest is TOML");
    let declared = manifest["workspace"]["dependencies"].as_table().expect("dependencies are a table");
    let used: BTreeSet<&str> = crates()
        .values()
        .flat_map(|package| &package.dependencies)
        .map(|dependency| dependency.rename.as_deref().unwrap_or(&dependency.name))
        .collect();

    let unused: Vec<String> = declared
        .keys()
        .filter(|name| !used.contains(name.as_str()))
        .map(|n| format!("no crate has {n}"))
        .collect();
    none(&unused);
}

/// The packages of which everything but tests is built.
fn product() -> BTreeSet<&'static PackageId> {
    let resolve = METADATA.resolve.as_ref().expect("Cargo resolves");
    let nodes: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut found: BTreeSet<&PackageId> = BTreeSet::new();
    let mut open: Vec<&PackageId> =
        METADATA.workspace_members.iter().filter(|id| METADATA[id].name != "house").collect();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            let needed = |d: &&cargo_metadata::NodeDep| {
                d.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
            };
            open.extend(nodes[id].deps.iter().filter(needed).map(|d| &d.pkg));
        }
    }
    found
}

#[test]
fn every_licence_is_one_that_lets_us() {
    let product = product();
    let mut complaints = Vec::new();
    let mut used = BTreeSet::new();
    for package in others() {
        let text = package.license.as_deref().unwrap_or_default();
        let mode = spdx::ParseMode { allow_slash_as_or_operator: true, ..spdx::ParseMode::STRICT };
        let Ok(expression) = spdx::Expression::parse_mode(text, mode) else {
            complaints.push(format!("{}: \"{text}\" is no licence", package.name));
            continue;
        };
        let is_tests = !product.contains(&package.id);
        let is_among = |list: &[&str], licence: &spdx::LicenseReq| {
            licence.license.id().is_some_and(|id| list.contains(&id.name))
        };
        if expression.evaluate(|licence| is_among(LICENCES, licence)) {
            used.extend(expression.requirements().filter_map(|r| r.req.license.id()).map(|id| id.name));
        } else if is_tests && expression.evaluate(|l| is_among(LICENCES, l) || is_among(LICENCES_OF_TESTS, l))
        {
            used.extend(expression.requirements().filter_map(|r| r.req.license.id()).map(|id| id.name));
        } else {
            complaints.push(format!("{} {}: {text}", package.name, package.version));
        }
    }
    complaints.extend(
        LICENCES
            .iter()
            .chain(LICENCES_OF_TESTS)
            .filter(|name| !used.contains(*name))
            .map(|name| format!("nothing has {name}")),
    );
    none(&complaints);
}

#[test]
fn every_package_is_from_crates_io_or_from_here() {
    let strangers: Vec<String> = others()
        .filter(|package| package.source.as_ref().is_none_or(|source| !source.is_crates_io()))
        .map(|package| format!("{} is from {:?}", package.name, package.source))
        .collect();

    none(&strangers);
}

#[test]
fn no_package_is_built_in_two_versions_but_for_those_that_are_known() {
    let mut versions: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for package in others() {
        versions.entry(package.name.as_str()).or_default().insert(&package.version);
    }
    let twice = |name: &str| versions.get(name).is_some_and(|versions| versions.len() > 1);

    let mut complaints: Vec<String> = versions
        .iter()
        .filter(|(name, _)| twice(name) && !TWICE.contains(name))
        .map(|(name, versions)| format!("{name} in {versions:?}; cargo tree -d says who asks"))
        .collect();
    complaints.extend(TWICE.iter().filter(|name| !twice(name)).map(|name| format!("{name} is built once")));
    none(&complaints);
}

/// That our own sources need no younger compiler is seen to by Clippy's `incompatible_msrv`, as far as the standard library goes.
#[test]
fn no_package_needs_a_younger_compiler_than_we_say() {
    let mut complaints = Vec::new();
    for (name, ours) in crates() {
        let Some(claimed) = &ours.rust_version else {
            complaints.push(format!("{name} has no rust-version"));
            continue;
        };
        complaints.extend(
            others()
                .filter(|package| package.rust_version.as_ref().is_some_and(|needed| needed > claimed))
                .map(|package| {
                    format!("{name} says {claimed}, and {} needs {:?}", package.name, package.rust_version)
                }),
        );
    }
    complaints.sort();
    complaints.dedup();
    none(&complaints);
}
