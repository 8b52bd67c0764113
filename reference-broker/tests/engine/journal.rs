//! Whatever Clients do: what the changes add up to is what the Server has to keep, and a Server that reads it has the same.

use crate::broker::*;
use crate::never_panics::{Action, action};
use proptest::prelude::*;
use reference_broker::{Config, Persistent, Server};
use std::collections::BTreeMap;

type Records = BTreeMap<Vec<u8>, Vec<u8>>;

fn write(server: &mut Server, records: &mut Records) {
    for change in server.take_changes() {
        match change.value {
            Some(value) => records.insert(change.key, value),
            None => records.remove(&change.key),
        };
    }
}

proptest! {
    #[test]
    fn the_changes_add_up_to_the_state_and_the_state_survives_restarts(
        actions in prop::collection::vec((0usize..3, action(), prop::bool::weighted(0.05)), 1..120),
    ) {
        let mut config = Config::default();
        config.limits.queued_messages = 5;
        config.limits.retained_messages = 2;
        let mut broker = Broker::durable(config);
        let mut records = Records::new();
        let mut newest = 0;
        let mut clients = [0u64; 3];
        for (who, action, restarts) in actions {
            match action {
                Action::Open => {
                    newest += 1;
                    clients[who] = newest;
                    broker.open(newest);
                }
                Action::Cut => broker.cut(clients[who]),
                Action::Pass(seconds) => broker.pass(f64::from(seconds)),
                Action::Send(packet) => broker.send(clients[who], packet),
            }
            write(&mut broker.server, &mut records);
            prop_assert_eq!(&broker.server.records(), &records);
            if restarts {
                let config = broker.server.config().clone();
                let restored = Server::restore(config, 1, records.clone()).expect("it is readable");
                prop_assert_eq!(&restored.records(), &records);
                broker.restart(1.0);
                write(&mut broker.server, &mut records);
                prop_assert_eq!(&broker.server.records(), &records);
            }
        }
    }

    #[test]
    fn a_damaged_record_is_refused_and_never_a_panic(
        key in prop::collection::vec(any::<u8>(), 0..20),
        value in prop::collection::vec(any::<u8>(), 0..60),
        kind in 1u8..7,
    ) {
        let key = std::iter::once(kind).chain(key).collect();

        let _ = Server::restore(Config::default(), 1, BTreeMap::from([(key, value)]));
    }
}
