//! What the failure of a Then breaks: all that the scenario is tagged with, or what stands in brackets behind the sentence.
//!
//! ```gherkin
//! Then no packet to S is larger than 120 bytes [5.0/MQTT-3.1.2-24]
//! And S receives a message on "t" [5.0/MQTT-3.1.2-25]
//! ```

use super::{PlannedStep, StepClass};
use catalogue::RequirementId;
use protocol::Version;
use std::collections::BTreeSet;

/// The step without its brackets, and the Requirements of this version that stood in them.
///
/// # Errors
/// If something in the brackets is no Requirement or no tag of the scenario, or if the step is no Then.
pub(super) fn of(
    step: &gherkin::Step,
    class: StepClass,
    version: Version,
    tags: &BTreeSet<String>,
) -> Result<(gherkin::Step, Vec<RequirementId>), String> {
    let mut sentence = step.clone();
    let Some((words, names)) = step.value.strip_suffix(']').and_then(|text| text.rsplit_once(" [")) else {
        return Ok((sentence, Vec::new()));
    };
    if class != StepClass::Judgement {
        return Err(format!("only a Then is about something: [{names}]"));
    }
    let mut about = Vec::new();
    for name in names.split(", ") {
        let id = RequirementId::parse(name).ok_or_else(|| format!("[{name}] is no Requirement"))?;
        if !tags.contains(name) {
            return Err(format!("[{name}] is not among the tags of the scenario"));
        }
        if name.starts_with(&format!("{version}/")) {
            about.push(id);
        }
    }
    words.clone_into(&mut sentence.value);
    Ok((sentence, about))
}

/// A Requirement that no Then is about.
pub(super) fn idle<'a>(
    requirements: &'a [RequirementId],
    steps: &[PlannedStep],
) -> Option<&'a RequirementId> {
    let mut thens = steps.iter().filter(|step| step.class == StepClass::Judgement).peekable();
    thens.peek()?;
    let abouts: Vec<&[RequirementId]> = thens.map(|step| step.about.as_slice()).collect();
    requirements.iter().find(|id| !abouts.iter().any(|about| about.is_empty() || about.contains(id)))
}
