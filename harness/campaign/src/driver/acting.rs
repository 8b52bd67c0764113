//! What a Client does by itself, step by step.

use super::{Ground, REQUEST, Run, SHORTEST};
use crate::payload;
use crate::workload::{Action, ClientName, Connect, Disconnect, Filter, Publish, Text};
use bytestring::ByteString;
use guarantees::Ending;
use protocol::{Properties, Property, QoS, ReasonCode, SubscriptionOptions, Version};
use reference_client::{Command, ConnectOptions, Message, Token};
use simulator::Shut;
use std::time::Duration;

/// How long a Client waits for its CONNACK before it goes on without.
const CONNECTING: Duration = Duration::from_millis(1_500);

impl<N: Ground> Run<'_, N> {
    pub(super) fn act(&mut self, client: ClientName, action: &Action) {
        let is_connected = self.is_connected(client);
        let (kind, done) = match action {
            Action::Connect(connect) => (0, self.connect(client, connect)),
            Action::Subscribe(filters, identifier) => {
                if is_connected {
                    let to_options = |filter: &Filter| SubscriptionOptions {
                        qos: filter.qos,
                        no_local: filter.no_local,
                        retain_as_published: filter.retain_as_published,
                        retain_handling: filter.retain_handling,
                    };
                    let filters = filters.iter().map(|filter| (bytes_of(&filter.filter), to_options(filter)));
                    let properties =
                        identifier.iter().map(|id| Property::SubscriptionIdentifier(*id)).collect();
                    let filters = filters.collect();
                    self.command(client, Command::Subscribe { token: REQUEST, filters, properties });
                }
                (1, is_connected)
            }
            Action::Unsubscribe(filter) => {
                if is_connected {
                    let filters = vec![bytes_of(filter)];
                    let properties = Properties::new();
                    self.command(client, Command::Unsubscribe { token: REQUEST, filters, properties });
                }
                (2, is_connected)
            }
            Action::Publish(publish) => {
                let can = is_connected || publish.qos != QoS::AtMostOnce;
                if can {
                    self.publish(client, publish);
                }
                (3, can)
            }
            Action::Disconnect(disconnect) => (4, self.disconnect(client, *disconnect)),
            Action::Leave => {
                let link = self.player(client).link;
                if let Some(id) = link {
                    self.network.shut(id, Shut::Close);
                    self.lose(client, id, Some(Ending::ByClient));
                }
                (5, link.is_some())
            }
        };
        let occasions = &mut self.statistics.actions[kind];
        if done {
            occasions.done += 1;
        } else {
            occasions.idle += 1;
        }
    }

    /// Whether the Client is connected; one that is about to be is given some time.
    fn is_connected(&mut self, client: ClientName) -> bool {
        let until = self.network.now() + CONNECTING;
        loop {
            let player = self.player(client);
            let is_connected = player.engine.is_connected();
            if is_connected || player.link.is_none() || self.network.now() >= until || self.is_stopped() {
                return is_connected;
            }
            // Nothing changes before something happens, and what happens within the same millisecond is taken together.
            let since = self.network.now();
            self.pass_to_what_happens(until);
            let all = (self.network.now() - since).as_nanos().div_ceil(SHORTEST.as_nanos()).max(1);
            self.pass(since + SHORTEST * u32::try_from(all).unwrap_or(u32::MAX));
        }
    }

    pub(super) fn connect(&mut self, client: ClientName, connect: &Connect) -> bool {
        if self.player(client).link.is_some() {
            return false;
        }
        let is_v5 = self.workload.version == Version::V500;
        let mut properties = Properties::new();
        if is_v5 {
            if connect.session_expiry > 0 {
                properties.push(Property::SessionExpiryInterval(connect.session_expiry));
            }
            if let Some(maximum) = connect.receive_maximum.filter(|maximum| *maximum > 0) {
                properties.push(Property::ReceiveMaximum(maximum));
            }
            if connect.topic_aliases > 0 {
                properties.push(Property::TopicAliasMaximum(connect.topic_aliases));
            }
        }
        let will = connect.will.as_ref().map(|will| {
            let mut properties = Properties::new();
            if is_v5 && will.delay > 0 {
                properties.push(Property::WillDelayInterval(will.delay));
            }
            protocol::Will {
                qos: will.qos,
                retain: will.retain,
                topic: bytes_of(&will.topic),
                payload: payload::write(self.new_message(), 0),
                properties,
            }
        });
        let player = self.player(client);
        // A Client that has lost its Session State must not claim to have it.
        let clean_start = connect.clean_start || std::mem::take(&mut player.has_crashed);
        player.connect = Some(connect.clone());
        let options = ConnectOptions {
            clean_start,
            keep_alive: connect.keep_alive,
            properties,
            will,
            user_name: None,
            password: None,
        };
        self.command(client, Command::Connect(Box::new(options)));
        true
    }

    fn publish(&mut self, client: ClientName, publish: &Publish) {
        let id = self.new_message();
        let is_empty = publish.empty;
        let mut message = Message {
            topic: bytes_of(&publish.topic),
            payload: if is_empty { bytes::Bytes::new() } else { payload::write(id, publish.length.into()) },
            qos: publish.qos,
            retain: publish.retain,
            properties: Properties::new(),
        };
        if let (Some(seconds), Version::V500) = (publish.expiry, self.workload.version) {
            message.properties.push(Property::MessageExpiryInterval(seconds));
        }
        if is_empty {
            self.player(client).unsent.push_back((id, publish.qos == QoS::AtMostOnce));
        }
        self.command(client, Command::Publish { token: Token(id.0.into()), message });
    }

    fn disconnect(&mut self, client: ClientName, disconnect: Disconnect) -> bool {
        let is_v5 = self.workload.version == Version::V500;
        let player = self.player(client);
        if !player.engine.is_connected() {
            return false;
        }
        let reason =
            if disconnect.with_will { ReasonCode::DISCONNECT_WITH_WILL_MESSAGE } else { ReasonCode::SUCCESS };
        // A Session that was to end with the Network Connection cannot be kept after all (section 3.14.2.2.2).
        let may_keep = player.connect.as_ref().is_some_and(|connect| connect.session_expiry > 0);
        let session_expiry = disconnect.session_expiry.filter(|seconds| is_v5 && (may_keep || *seconds == 0));
        let properties = session_expiry.iter().map(|s| Property::SessionExpiryInterval(*s)).collect();
        self.command(client, Command::Disconnect(protocol::Disconnect { reason, properties }));
        true
    }
}

fn bytes_of(text: &Text) -> ByteString {
    match text {
        Text::Borrowed(text) => ByteString::from_static(text),
        Text::Owned(text) => ByteString::from(text.as_str()),
    }
}
