//! From feature files to checks: one check per scenario, example and version, each step already matched to its sentence.
//!
//! Steps are cucumber's (`#[given]`, `#[when]`, `#[then]`) and features are parsed by gherkin, but cucumber's runner is not used: each step is matched once,
//! here, and `runner` runs it. So a scenario is one future that runs on any executor: 64 at a time over sockets, or within microseconds in virtual time. The
//! price is that cucumber's command line and writers cannot be used. A step function returns `Result<(), Stopped>`; cucumber turns the error into a panic with
//! its text, and the `Stop` itself is put aside on the thread for the runner (`tester::verdict`).
//!
//! Names of checks are derived from the version, the feature file and the scenario. The seed of a check is derived from the seed of the run and its name, and
//! the namespace of its Client Identifiers and topics from that seed, so that checks on one Subject do not see each other.

mod charges;

use crate::configurations;
use crate::malformed::{self, Case};
use crate::world::World;
use catalogue::RequirementId;
use cucumber::feature::Ext as _;
use cucumber::{World as _, step};
use protocol::Version;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A feature file, compiled into the binary.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// Its path below `features/`, such as `server/3.01-connect.feature`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/features.rs"));

/// The verdict class of a step, from its Gherkin keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepClass {
    /// Given or When: preamble and stimulus.
    Stimulus,
    /// Then: may say fail.
    Judgement,
}

/// A step that is ready to run.
#[derive(Clone)]
pub struct PlannedStep {
    /// `Given`, `When`, `Then`, `And` or `But`, as written.
    pub keyword: String,
    /// The sentence.
    pub text: String,
    /// Its class.
    pub class: StepClass,
    /// The Requirements that its failure breaks; empty if those are all that the check is about.
    pub about: Vec<RequirementId>,
    function: step::Step<World>,
    context: step::Context,
}

impl PlannedStep {
    /// Runs the step. It panics with the text of a [`tester::stop::Stop`] that it has left in the World, or by a bug.
    pub fn run<'w>(&self, world: &'w mut World) -> futures::future::LocalBoxFuture<'w, ()> {
        (self.function)(world, self.context.clone())
    }
}

/// One check that comes from a scenario.
#[derive(Clone)]
pub struct ScenarioCheck {
    /// The stable name, such as `5.0/3.1-connect/a-second-connect-closes`.
    pub id: String,
    /// The scenario's name, with the values of its example.
    pub title: String,
    /// The path of its feature below `features/`.
    pub feature: &'static str,
    /// The chapter as the file's name begins, such as `3.1`.
    pub chapter: String,
    /// The Rule around it.
    pub rule: String,
    /// The version that it tests.
    pub version: Version,
    /// The Requirements of this version that it is about.
    pub requirements: Vec<RequirementId>,
    /// What the Subject has to offer: words of `needs` in the catalogue.
    pub needs: BTreeSet<String>,
    /// The configuration of the Server that it wants, if not the ordinary one.
    pub configuration: Option<String>,
    /// Other tags, without `@`.
    pub tags: BTreeSet<String>,
    /// What to do.
    pub steps: Vec<PlannedStep>,
    /// The malformed packet that it is about instead, if it comes from the packet grammar and not from a feature file.
    pub malformed: Option<Arc<Case>>,
}

/// Why the feature files are not a plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The Gherkin does not parse.
    #[error("features/{path}: {text}")]
    Gherkin {
        /// The file.
        path: &'static str,
        /// What the parser says.
        text: String,
    },
    /// A place in a feature is wrong.
    #[error("features/{path}:{line}: {text}")]
    Place {
        /// The file.
        path: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        text: String,
    },
}

/// All checks of all feature files, sorted by file and place.
///
/// # Errors
/// If a file does not parse, a tag names an unknown Requirement, a sentence is unknown or means two things, a scenario stands outside a Rule, cannot
/// fail or is about no Requirement, or two checks have one name.
pub fn scenarios() -> Result<Vec<ScenarioCheck>, Vec<PlanError>> {
    of_sources(SOURCES)
}

/// All checks of some feature files, in the order of the files.
///
/// # Errors
/// As [`scenarios`].
pub fn of_sources(sources: &[Source]) -> Result<Vec<ScenarioCheck>, Vec<PlanError>> {
    let collection = World::collection();
    let mut checks = Vec::new();
    let mut errors = Vec::new();
    for source in sources {
        match gherkin::Feature::parse(source.text, gherkin::GherkinEnv::default()) {
            Err(error) => errors.push(PlanError::Gherkin { path: source.path, text: error.to_string() }),
            Ok(feature) => plan_feature(source, feature, &collection, &mut checks, &mut errors),
        }
    }
    let mut names = BTreeSet::new();
    for check in &checks {
        if !names.insert(check.id.clone()) {
            errors.push(PlanError::Place {
                path: check.feature,
                line: 0,
                text: format!("two scenarios have the name {}", check.id),
            });
        }
    }
    if errors.is_empty() { Ok(checks) } else { Err(errors) }
}

/// All checks: those of the feature files, then one for each malformed packet.
///
/// # Errors
/// As [`scenarios`].
pub fn checks() -> Result<Vec<ScenarioCheck>, Vec<PlanError>> {
    let mut checks = scenarios()?;
    checks.extend(malformed::cases().into_iter().map(of_case));
    Ok(checks)
}

