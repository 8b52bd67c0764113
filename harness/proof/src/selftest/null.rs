//! Which Requirements the yes-server may pass, and why: the committed arguments.

use super::NullServerResult;
use record::Verdict;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use suite::plan::ScenarioCheck;

/// The committed list.
static YES_SERVER: &str = include_str!("../../../expectations/yes-server.yaml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The Requirements that the argument is about.
    requirements: Vec<String>,
    /// Why it is right that a Server which delivers nothing passes what is about them.
    argument: String,
}

/// Why the yes-server passes what it passes. The other null Servers may pass nothing.
#[derive(Debug, Default)]
pub struct Arguments(BTreeMap<String, String>);

impl Arguments {
    /// Reads the committed arguments.
    ///
    /// # Errors
    /// If the file is wrong, an argument is missing, or a Requirement does not exist or stands there twice.
    pub fn committed() -> Result<Self, String> {
        let wrong = |text: String| format!("harness/expectations/yes-server.yaml: {text}");
        let entries: Vec<Entry> =
            serde_yaml::from_str(YES_SERVER).map_err(|error| wrong(error.to_string()))?;
        let mut arguments = BTreeMap::new();
        for entry in entries {
            for id in entry.requirements {
                if catalogue::RequirementId::parse(&id).is_none() {
                    return Err(wrong(format!("{id} is no Requirement")));
                }
                if entry.argument.trim().is_empty()
                    || arguments.insert(id.clone(), entry.argument.clone()).is_some()
                {
                    return Err(wrong(format!("{id} needs one argument")));
                }
            }
        }
        Ok(Arguments(arguments))
    }

    /// A statement is passed if a check about it passes and none says fail. A null Server other than the yes-server may not even pass a check.
    pub(super) fn judge(
        &self,
        name: &'static str,
        checks: &[ScenarioCheck],
        verdicts: &[Verdict],
    ) -> NullServerResult {
        let of = |wanted: Verdict| {
            checks
                .iter()
                .zip(verdicts)
                .filter(move |(_, verdict)| **verdict == wanted)
                .map(|(check, _)| check)
        };
        let mut passed: BTreeSet<&str> =
            of(Verdict::Pass).flat_map(|c| &c.requirements).map(|id| id.as_str()).collect();
        let yes = name == "yes-server";
        if yes {
            of(Verdict::Fail).flat_map(|c| &c.requirements).for_each(|id| {
                passed.remove(id.as_str());
            });
        }
        let stale = self.0.keys().filter(|id| yes && !passed.contains(id.as_str())).cloned().collect();
        NullServerResult {
            name,
            passes: of(Verdict::Pass).map(|c| c.id.clone()).collect(),
            unexplained: passed
                .into_iter()
                .filter(|id| !yes || !self.0.contains_key(*id))
                .map(str::to_owned)
                .collect(),
            stale,
        }
    }
}
