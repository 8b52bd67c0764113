//! The marks that citations leave. One test only: the marks are shared by the whole process.

use catalogue::{RequirementId, cite, executed};

catalogue::cite_item!("5.0/MQTT-3.14.4-1");

const fn constant() -> u8 {
    catalogue::cite_item!("5.0/MQTT-3.14.4-2");
    0
}

#[test]
fn a_citation_marks_its_requirements_when_it_runs_and_not_before() {
    let cited = [RequirementId::known("3.1.1/MQTT-3.12.4-1"), RequirementId::known("5.0/MQTT-3.12.4-1")];
    let answer = |asked: bool| {
        if asked {
            cite!("5.0/MQTT-3.12.4-1", "3.1.1/MQTT-3.12.4-1");
        }
    };

    answer(false);
    assert_eq!(executed::all_marked().count(), 0);

    answer(true);
    assert_eq!(executed::all_marked().collect::<Vec<_>>(), cited);

    assert_eq!(constant(), 0);
    executed::reset();
    assert!(!executed::is_marked(cited[0]));
}
