//! Which citations have been executed since the start of the process or the last [`reset`].
//!
//! One flag per Requirement, shared by the whole process: `cite!` sets it, a ledger reads it. Flags only say
//! that a line ran, never that it was right. They are no input of any engine.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{REQUIREMENTS, RequirementId};

static MARKED: [AtomicBool; REQUIREMENTS.len()] = [const { AtomicBool::new(false) }; REQUIREMENTS.len()];

/// Marks a Requirement as executed. Called by [`cite!`](crate::cite).
#[inline]
pub fn mark(id: RequirementId) {
    // Nothing is ordered by these flags, they are read when the runs are over.
    MARKED[id.index()].store(true, Ordering::Relaxed);
}

/// Whether a citation of this Requirement was executed.
#[must_use]
pub fn is_marked(id: RequirementId) -> bool {
    MARKED[id.index()].load(Ordering::Relaxed)
}

/// The Requirements of which a citation was executed, in the order of the standards.
pub fn all_marked() -> impl Iterator<Item = RequirementId> {
    RequirementId::all().filter(|id| is_marked(*id))
}

/// Forgets all marks.
pub fn reset() {
    for flag in &MARKED {
        flag.store(false, Ordering::Relaxed);
    }
}
