//! A look at a file that does not change it: a database on a copy in memory, under the locks of the file itself.
//!
//! redb writes even when it only opens a database, and an open that does not write does not check what it reads. What is to be refused has to
//! be left as it is, so it is opened here first.

use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, PoisonError};

/// A file whose writes go nowhere.
#[derive(Debug)]
pub(super) struct Preview {
    file: FileBackend,
    /// Made once the lock is held.
    copy: Mutex<Option<Vec<u8>>>,
}

impl Preview {
    pub(super) fn new(file: FileBackend) -> Self {
        Preview { file, copy: Mutex::new(None) }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<u8>) -> io::Result<T>) -> io::Result<T> {
        let mut copy = self.copy.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *copy {
            Some(copy) => act(copy),
            None => {
                let length = usize::try_from(self.file.len()?).map_err(|_| io::ErrorKind::OutOfMemory)?;
                let mut bytes = vec![0; length];
                self.file.read(0, &mut bytes)?;
                act(copy.insert(bytes))
            }
        }
    }
}

/// The part of `bytes` that begins at `offset`.
fn part(bytes: &mut [u8], offset: u64, length: usize) -> io::Result<&mut [u8]> {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let range = start.checked_add(length).and_then(|end| bytes.get_mut(start..end));
    range.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

impl StorageBackend for Preview {
    fn len(&self) -> io::Result<u64> {
        self.with(|copy| Ok(copy.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.with(|copy| part(copy, offset, out.len()).map(|bytes| out.copy_from_slice(bytes)))
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
        self.with(|copy| {
            copy.resize(length, 0);
            Ok(())
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.with(|copy| part(copy, offset, data.len()).map(|bytes| bytes.copy_from_slice(data)))
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.query_lock_range(start, end)
    }
}
