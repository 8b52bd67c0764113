//! Every normative statement of MQTT 3.1.1 and 5.0 as typed data, and the citation of it in code.
//!
//! The data is written for people, in `features/requirements`; the build script turns it into
//! [`REQUIREMENTS`]. Which Requirements were tested, kept or broken is deliberately not here.
//!
//! ```
//! use catalogue::{Level, RequirementId, cite};
//!
//! fn answer_ping() -> &'static [u8] {
//!     cite!("5.0/MQTT-3.12.4-1", "3.1.1/MQTT-3.12.4-1");
//!     &[0xD0, 0x00]
//! }
//!
//! const PING: RequirementId = RequirementId::known("5.0/MQTT-3.12.4-1");
//! assert_eq!(PING.requirement().level, Level::Must);
//! assert!(!catalogue::executed::is_marked(PING));
//! answer_ping();
//! assert!(catalogue::executed::is_marked(PING));
//! ```
//!
//! A name that the standards do not have stops the compiler, in a citation
//!
//! ```compile_fail
//! catalogue::cite!("5.0/MQTT-3.12.4-99");
//! ```
//!
//! and in a constant:
//!
//! ```compile_fail
//! const _: catalogue::RequirementId = catalogue::RequirementId::known("MQTT-3.12.4-1");
//! ```

pub mod executed;
mod identifier;
mod requirement;

pub use identifier::{RequirementId, UnknownRequirement};
pub use requirement::{Actor, Equivalent, Level, Observe, REQUIREMENTS, Requirement, SpecVersion};

/// States, inside a function, that the next lines obey these Requirements.
///
/// An unknown name does not compile. When the statement runs, the Requirements are marked in [`executed`].
/// Outside of function bodies, and in `const fn`, use [`cite_item!`].
#[macro_export]
macro_rules! cite {
    ($($name:literal),+ $(,)?) => {{
        $({
            const CITED: $crate::RequirementId = $crate::RequirementId::known($name);
            $crate::executed::mark(CITED);
        })+
    }};
}

/// States, beside a type or a constant, that it obeys these Requirements.
///
/// An unknown name does not compile. Nothing happens at run time.
///
/// ```
/// catalogue::cite_item!("5.0/MQTT-3.6.1-1", "3.1.1/MQTT-3.6.1-1");
/// const PUBREL_FIRST_BYTE: u8 = 0x62;
/// # assert_eq!(PUBREL_FIRST_BYTE & 0x0F, 2);
/// ```
///
/// ```compile_fail
/// catalogue::cite_item!("4.0/MQTT-3.6.1-1");
/// const PUBREL_FIRST_BYTE: u8 = 0x62;
/// ```
#[macro_export]
macro_rules! cite_item {
    ($($name:literal),+ $(,)?) => {
        $( const _: $crate::RequirementId = $crate::RequirementId::known($name); )+
    };
}
