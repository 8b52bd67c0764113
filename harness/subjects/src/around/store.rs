//! A store with a fault: what was acknowledged is written late, wrongly or never.

use reference_broker::store::{Change, Store, StoreError};
use std::collections::BTreeMap;

/// What a store does wrong.
#[derive(Debug, Clone, Copy)]
pub enum StoreFault {
    /// It says that a change is written, and writes it when the next one comes.
    Late,
    /// It leaves these changes out.
    Forgets(fn(&Change) -> bool),
    /// It writes something else than it was given.
    Alters(fn(&mut Change)),
}

/// A store with a fault, or none.
#[derive(Debug)]
pub struct Faulty<S> {
    store: S,
    fault: Option<StoreFault>,
    late: Vec<Change>,
}

impl<S> Faulty<S> {
    /// Puts a fault around a store.
    pub fn new(store: S, fault: Option<StoreFault>) -> Self {
        Faulty { store, fault, late: Vec::new() }
    }
}

impl<S: Store> Store for Faulty<S> {
    fn name(&self) -> String {
        self.store.name()
    }

    fn load(&mut self) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError> {
        self.store.load()
    }

    fn apply(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        match self.fault {
            None => self.store.apply(changes),
            Some(StoreFault::Late) => {
                let due = std::mem::replace(&mut self.late, changes.to_vec());
                if due.is_empty() { Ok(()) } else { self.store.apply(&due) }
            }
            Some(StoreFault::Forgets(forgets)) => {
                let kept: Vec<Change> = changes.iter().filter(|change| !forgets(change)).cloned().collect();
                if kept.is_empty() { Ok(()) } else { self.store.apply(&kept) }
            }
            Some(StoreFault::Alters(alter)) => {
                let mut changes = changes.to_vec();
                changes.iter_mut().for_each(alter);
                self.store.apply(&changes)
            }
        }
    }
}
