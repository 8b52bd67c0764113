//! What the steps of one scenario share.

use std::fmt;
use tester::Tester;

/// The state of one scenario, as cucumber wants it.
#[derive(cucumber::World)]
#[world(init = World::nowhere)]
pub struct World {
    tester: Option<Tester>,
    /// The PUBLISH or other packet that the last Then was about, for `it has …` sentences.
    pub last: Option<tester::Arrival>,
    /// The last message, for `… for that message` sentences.
    pub last_message: Option<tester::Arrival>,
    /// The enhanced authentication of each Client that began one.
    pub authentications: std::collections::BTreeMap<String, tester::scram::Exchange>,
    /// When the last marked moment was (`the clock is read`).
    pub marked: Option<protocol::Time>,
    /// Warnings of SHOULD steps.
    pub warnings: Vec<String>,
}

impl World {
    /// A World around a Tester.
    #[must_use]
    pub fn new(tester: Tester) -> Self {
        World { tester: Some(tester), ..World::nowhere() }
    }

    /// What cucumber's own runner would start with. The suite's runner never does.
    fn nowhere() -> Self {
        World {
            tester: None,
            last: None,
            last_message: None,
            authentications: std::collections::BTreeMap::new(),
            marked: None,
            warnings: Vec::new(),
        }
    }

    /// The Tester.
    ///
    /// # Panics
    /// If the World was made by cucumber's own runner, which the suite does not use.
    pub fn tester(&mut self) -> &mut Tester {
        self.tester.as_mut().expect("the suite's runner makes a World with a Tester")
    }

    /// The Tester, after the scenario.
    pub fn into_tester(self) -> Option<Tester> {
        self.tester
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}
