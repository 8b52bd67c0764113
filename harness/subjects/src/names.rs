//! What a name on the command line stands for: a Defect, a Variant or a null Server.

use crate::around::{self, Behaviour};
use crate::settings::Setting;
use crate::{defects, null_servers, variants};
use tester::testbed::in_process::BoxedService;

/// What the Defect or Variant with this name does.
#[must_use]
pub fn behaviour(name: &str) -> Option<Behaviour> {
    let defect = defects::all().into_iter().find(|d| d.name == name).map(|d| d.behaviour);
    defect.or_else(|| variants::all().into_iter().find(|v| v.name == name).map(|v| v.behaviour))
}

/// What is said of a name that nothing has.
#[must_use]
pub fn unknown(name: &str) -> String {
    format!("there is no Defect, Variant or null Server \"{name}\": see `list --what defects`")
}

/// The Server with this name: one with a Defect, a Variant, or a null Server.
///
/// # Errors
/// If nothing has this name.
pub fn service(name: &str, setting: Setting, seed: u64) -> Result<BoxedService, String> {
    if let Some(behaviour) = behaviour(name) {
        return Ok(around::serve(behaviour, setting, seed));
    }
    null_servers::ALL.iter().find(|n| n.name == name).map(|n| (n.make)()).ok_or_else(|| unknown(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_one_thing() {
        let mut names: Vec<&str> = defects::all().iter().map(|d| d.name).collect();
        names.extend(variants::all().iter().map(|v| v.name));
        names.extend(null_servers::ALL.iter().map(|n| n.name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();

        assert_eq!(names.len(), count);
        for name in names {
            assert!(service(name, Setting::default(), 1).is_ok(), "{name}");
        }
    }
}
