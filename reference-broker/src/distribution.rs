//! Who gets an Application Message, and how often (sections 3.3.4, 3.3.5, 4.5 and 4.8).

use crate::message::Message;
use crate::server::Server;
use crate::session::{Outgoing, Subscription};
use crate::session_id::SessionId;
use crate::shared::Rank;
use crate::subscriptions::Match;
use bytestring::ByteString;
use catalogue::cite;
use protocol::topic::validate_filter;
use protocol::{QoS, Time, Version};
use std::sync::Arc;

impl Server {
    /// The copies of the message that have to go out. `retain` is the RETAIN flag as published.
    pub(crate) fn find_subscribers(
        &mut self,
        message: &Arc<Message>,
        retain: bool,
    ) -> Vec<(SessionId, Outgoing)> {
        cite!("5.0/MQTT-4.5.0-1", "3.1.1/MQTT-4.5.0-1", "5.0/MQTT-3.3.2-3", "3.1.1/MQTT-3.3.2-3");
        let (clients, limits) = (&self.clients, &self.config.limits);
        let rank = |id: SessionId, subscription: &Subscription| {
            clients.get(id).map_or(Rank::Unable, |client| client.rank(limits, message, subscription))
        };
        let mut matches = self.subscriptions.matches(&message.topic, rank);
        matches.retain(|found| {
            cite!("5.0/MQTT-3.8.3-3");
            !found.subscription.options.no_local
                || clients
                    .get(found.session)
                    .is_some_and(|client| client.session.client_id != message.publisher)
        });
        // What a Session gets by its own Subscriptions is one copy; each Shared Subscription is independent of them.
        matches.sort_by_key(|found| (found.share.is_some(), found.session));
        let mut deliveries: Vec<(SessionId, Outgoing)> = Vec::with_capacity(matches.len());
        for found in matches.drain(..) {
            match deliveries.last_mut() {
                Some((session, outgoing))
                    if *session == found.session && found.share.is_none() && outgoing.share.is_none() =>
                {
                    merge(outgoing, &found, message, retain);
                }
                _ => deliveries.push((found.session, copy(found, message, retain))),
            }
        }
        self.subscriptions.put_away(matches);
        deliveries
    }

    /// Whether every Session that has to get the message for certain can take it.
    pub(crate) fn have_room(&mut self, now: Time, deliveries: &[(SessionId, Outgoing)]) -> bool {
        deliveries.iter().filter(|(_, outgoing)| outgoing.qos > QoS::AtMostOnce).all(|(id, outgoing)| {
            self.clients.get_mut(*id).is_some_and(|client| {
                let (limits, journal) = (&self.config.limits, &mut self.journal);
                client.can_send() || client.session.make_room(limits, &outgoing.message, now, journal)
            })
        })
    }

    /// Delivers all copies, each at once or later.
    pub(crate) fn deliver_all(&mut self, now: Time, deliveries: Vec<(SessionId, Outgoing)>) {
        // In the order of arrival, for each subscriber, Topic Name and QoS.
        cite!("5.0/MQTT-4.6.0-5", "5.0/MQTT-4.6.0-6", "3.1.1/MQTT-4.6.0-5", "3.1.1/MQTT-4.6.0-6");
        for (session, outgoing) in deliveries {
            self.deliver(now, session, outgoing);
        }
    }

    /// Gives a message of a Shared Subscription to another member, after the Session of the first one has ended.
    pub(crate) fn deliver_to_another_member(&mut self, now: Time, whole: &ByteString, outgoing: &Outgoing) {
        let message = &outgoing.message;
        cite!("5.0/MQTT-3.3.2-5");
        if message.is_expired(now) {
            return;
        }
        // It was one when the Subscription was made.
        let Ok(filter) = validate_filter(whole, Version::V500) else { return };
        let (clients, limits) = (&self.clients, &self.config.limits);
        let rank = |id: SessionId, subscription: &Subscription| {
            clients.get(id).map_or(Rank::Unable, |client| client.rank(limits, message, subscription))
        };
        if let Some((session, subscription)) = self.subscriptions.choose_member(whole, filter, rank) {
            let found = Match { session, subscription, share: Some(whole.clone()) };
            self.deliver(now, session, copy(found, message, outgoing.published_retain));
        }
    }
}

/// The copy for one matching Subscription.
fn copy(found: Match, message: &Arc<Message>, retain: bool) -> Outgoing {
    let options = found.subscription.options;
    // The lower of the QoS published and the QoS granted; for a Shared Subscription that of the member.
    cite!("5.0/MQTT-3.8.4-8", "3.1.1/MQTT-3.8.4-6", "5.0/MQTT-4.8.2-3");
    // 3.1.1 has no Retain As Published: the option is 0 there.
    cite!("5.0/MQTT-3.3.1-12", "5.0/MQTT-3.3.1-13", "3.1.1/MQTT-3.3.1-9");
    cite!("5.0/MQTT-3.3.4-5");
    Outgoing {
        message: Arc::clone(message),
        qos: message.qos.min(options.qos),
        retain: retain && options.retain_as_published,
        identifiers: found.subscription.identifier.into_iter().collect(),
        share: found.share,
        published_retain: retain,
    }
}

/// One more Subscription of the same Session matches: its copy is made one with the others.
fn merge(outgoing: &mut Outgoing, found: &Match, message: &Message, retain: bool) {
    cite!("5.0/MQTT-3.3.4-2", "3.1.1/MQTT-3.3.5-1", "5.0/MQTT-3.3.4-3", "5.0/MQTT-3.3.4-4");
    let options = found.subscription.options;
    outgoing.qos = outgoing.qos.max(message.qos.min(options.qos));
    outgoing.retain |= retain && options.retain_as_published;
    outgoing.identifiers.extend(found.subscription.identifier);
}
