//! A disk that keeps what was synced, and of the rest what it likes.
//!
//! Between two syncs a disk may write sectors in any order, so after a power loss any of them may hold the old or the new. This one decides by
//! its seed. It is a [`redb::StorageBackend`], the face of a file for the database of the reference broker.
//!
//! Deliberately not here: bits that rot, disks that are full, and syncs that lie unless a test asks for that.

use redb::StorageBackend;
use simulator::Random;
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is written in one piece.
const SECTOR: usize = 512;

/// One simulated file. Clones are the same disk, seen by one process after the other.
#[derive(Debug, Clone)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    random: Random,
    /// What a process reads: everything that was written.
    seen: Vec<u8>,
    /// What outlasts a power loss for certain.
    synced: Vec<u8>,
    /// The sectors that differ since.
    dirty: BTreeSet<usize>,
    operations: u64,
    fails_at: Option<u64>,
    syncs: bool,
}

impl Disk {
    /// An empty disk.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Disk(Arc::new(Mutex::new(State {
            random: Random::new(seed),
            seen: Vec::new(),
            synced: Vec::new(),
            dirty: BTreeSet::new(),
            operations: 0,
            fails_at: None,
            syncs: true,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many times it was written to, resized or synced so far.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// The power goes during this operation, counted from 0: what it writes is on the disk in part, and it and all later ones fail.
    pub fn lose_power_at(&self, operation: u64) {
        self.state().fails_at = Some(operation);
    }

    /// Whether a sync does anything. A disk without syncs shows whether a test notices.
    pub fn set_syncs(&self, syncs: bool) {
        self.state().syncs = syncs;
    }

    /// The power goes, if it has not gone yet, and comes back. Every sector that was not synced holds the old or the new, by chance.
    pub fn restore_power(&self) {
        let mut state = self.state();
        let State { random, seen, synced, dirty, .. } = &mut *state;
        let length = if random.below(2) == 0 { synced.len() } else { seen.len() };
        synced.resize(length, 0);
        for sector in std::mem::take(dirty) {
            let (start, end) = (sector * SECTOR, ((sector + 1) * SECTOR).min(synced.len()).min(seen.len()));
            if start < end && random.below(2) == 0 {
                synced[start..end].copy_from_slice(&seen[start..end]);
            }
        }
        seen.clone_from(synced);
        state.fails_at = None;
    }
}

impl State {
    /// Counts an operation. Returns whether the power goes during it.
    fn operate(&mut self) -> io::Result<bool> {
        let operation = self.operations;
        self.operations += 1;
        match self.fails_at {
            Some(fails_at) if operation > fails_at => Err(no_power()),
            Some(fails_at) => Ok(operation == fails_at),
            None => Ok(false),
        }
    }
}

fn no_power() -> io::Error {
    io::Error::other("the simulated power is gone")
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state();
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = start.checked_add(out.len()).and_then(|end| state.seen.get(start..end));
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = self.state();
        let goes = state.operate()?;
        let length = usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let before = state.seen.len();
        state.seen.resize(length, 0);
        state.dirty.extend(before.min(length) / SECTOR..before.max(length).div_ceil(SECTOR));
        if goes { Err(no_power()) } else { Ok(()) }
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state();
        // The power goes before the sync is complete: nothing is promised.
        if state.operate()? {
            return Err(no_power());
        }
        if state.syncs {
            let State { seen, synced, dirty, .. } = &mut *state;
            synced.resize(seen.len(), 0);
            for sector in std::mem::take(dirty) {
                let (start, end) = (sector * SECTOR, ((sector + 1) * SECTOR).min(seen.len()));
                if start < end {
                    synced[start..end].copy_from_slice(&seen[start..end]);
                }
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        let goes = state.operate()?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        // A write that the power loss interrupts ends anywhere, in the middle of a sector too.
        let length = if goes { state.random.below(data.len() as u64 + 1) as usize } else { data.len() };
        let end = start.checked_add(length).filter(|end| *end <= state.seen.len());
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        state.seen[start..end].copy_from_slice(&data[..length]);
        if length > 0 {
            state.dirty.extend(start / SECTOR..=(end - 1) / SECTOR);
        }
        if goes { Err(no_power()) } else { Ok(()) }
    }
}
