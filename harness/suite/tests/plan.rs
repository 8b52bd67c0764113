//! From the text of a feature to its checks, and what the planner refuses.

use protocol::Version;
use suite::plan::{ScenarioCheck, Source, StepClass, of_sources};

/// The checks of one feature file, or what is wrong with it.
fn plan(text: &'static str) -> Result<Vec<ScenarioCheck>, Vec<String>> {
    of_sources(&[Source { path: "server/3.12-ping.feature", text }])
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn planned(text: &'static str) -> Vec<ScenarioCheck> {
    plan(text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// Everything that is wrong with a feature file. A complaint about a tag may come once for each version.
#[track_caller]
fn refused(text: &'static str) -> Vec<String> {
    let mut errors = plan(text).err().expect("this is no plan");
    errors.dedup();
    errors
}

#[test]
fn one_text_becomes_a_check_for_each_version_that_it_has_a_requirement_of() {
    let checks = planned(
        "Feature: Ping

  @3.1.1/MQTT-3.12.4-1 @5.0/MQTT-3.12.4-1
  Rule: PINGREQ is answered

    @needs:qos2 @server:durable
    Scenario: a PINGREQ is answered
      Given A is connected
      When A sends PINGREQ
      Then A receives PINGRESP
",
    );

    let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(ids, ["3.1.1/3.12-ping/a-pingreq-is-answered", "5.0/3.12-ping/a-pingreq-is-answered"]);
    for (check, version) in checks.iter().zip([Version::V311, Version::V500]) {
        assert_eq!(check.version, version);
        let about: Vec<String> = check.requirements.iter().map(ToString::to_string).collect();
        assert_eq!(about, [format!("{version}/MQTT-3.12.4-1")]);
        assert_eq!(
            (check.title.as_str(), check.rule.as_str()),
            ("a PINGREQ is answered", "PINGREQ is answered")
        );
        assert_eq!((check.feature, check.chapter.as_str()), ("server/3.12-ping.feature", "3.12"));
        assert!(check.needs.contains("qos2") && check.configuration.as_deref() == Some("durable"));
        let classes: Vec<StepClass> = check.steps.iter().map(|step| step.class).collect();
        assert_eq!(classes, [StepClass::Stimulus, StepClass::Stimulus, StepClass::Judgement]);
    }
}

#[test]
fn a_scenario_without_a_requirement_of_a_version_is_no_check_of_it() {
    let checks = planned(
        "Feature: Ping
  Rule: PINGREQ is answered
    @3.1.1/MQTT-3.12.4-1
    Scenario: a PINGREQ is answered
      Given A is connected
      Then A receives PINGRESP
",
    );

    assert_eq!(checks.iter().map(|check| check.version).collect::<Vec<_>>(), [Version::V311]);
}

#[test]
fn a_scenario_for_one_version_only_is_a_check_of_that_one() {
    let checks = planned(
        "Feature: Ping
  @3.1.1/MQTT-3.12.4-1 @5.0/MQTT-3.12.4-1
  Rule: PINGREQ is answered
    @only:5.0
    Scenario: a PINGREQ is answered
      Given A is connected
      Then A receives PINGRESP
",
    );

    assert_eq!(checks.iter().map(|check| check.version).collect::<Vec<_>>(), [Version::V500]);
}

#[test]
fn each_example_is_a_check_and_the_background_comes_first() {
    let checks = planned(
        "Feature: Ping
  @5.0/MQTT-3.12.4-1
  Rule: PINGREQ is answered
    Background:
      Given A is connected
    Scenario Outline: <who> gets an answer
      Then <who> receives PINGRESP
      Examples:
        | who |
        | A   |
        | B   |
",
    );

    let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(ids, ["5.0/3.12-ping/a-gets-an-answer", "5.0/3.12-ping/b-gets-an-answer"]);
    let steps: Vec<&str> = checks[1].steps.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(steps, ["A is connected", "B receives PINGRESP"]);
}

#[test]
fn a_tag_that_names_no_requirement_is_refused_with_its_place() {
    let errors = refused(
        "Feature: Ping
  @5.0/MQTT-3.12.4-1 @5.0/MQTT-3.12.4-99
  Rule: PINGREQ is answered
    Scenario: a PINGREQ is answered
      Then A receives PINGRESP
",
    );

    assert_eq!(errors, ["features/server/3.12-ping.feature:4: @5.0/MQTT-3.12.4-99 is no Requirement"]);
}

#[test]
fn a_configuration_that_nobody_knows_is_refused() {
    let errors = refused(
        "Feature: Ping
  @5.0/MQTT-3.12.4-1 @server:upside-down
  Rule: PINGREQ is answered
    Scenario: a PINGREQ is answered
      Then A receives PINGRESP
",
    );

    assert_eq!(
        errors,
        ["features/server/3.12-ping.feature:4: @server:upside-down is no configuration of a Server"]
    );
}

#[test]
fn a_sentence_that_no_step_says_is_refused_with_its_place() {
    let errors = refused(
        "Feature: Ping
  @5.0/MQTT-3.12.4-1
  Rule: PINGREQ is answered
    Scenario: a PINGREQ is answered
      When A stands on its head
      Then A receives PINGRESP
",
    );

    assert_eq!(errors, ["features/server/3.12-ping.feature:5: no step says \"A stands on its head\""]);
}

#[test]
fn a_sentence_means_nothing_behind_another_keyword() {
    let errors = refused(
        "Feature: Ping
  @5.0/MQTT-3.12.4-1
  Rule: PINGREQ is answered
    Scenario: a PINGREQ is answered
      Given A is connected
      Then A receives PINGRESP
      Then A is connected
",
    );

    assert_eq!(errors, ["features/server/3.12-ping.feature:7: no step says \"A is connected\""]);
}

#[test]
fn a_scenario_without_then_is_refused() {
    let errors = refused(
        "Feature: Ping
  @5.0/MQTT-3.12.4-1
  Rule: PINGREQ is answered
    Scenario: a PINGREQ is sent
      Given A is connected
      When A sends PINGREQ
",
    );

    assert_eq!(
        errors,
        ["features/server/3.12-ping.feature:4: \"a PINGREQ is sent\" has no Then: it cannot fail"]
    );
}

#[test]
fn a_scenario_outside_a_rule_is_refused() {
    let errors = refused(
        "@5.0/MQTT-3.12.4-1
Feature: Ping
  Scenario: a PINGREQ is answered
    Then A receives PINGRESP
",
    );

    assert_eq!(
        errors,
        ["features/server/3.12-ping.feature:3: \"a PINGREQ is answered\" stands outside a Rule"]
    );
}

#[test]
fn a_scenario_that_would_never_be_run_is_refused() {
    let untagged = refused(
        "Feature: Ping
  Rule: PINGREQ is answered
    Scenario: a PINGREQ is answered
      Then A receives PINGRESP
",
    );
    let elsewhere = refused(
        "Feature: Ping
  @3.1.1/MQTT-3.12.4-1 @only:5.0
  Rule: PINGREQ is answered
    Scenario: a PINGREQ is answered
      Then A receives PINGRESP
",
    );

    for (errors, line) in [(untagged, 3), (elsewhere, 4)] {
        assert_eq!(
            errors,
            [format!(
                "features/server/3.12-ping.feature:{line}: \"a PINGREQ is answered\" is about no Requirement of its versions"
            )]
        );
    }
}

#[test]
fn two_scenarios_of_one_name_are_refused_even_in_two_rules() {
    let errors = refused(
        "Feature: Ping
  @5.0/MQTT-3.12.4-1
  Rule: PINGREQ is answered
    Scenario: a PINGREQ is answered
      Then A receives PINGRESP
  @5.0/MQTT-3.12.4-1
  Rule: and again
    Scenario: a PINGREQ is answered!
      Then A receives PINGRESP
",
    );

    assert_eq!(
        errors,
        [
            "features/server/3.12-ping.feature:0: two scenarios have the name 5.0/3.12-ping/a-pingreq-is-answered"
        ]
    );
}

#[test]
fn what_is_no_gherkin_is_refused_with_its_file() {
    let errors = refused("Rule: PINGREQ is answered\n");

    assert!(errors.len() == 1 && errors[0].starts_with("features/server/3.12-ping.feature: "), "{errors:?}");
}

#[test]
fn a_then_says_in_brackets_what_its_failure_breaks() {
    let checks = planned(
        "Feature: Ping

  @3.1.1/MQTT-3.12.4-1 @5.0/MQTT-3.12.4-1 @5.0/MQTT-2.1.3-1
  Rule: PINGREQ is answered

    Scenario: a PINGREQ is answered
      Given A is connected
      When A sends PINGREQ
      Then A receives PINGRESP [3.1.1/MQTT-3.12.4-1, 5.0/MQTT-3.12.4-1]
      And the Network Connection of A stays open [5.0/MQTT-2.1.3-1]
",
    );

    let about = |check: usize, step: usize| -> Vec<&str> {
        checks[check].steps[step].about.iter().map(|id| id.as_str()).collect()
    };
    assert_eq!(checks[1].steps[2].text, "A receives PINGRESP");
    assert_eq!(about(0, 2), ["3.1.1/MQTT-3.12.4-1"]);
    assert_eq!(about(1, 2), ["5.0/MQTT-3.12.4-1"]);
    assert_eq!(about(1, 3), ["5.0/MQTT-2.1.3-1"]);
}

#[test]
fn brackets_name_tags_of_the_scenario_and_stand_behind_a_then() {
    let with = |given: &str, then: &str| {
        let text = format!(
            "Feature: Ping\n\n  @5.0/MQTT-3.12.4-1\n  Rule: PINGREQ is answered\n\n    Scenario: a PINGREQ is answered\n      \
             Given A is connected{given}\n      When A sends PINGREQ\n      Then A receives PINGRESP{then}\n"
        );
        refused(Box::leak(text.into_boxed_str())).join("\n")
    };

    assert!(with("", " [5.0/MQTT-9.9.9-9]").contains("is no Requirement"));
    assert!(with("", " [5.0/MQTT-2.1.3-1]").contains("not among the tags"));
    assert!(with(" [5.0/MQTT-3.12.4-1]", "").contains("only a Then"));
}

#[test]
fn a_tag_that_no_then_is_about_is_refused() {
    let errors = refused(
        "Feature: Ping

  @5.0/MQTT-3.12.4-1 @5.0/MQTT-2.1.3-1
  Rule: PINGREQ is answered

    Scenario: a PINGREQ is answered
      Given A is connected
      When A sends PINGREQ
      Then A receives PINGRESP [5.0/MQTT-3.12.4-1]
",
    );

    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(
        errors[0].contains("no Then of \"a PINGREQ is answered\" is about @5.0/MQTT-2.1.3-1"),
        "{errors:#?}"
    );
}
