//! Shared Subscriptions (section 4.8.2).

use crate::defect;
use protocol::{Packet, Publish};
use transport::Input;

defect! {
    "shared-messages-go-to-every-member", "A message for a Shared Subscription goes to all members",
    breaks: ["5.0/MQTT-4.8.2-3", "5.0/MQTT-4.8.2-6", "5.0/RULE-4.8.2-one-member-gets-it"],
    input: |memory, _, _, input| {
        let Input::Received(Packet::Publish(publish)) = &input else { return vec![input] };
        let open: Vec<_> = memory.peers.iter().filter(|(_, p)| !p.gone && p.connack.is_some()).map(|(id, _)| *id).collect();
        for connection in open {
            let member = memory.subscriptions(connection).iter().any(|(f, _)| {
                f.strip_prefix("$share/").and_then(|f| f.split_once('/')).is_some_and(|(_, f)| protocol::topic::matches(f, &publish.topic))
            });
            if member {
                let copy = Publish::new(publish.topic.clone(), publish.payload.clone());
                let effect = super::send(memory, connection, Packet::Publish(copy));
                memory.effects.push(effect);
            }
        }
        vec![input]
    },
}
