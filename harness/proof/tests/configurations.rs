//! The configurations of the Server that scenarios ask for, and those of the reference broker.

use subjects::settings;
use suite::configurations;

#[test]
fn the_reference_broker_is_set_up_for_every_configuration_and_for_no_other() {
    let mut set_up: Vec<&str> = settings::names().collect();
    let mut asked_for = configurations::names();

    set_up.sort_unstable();
    asked_for.sort_unstable();
    assert_eq!(set_up, asked_for);
}
