//! Leaves nothing behind on a Server that others use, too: no Session, no Will Message that is still to come, no retained message.

use super::{Ground, Player, Run};
use crate::workload::{Action, Connect, Publish, Step, Text};
use protocol::QoS;
use simulator::Shut;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long what was sent last has to go out.
const FAREWELL: Duration = Duration::from_millis(20);

impl<N: Ground> Run<'_, N> {
    /// What happens here is in no history, and counted nowhere. If it fails, something is left behind, and that is all.
    pub(super) fn tidy_up(&mut self) {
        let statistics = self.statistics.clone();
        let version = self.workload.version;
        let clients: Vec<_> =
            self.names().filter(|client| self.players[client.index()].connect.is_some()).collect();
        for client in &clients {
            if let Some(id) = self.player(*client).link.take() {
                self.network.shut(id, Shut::Close);
                self.over(id, None);
            }
            *self.player(*client) = Player::new(*client, version);
            // A new Session ends the old one, and with it what its Will was waiting for.
            let connect = Connect {
                clean_start: true,
                session_expiry: 0,
                receive_maximum: None,
                keep_alive: 0,
                topic_aliases: 0,
                will: None,
            };
            self.connect(*client, &connect);
        }
        self.wait_until(|run| {
            run.players.iter().all(|player| player.link.is_none() || player.engine.is_connected())
        });
        let connected = clients.iter().find(|client| self.players[client.index()].engine.is_connected());
        if let Some(client) = connected {
            for topic in self.retained_topics() {
                let publish = Publish {
                    topic,
                    qos: QoS::AtLeastOnce.min(self.history.server.maximum_qos),
                    retain: true,
                    empty: true,
                    expiry: None,
                    length: 0,
                };
                self.act(*client, &Action::Publish(publish));
            }
            self.wait_until(|run| run.players[client.index()].outgoing.is_empty());
        }
        for client in &clients {
            let disconnect = crate::workload::Disconnect { with_will: false, session_expiry: None };
            self.act(*client, &Action::Disconnect(disconnect));
        }
        self.pass(self.network.now() + FAREWELL);
        *self.statistics = statistics;
    }

    /// Where a message may be retained.
    fn retained_topics(&self) -> BTreeSet<Text> {
        let topic = |step: &Step| match step {
            Step::Does(_, Action::Publish(publish)) if publish.retain => Some(publish.topic.clone()),
            Step::Does(_, Action::Connect(connect)) => {
                connect.will.as_ref().filter(|will| will.retain).map(|will| will.topic.clone())
            }
            _ => None,
        };
        self.workload.steps.iter().filter_map(topic).collect()
    }
}
