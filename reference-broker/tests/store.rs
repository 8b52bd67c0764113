//! The file: what is refused, and that nothing is ever replaced.

use reference_broker::store::{Change, Redb, Store, StoreError};
use reference_broker::{Config, Durable};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn place() -> (TempDir, PathBuf) {
    let directory = TempDir::new().expect("there is room for a directory");
    let path = directory.path().join("broker.store");
    (directory, path)
}

fn put(key: &[u8], value: &[u8]) -> Change {
    Change { key: key.to_vec(), value: Some(value.to_vec()) }
}

/// A file that was closed well, with enough in it to be damaged anywhere.
fn filled(path: &Path) {
    let mut store = Redb::open(path).expect("it is made");
    for number in 0..20_u32 {
        store.apply(&[put(&number.to_be_bytes(), &[7; 1000])]).expect("it takes changes");
    }
}

/// Opens it, reads all of it, and says why not.
fn refusal(path: &Path) -> Option<StoreError> {
    Redb::open(path).and_then(|mut store| store.load()).err()
}

#[test]
fn what_is_applied_is_there_when_the_file_is_opened_again() {
    let (_directory, path) = place();
    {
        let mut store = Redb::open(&path).expect("it is made");
        store.apply(&[put(b"a", b"1"), put(b"b", b"2")]).expect("it takes changes");
        store
            .apply(&[put(b"a", b"3"), Change { key: b"b".to_vec(), value: None }])
            .expect("it takes changes");
    }

    let records = Redb::open(&path).and_then(|mut store| store.load()).expect("it is in order");

    assert_eq!(records.into_iter().collect::<Vec<_>>(), [(b"a".to_vec(), b"3".to_vec())]);
    let files = std::fs::read_dir(path.parent().expect("it has one")).expect("it can be listed").count();
    assert_eq!(files, 1, "nothing is left beside the file");
}

#[test]
fn a_file_that_is_in_use_is_refused() {
    let (_directory, path) = place();
    let _first = Redb::open(&path).expect("it is made");

    let error = refusal(&path).expect("it is refused");

    assert!(matches!(error, StoreError::InUse { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("the store {} is in use: another process has it open", path.display())
    );
}

#[test]
fn a_file_of_another_format_is_refused_and_left_as_it_is() {
    let (_directory, path) = place();
    filled(&path);
    {
        let database = redb::Database::open(&path).expect("it is one");
        let transaction = database.begin_write().expect("nobody else writes");
        let about = redb::TableDefinition::<&str, u64>::new("about");
        transaction
            .open_table(about)
            .and_then(|mut t| Ok(t.insert("format", 99).map(|_| ())?))
            .expect("it takes it");
        transaction.commit().expect("it is written");
    }
    let before = std::fs::read(&path).expect("it can be read");

    let error = refusal(&path).expect("it is refused");

    assert!(matches!(error, StoreError::OtherFormat { found: 99, expected: 1, .. }), "{error:?}");
    assert!(error.to_string().contains("broker.store has format 99"), "{error}");
    assert!(before == std::fs::read(&path).expect("it can be read"), "it has changed");
}

#[test]
fn what_is_no_store_is_refused_and_left_as_it_is() {
    let other_database = {
        let (_directory, path) = place();
        drop(redb::Database::create(&path).expect("it is made"));
        std::fs::read(&path).expect("it can be read")
    };
    for content in [Vec::new(), b"a letter to somebody".to_vec(), vec![0; 100_000], other_database] {
        let (_directory, path) = place();
        std::fs::write(&path, &content).expect("it can be written");

        let error = refusal(&path).expect("it is refused");

        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        assert!(error.to_string().contains("broker.store"), "{error}");
        assert!(content == std::fs::read(&path).expect("it can be read"), "it has changed");
    }
}

#[test]
fn a_store_that_is_cut_short_is_refused_and_left_as_it_is() {
    let (_directory, path) = place();
    filled(&path);
    let whole = std::fs::read(&path).expect("it can be read");
    for length in [1, 100, 4096, whole.len() / 2, whole.len() - 4096] {
        std::fs::write(&path, &whole[..length]).expect("it can be written");

        let error = refusal(&path).expect("it is refused");

        assert!(matches!(error, StoreError::Damaged { .. } | StoreError::Io { .. }), "{length}: {error:?}");
        assert!(whole[..length] == std::fs::read(&path).expect("it can be read"), "it has changed");
    }
}

#[test]
fn damage_in_the_file_never_changes_what_is_read() {
    let (_directory, path) = place();
    filled(&path);
    let whole = std::fs::read(&path).expect("it can be read");
    let right = Redb::open(&path).and_then(|mut store| store.load()).expect("it is in order");
    let mut refused = 0;
    for place in (0..whole.len()).step_by(1021) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x55;
        std::fs::write(&path, &damaged).expect("it can be written");

        match Redb::open(&path).and_then(|mut store| store.load()) {
            Ok(records) => assert_eq!(records, right, "byte {place}"),
            Err(error) => {
                refused += 1;
                assert!(error.to_string().contains("broker.store"), "{error}");
                assert!(
                    damaged == std::fs::read(&path).expect("it can be read"),
                    "byte {place}: it has changed"
                );
            }
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn a_record_that_makes_no_sense_is_refused_with_the_name_of_the_file() {
    let (_directory, path) = place();
    let mut store = Redb::open(&path).expect("it is made");
    store.apply(&[put(b"\x01whatever", b"")]).expect("it takes changes");

    let error = Durable::open(Config::default(), 1, store).expect_err("it is refused").to_string();

    assert!(error.contains("broker.store is damaged or no store: the record"), "{error}");
}
