//! Where records are kept over a restart: a sorted map of bytes, written in one piece or not at all.

pub(crate) mod codec;
mod memory;
mod preview;
mod redb;

pub use memory::Memory;
pub use redb::Redb;

use std::collections::BTreeMap;
use std::io;

/// What becomes of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub key: Vec<u8>,
    /// What it holds from now on; `None` if it is removed.
    pub value: Option<Vec<u8>>,
}

/// What keeps the records of one Server.
pub trait Store {
    /// Its name for people: the file.
    fn name(&self) -> String;

    /// All records.
    ///
    /// # Errors
    /// If they cannot be read.
    fn load(&mut self) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError>;

    /// Makes all changes or none. Once it returns they outlast the end of the process and of the machine.
    ///
    /// # Errors
    /// If that cannot be promised. The store is of no use any more then: what it holds is known only to the next one that is opened.
    fn apply(&mut self, changes: &[Change]) -> Result<(), StoreError>;
}

/// Why a store cannot be used. It is never changed or replaced to make it usable.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process uses it.
    #[error("the store {name} is in use: another process has it open")]
    InUse {
        /// The file.
        name: String,
    },
    /// Another version has written it.
    #[error("the store {name} has format {found}; this version reads and writes format {expected}")]
    OtherFormat {
        /// The file.
        name: String,
        /// What is written in it.
        found: u64,
        /// What this version knows.
        expected: u64,
    },
    /// It is not what a Server has left behind.
    #[error("the store {name} is damaged or no store: {reason}; it is left as it is")]
    Damaged {
        /// The file.
        name: String,
        /// What shows it.
        reason: String,
    },
    /// The system refuses.
    #[error("the store {name}: {source}")]
    Io {
        /// The file.
        name: String,
        /// Why.
        source: io::Error,
    },
}
