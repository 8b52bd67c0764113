//! A store in one file, by the embedded database redb: a transaction for each batch of changes, on the disk before it returns.

use super::preview::Preview;
use super::{Change, Store, StoreError};
use ::redb::backends::FileBackend;
use ::redb::{
    Builder, Database, DatabaseError, ReadableDatabase, ReadableTable, StorageBackend, StorageError,
    TableDefinition, TableError,
};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

/// The format of the records. Whoever changes how they are written counts it up.
const FORMAT: u64 = 1;
const ABOUT: TableDefinition<'static, &str, u64> = TableDefinition::new("about");
const RECORDS: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("records");

/// Records in a file.
#[derive(Debug)]
pub struct Redb {
    name: String,
    database: Database,
}

impl Redb {
    /// Opens the file, which is made if it does not exist.
    ///
    /// # Errors
    /// If another process has it open, or it is not a store of this format in good order. It is not changed then.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        let exists = path.try_exists().map_err(|source| StoreError::Io { name: name.clone(), source })?;
        if !exists {
            make(path, &name)?;
        }
        let io = |source| StoreError::Io { name: name.clone(), source };
        let file = File::options().read(true).write(true).open(path).map_err(io)?;
        // An empty file would be filled; but it is no store, only what became of one.
        if file.metadata().map_err(io)?.len() == 0 {
            return Err(StoreError::Damaged { name, reason: "the file is empty".to_owned() });
        }
        let file = FileBackend::new(file).map_err(|error| refusal(&name, error))?;
        let preview = checking().create_with_backend(Preview::new(file));
        check_format(&name, &preview.map_err(|error| refusal(&name, error))?)?;
        // If the last process did not end well, redb goes back to its last whole transaction here.
        let database = checking().open(path).map_err(|error| refusal(&name, error))?;
        check_format(&name, &database)?;
        Ok(Redb { name, database })
    }

    /// Opens a store on something else than a file; an empty one is made into a store.
    ///
    /// # Errors
    /// As [`Redb::open`].
    pub fn open_on(name: &str, backend: impl StorageBackend) -> Result<Self, StoreError> {
        let name = name.to_owned();
        let database = checking().create_with_backend(backend).map_err(|error| refusal(&name, error))?;
        let store = Redb { name, database };
        match format(&store.database).map_err(|error| store.fault(error))? {
            None => store.begin().map_err(|error| store.fault(error))?,
            Some(_) => check_format(&store.name, &store.database)?,
        }
        Ok(store)
    }

    /// Writes down which format follows.
    fn begin(&self) -> Result<(), ::redb::Error> {
        let transaction = self.database.begin_write()?;
        transaction.open_table(ABOUT)?.insert("format", FORMAT)?;
        transaction.open_table(RECORDS)?;
        transaction.commit()?;
        Ok(())
    }

    fn read(&self) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, ::redb::Error> {
        let table = self.database.begin_read()?.open_table(RECORDS)?;
        let records = table.iter()?;
        records
            .map(|record| record.map(|(k, v)| (k.value().to_vec(), v.value().to_vec())).map_err(Into::into))
            .collect()
    }

    fn write(&self, changes: &[Change]) -> Result<(), ::redb::Error> {
        // Durability is immediate unless one asks for less: commit returns after fsync.
        let transaction = self.database.begin_write()?;
        {
            let mut table = transaction.open_table(RECORDS)?;
            for Change { key, value } in changes {
                match value {
                    Some(value) => table.insert(key.as_slice(), value.as_slice())?,
                    None => table.remove(key.as_slice())?,
                };
            }
        }
        transaction.commit()?;
        Ok(())
    }

    fn fault(&self, error: ::redb::Error) -> StoreError {
        fault(&self.name, error)
    }
}

impl Store for Redb {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn load(&mut self) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError> {
        self.read().map_err(|error| self.fault(error))
    }

    fn apply(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        self.write(changes).map_err(|error| self.fault(error))
    }
}

/// Opens databases so that damage is found before anything is read from them.
fn checking() -> Builder {
    let mut builder = Database::builder();
    builder.set_check_integrity_on_open(true);
    builder
}

/// The format that is written in the database; `None` if there is none.
fn format(database: &impl ReadableDatabase) -> Result<Option<u64>, ::redb::Error> {
    match database.begin_read()?.open_table(ABOUT) {
        Ok(about) => Ok(about.get("format")?.map(|format| format.value())),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn check_format(name: &str, database: &impl ReadableDatabase) -> Result<(), StoreError> {
    match format(database).map_err(|error| fault(name, error))? {
        Some(FORMAT) => Ok(()),
        Some(found) => Err(StoreError::OtherFormat { name: name.to_owned(), found, expected: FORMAT }),
        None => Err(StoreError::Damaged {
            name: name.to_owned(),
            reason: "nothing says that a reference-broker wrote it".to_owned(),
        }),
    }
}

/// Makes a store beside its place and then gives it its name, so that whatever has the name is a whole store.
fn make(path: &Path, name: &str) -> Result<(), StoreError> {
    let io = |source| StoreError::Io { name: name.to_owned(), source };
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = Path::new(&beside);
    let made =
        Database::builder().create(beside).map_err(|error| refusal(name, error)).and_then(|database| {
            let store = Redb { name: name.to_owned(), database };
            store.begin().map_err(|error| store.fault(error))
        });
    // A link, because it does not replace what another process may have made meanwhile.
    let linked = made.and_then(|()| match std::fs::hard_link(beside, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(io(error)),
        _ => Ok(()),
    });
    let removed = std::fs::remove_file(beside);
    linked.and_then(|()| removed.map_err(io))?;
    // A file whose name is lost is lost, too.
    if cfg!(unix) {
        let directory =
            path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory).and_then(|directory| directory.sync_all()).map_err(io)?;
    }
    Ok(())
}

fn refusal(name: &str, error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::InUse { name: name.to_owned() },
        DatabaseError::Storage(StorageError::Io(source)) if source.kind() == io::ErrorKind::InvalidData => {
            StoreError::Damaged { name: name.to_owned(), reason: source.to_string() }
        }
        error => fault(name, error.into()),
    }
}

fn fault(name: &str, error: ::redb::Error) -> StoreError {
    let name = name.to_owned();
    match error {
        ::redb::Error::Io(source) => StoreError::Io { name, source },
        error => StoreError::Damaged { name, reason: error.to_string() },
    }
}
