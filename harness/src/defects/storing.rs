//! What a Server with a store loses (section 4.1): records that were not written in time, or never.
//!
//! Records begin with a byte for their kind (`reference_broker::store`); the values here are those of its first format.

use super::StoreFault;
use crate::defect;

macro_rules! forgets {
    ($($name:literal, $title:literal, [$($id:literal),+], $kind:literal;)+) => {
        $(defect! {
            $name, $title,
            breaks: [$($id),+],
            store: StoreFault::Forgets(|change| change.key.first() == Some(&$kind)),
        })+
    };
}

defect! {
    "what-is-acknowledged-is-written-later", "A change is acknowledged at once, and written when the next one comes",
    breaks: ["3.1.1/MQTT-4.1.0-1", "5.0/MQTT-3.1.2-23"],
    store: StoreFault::Late,
}

forgets! {
    "subscriptions-do-not-outlast-the-process", "A Session is kept over a restart without its Subscriptions",
        ["3.1.1/MQTT-3.1.2-4", "3.1.1/MQTT-4.1.0-1", "5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.2-23"], 2;
    "identifiers-received-do-not-outlast-the-process", "After a restart a repeated PUBLISH of QoS 2 is a new message",
        ["3.1.1/MQTT-4.3.3-2", "5.0/MQTT-4.3.3-10"], 3;
    "messages-under-way-do-not-outlast-the-process", "After a restart what was not acknowledged is not sent again",
        ["3.1.1/MQTT-4.4.0-1", "5.0/MQTT-4.4.0-1"], 4;
    "waiting-messages-do-not-outlast-the-process", "After a restart the messages for Clients that are away are gone, and their Sessions are not",
        ["3.1.1/MQTT-3.1.2-5", "3.1.1/MQTT-4.1.0-1", "5.0/MQTT-3.1.2-5", "5.0/MQTT-3.1.2-23"], 5;
    "retained-messages-do-not-outlast-the-process", "After a restart the retained messages are gone",
        ["3.1.1/MQTT-3.3.1-5", "5.0/MQTT-3.3.1-5"], 6;
}
