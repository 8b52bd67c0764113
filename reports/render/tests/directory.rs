//! What lands in a directory.

#[path = "../../record/tests/records/mod.rs"]
mod records;

#[test]
fn all_renderings_are_written_and_the_record_can_be_read_back() {
    let directory = tempfile::tempdir().unwrap();
    let record = records::small();

    let written = render::write_all(&record, &directory.path().join("new")).unwrap();

    let names: Vec<_> = written.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(
        names,
        ["results.json", "report.html", "junit.xml", "summary.md", "badge.json", "results.csv", "ctrf.json"]
    );
    let read = record::Record::from_json(&std::fs::read(&written[0]).unwrap()).unwrap();
    assert_eq!(read, record);
    assert_eq!(
        std::fs::read_dir(directory.path().join("new")).unwrap().count(),
        7,
        "no temporary file is left"
    );
}

#[test]
fn a_file_that_can_not_be_written_is_named_and_takes_no_other_with_it() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("report.html")).unwrap();

    let error = render::write_all(&records::small(), directory.path()).unwrap_err();

    assert_eq!(error.failures.len(), 1);
    assert!(error.to_string().contains("report.html"), "{error}");
    assert!(directory.path().join("results.json").is_file() && directory.path().join("junit.xml").is_file());
}
