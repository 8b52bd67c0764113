//! How silence is proved where nobody can look at what is under way: by sentinels, and by patience.
//!
//! Each Client that is connected gets a message of each, through the Server, on a topic that no Subscription of a workload matches. What was published
//! before has then had its time; and what still seems to be missing gets more of it, since a Server may hand on as late as it likes.

use super::mapping::FENCE;
use super::{Ground, REQUEST, Run};
use crate::payload;
use crate::workload::ClientName;
use bytestring::ByteString;
use guarantees::{Kind, What};
use protocol::{Properties, QoS, SubscriptionOptions};
use reference_client::{Command, Message, Token};
use std::time::Duration;

/// How often it is looked whether what was missing has come.
const PAUSE: Duration = Duration::from_millis(250);

impl<N: Ground> Run<'_, N> {
    /// Whether each Client has got a message of each other.
    pub(super) fn wait_for_the_fence(&mut self) -> bool {
        if self.network.patience().doubt.is_zero() {
            return true;
        }
        let clients: Vec<ClientName> =
            self.names().filter(|client| self.players[client.index()].engine.is_connected()).collect();
        let qos = QoS::AtLeastOnce.min(self.history.server.maximum_qos);
        for client in &clients {
            let options = SubscriptionOptions { qos, ..SubscriptionOptions::default() };
            let filters = vec![(ByteString::from_static(FENCE), options)];
            let properties = Properties::new();
            self.command(*client, Command::Subscribe { token: REQUEST, filters, properties });
        }
        let answered = self.wait_until(|run| {
            run.players.iter().all(|player| player.link.is_none() || player.requests.is_empty())
        });
        if !answered {
            return false;
        }
        for publisher in &clients {
            let id = self.new_message();
            for client in &clients {
                self.player(*client).sentinels.push(id);
            }
            let message = Message {
                topic: ByteString::from_static(FENCE),
                payload: payload::write(id, 0),
                qos,
                retain: false,
                properties: Properties::new(),
            };
            self.command(*publisher, Command::Publish { token: Token(id.0.into()), message });
        }
        self.wait_until(|run| run.players.iter().all(|player| player.sentinels.is_empty()))
    }

    /// Gives what would be called missing now more time to come.
    pub(super) fn wait_for_what_is_missing(&mut self) {
        let limit = self.network.now() + self.network.patience().doubt;
        while self.network.now() < limit && !self.is_stopped() && self.is_something_missing() {
            self.pass(self.network.now() + PAUSE);
        }
    }

    fn is_something_missing(&self) -> bool {
        let mut history = self.history.clone();
        history.push(self.network.now(), What::End { quiescent: true });
        // The copy at the better QoS may be the one that is still to come.
        let may_come = |kind: Kind| kind.is_absence() || kind == Kind::WrongQoS;
        guarantees::judge(&history).findings.iter().any(|finding| may_come(finding.kind))
    }
}
