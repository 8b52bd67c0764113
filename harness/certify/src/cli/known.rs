//! What campaigns are known to find on a Server: a list of signatures, each argued from the standard's text.

use super::Failure;
use serde::Deserialize;
use std::path::Path;

/// Whether a text can be an argument: what is shorter argues nothing.
pub fn is_argument(text: &str) -> bool {
    text.trim().len() >= 40
}

/// One signature.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The class and the Requirement, as campaigns print them.
    pub signature: String,
    /// Why it is a breach, from the standard's text, and what the Server does.
    argument: String,
}

/// Reads the list; without a file it is empty.
pub fn read(path: Option<&Path>) -> Result<Vec<Known>, Failure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let wrong = |what: String| Failure::usage(format!("{}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    parse(&text).map_err(wrong)
}

fn parse(text: &str) -> Result<Vec<Known>, String> {
    let known: Vec<Known> = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    for entry in &known {
        let requirement = entry.signature.split_once(' ').map_or("", |(_, requirement)| requirement);
        if catalogue::RequirementId::parse(requirement).is_none() {
            return Err(format!(
                "\"{}\" is not a signature (a kind of breach and a Requirement)",
                entry.signature
            ));
        }
        if !is_argument(&entry.argument) {
            return Err(format!("{}: the argument is missing or too short", entry.signature));
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_needs_a_signature_and_an_argument() {
        let entry = |signature: &str, argument: &str| {
            parse(&format!("- signature: {signature}\n  argument: {argument}\n"))
        };
        let long = "The Server does this, and the standard forbids it in so many words.";

        assert_eq!(entry("lost 5.0/MQTT-4.5.0-1", long).unwrap()[0].signature, "lost 5.0/MQTT-4.5.0-1");
        assert!(entry("lost", long).unwrap_err().contains("signature"));
        assert!(entry("lost 5.0/MQTT-9.9.9-9", long).unwrap_err().contains("signature"));
        assert!(entry("lost 5.0/MQTT-4.5.0-1", "it does").unwrap_err().contains("argument"));
    }

    #[test]
    fn the_lists_of_this_repository_are_right() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../expectations/campaigns");
        for file in std::fs::read_dir(directory).unwrap() {
            let path = file.unwrap().path();
            assert!(read(Some(&path)).is_ok_and(|known| !known.is_empty()), "{}", path.display());
        }
    }
}