/// The check of a malformed packet.
fn of_case(case: Case) -> ScenarioCheck {
    ScenarioCheck {
        id: case.id.clone(),
        title: case.title.clone(),
        feature: "malformed",
        chapter: "malformed".to_owned(),
        rule: case.base.title().to_owned(),
        version: case.version,
        requirements: case.requirements.clone(),
        needs: case.base.need().into_iter().map(str::to_owned).collect(),
        configuration: case.base.configuration().map(str::to_owned),
        tags: BTreeSet::new(),
        steps: Vec::new(),
        malformed: Some(Arc::new(case)),
    }
}

fn plan_feature(
    source: &Source,
    feature: gherkin::Feature,
    collection: &step::Collection<World>,
    checks: &mut Vec<ScenarioCheck>,
    errors: &mut Vec<PlanError>,
) {
    let feature = match feature.expand_examples() {
        Ok(feature) => feature,
        Err(error) => {
            errors.push(PlanError::Gherkin { path: source.path, text: error.to_string() });
            return;
        }
    };
    let stem =
        Path::new(source.path).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = stem.replace(".0", ".");
    let chapter = stem.split('-').next().unwrap_or_default().to_owned();
    for rule in &feature.rules {
        for scenario in &rule.scenarios {
            let tags: BTreeSet<String> =
                feature.tags.iter().chain(&rule.tags).chain(&scenario.tags).cloned().collect();
            let place =
                |text: String| PlanError::Place { path: source.path, line: scenario.position.line, text };
            let before = checks.len();
            for version in Version::ALL {
                let mut requirements = Vec::new();
                let mut needs = BTreeSet::new();
                let mut configuration = None;
                let mut other = BTreeSet::new();
                let mut only = None;
                for tag in &tags {
                    if tag.starts_with("3.1.1/") || tag.starts_with("5.0/") {
                        match RequirementId::parse(tag) {
                            None => errors.push(place(format!("@{tag} is no Requirement"))),
                            Some(id) if tag.starts_with(&format!("{version}/")) => requirements.push(id),
                            Some(_) => {}
                        }
                    } else if let Some(need) = tag.strip_prefix("needs:") {
                        needs.insert(need.to_owned());
                    } else if let Some(name) = tag.strip_prefix("server:") {
                        if !configurations::exists(name) {
                            errors.push(place(format!("@{tag} is no configuration of a Server")));
                        }
                        configuration = Some(name.to_owned());
                    } else if let Some(version) = tag.strip_prefix("only:") {
                        only = Some(version.to_owned());
                    } else {
                        other.insert(tag.clone());
                    }
                }
                if requirements.is_empty() || only.is_some_and(|only| only != version.as_str()) {
                    continue;
                }
                requirements.sort_unstable();
                requirements.dedup();
                let background = feature.background.iter().chain(&rule.background).flat_map(|b| &b.steps);
                let mut steps = Vec::new();
                for step in background.chain(&scenario.steps) {
                    let at =
                        |text: String| PlanError::Place { path: source.path, line: step.position.line, text };
                    let class = match step.ty {
                        gherkin::StepType::Given | gherkin::StepType::When => StepClass::Stimulus,
                        gherkin::StepType::Then => StepClass::Judgement,
                    };
                    let (sentence, about) = match charges::of(step, class, version, &tags) {
                        Ok(parts) => parts,
                        Err(text) => {
                            errors.push(at(text));
                            continue;
                        }
                    };
                    match collection.find(&sentence) {
                        Ok(Some((function, _, _, context))) => steps.push(PlannedStep {
                            keyword: step.keyword.trim().to_owned(),
                            text: sentence.value.clone(),
                            class,
                            about,
                            function: *function,
                            context,
                        }),
                        Ok(None) => errors.push(at(format!("no step says \"{}\"", step.value))),
                        Err(error) => {
                            errors.push(at(format!("\"{}\" means several things: {error}", step.value)))
                        }
                    }
                }
                if !steps.iter().any(|s| s.class == StepClass::Judgement) {
                    errors.push(place(format!("\"{}\" has no Then: it cannot fail", scenario.name)));
                }
                if let Some(idle) = charges::idle(&requirements, &steps) {
                    errors.push(place(format!("no Then of \"{}\" is about @{idle}", scenario.name)));
                }
                checks.push(ScenarioCheck {
                    id: format!("{}/{stem}/{}", short(version), slug(&scenario.name)),
                    title: scenario.name.clone(),
                    feature: source.path,
                    chapter: chapter.clone(),
                    rule: rule.name.clone(),
                    version,
                    requirements,
                    needs,
                    configuration,
                    tags: other,
                    steps,
                    malformed: None,
                });
            }
            if checks.len() == before {
                errors.push(place(format!("\"{}\" is about no Requirement of its versions", scenario.name)));
            }
        }
    }
    for scenario in &feature.scenarios {
        errors.push(PlanError::Place {
            path: source.path,
            line: scenario.position.line,
            text: format!("\"{}\" stands outside a Rule", scenario.name),
        });
    }
}

/// `3.1.1` or `5.0`: how names of checks begin.
#[must_use]
pub const fn short(version: Version) -> &'static str {
    match version {
        Version::V311 => "3.1.1",
        Version::V500 => "5.0",
    }
}

/// A name in lower case with dashes.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            'a'..='z' | '0'..='9' | '.' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '#' => out.push_str("hash"),
            '+' => out.push_str("plus"),
            '$' => out.push_str("dollar"),
            '/' => out.push('_'),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.trim_matches('-').to_owned()
}

/// Where the feature files of the repository are; tests that read them as files use it.
#[must_use]
pub fn features_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../features")
}
