//! Placeholder with the surface that others use; the catalogue replaces this file.

/// The name of a Requirement or of a rule of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequirementId(u16);

impl RequirementId {
    /// The identifier with this name. In a constant an unknown name does not compile.
    ///
    /// # Panics
    /// If there is no such Requirement.
    #[must_use]
    pub const fn known(_name: &str) -> RequirementId {
        RequirementId(0)
    }
}

impl std::fmt::Display for RequirementId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// States that the code around it obeys these Requirements. An unknown name does not compile.
#[macro_export]
macro_rules! cite {
    ($($name:literal),+ $(,)?) => {
        $( const _: $crate::RequirementId = $crate::RequirementId::known($name); )+
    };
}
