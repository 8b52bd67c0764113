//! SUBSCRIBE, and the SUBACK that answers it (sections 3.8 and 3.9).

use crate::client::ConnectedClient;
use crate::config::Config;
use crate::journal::Key;
use crate::retained::Retained;
use crate::session::{Outgoing, Subscription};
use crate::subscriptions::Subscriptions;
use crate::violation::Violation;
use bytestring::ByteString;
use catalogue::cite;
use protocol::topic::validate_filter;
use protocol::{Packet, QoS, ReasonCode, RetainHandling, Suback, Subscribe, SubscriptionOptions, Version};
use std::sync::Arc;

/// What one Topic Filter leads to.
struct Granted {
    reason: ReasonCode,
    /// The filter whose retained messages are sent.
    retained: Option<(ByteString, Subscription)>,
}

const fn refused(reason: ReasonCode) -> Granted {
    Granted { reason, retained: None }
}

impl ConnectedClient<'_> {
    pub(crate) fn receive_subscribe(
        &mut self,
        subscribe: Subscribe,
        subscriptions: &mut Subscriptions,
        kept: &mut Retained,
    ) -> Result<(), Violation> {
        let identifier = subscribe.properties.subscription_identifiers().next();
        self.config.check_subscribe(self.connected.version, identifier, &subscribe.filters)?;
        // Filter after filter, as if each had come in a SUBSCRIBE of its own; only the SUBACK is one.
        cite!(
            "5.0/MQTT-3.8.4-5",
            "3.1.1/MQTT-3.8.4-4",
            "5.0/MQTT-3.8.4-6",
            "5.0/MQTT-3.9.3-1",
            "3.1.1/MQTT-3.9.3-1"
        );
        let mut reasons = Vec::with_capacity(subscribe.filters.len());
        let mut retained = Vec::new();
        for (filter, options) in subscribe.filters {
            let granted = self.subscribe(filter, Subscription { options, identifier }, subscriptions);
            reasons.push(granted.reason);
            retained.extend(granted.retained);
        }
        cite!("5.0/MQTT-3.8.4-1", "3.1.1/MQTT-3.8.4-1", "5.0/MQTT-3.8.4-2", "3.1.1/MQTT-3.8.4-2");
        cite!("5.0/MQTT-2.2.1-6", "3.1.1/MQTT-2.3.1-7");
        let (packet_id, properties) = (subscribe.packet_id, protocol::Properties::new());
        self.outbox.send(self.connected, Packet::Suback(Suback { packet_id, properties, reasons }));
        for (filter, subscription) in retained {
            self.send_retained(kept, &filter, subscription);
        }
        Ok(())
    }

    fn subscribe(
        &mut self,
        whole: ByteString,
        subscription: Subscription,
        subscriptions: &mut Subscriptions,
    ) -> Granted {
        let (version, session) = (self.connected.version, &mut *self.session);
        let failure = |reason: ReasonCode| match version {
            // The only failure that 3.1.1 has.
            Version::V311 => refused(ReasonCode::UNSPECIFIED_ERROR),
            Version::V500 => refused(reason),
        };
        cite!("5.0/MQTT-3.9.3-2", "3.1.1/MQTT-3.9.3-2");
        let Ok(filter) = validate_filter(&whole, version) else {
            return failure(ReasonCode::TOPIC_FILTER_INVALID);
        };
        if filter.has_wildcard() && !self.config.wildcard_subscriptions_available {
            cite!("3.1.1/MQTT-3.8.3-2");
            return failure(ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
        }
        if !self.connected.permissions.may_subscribe(filter.filter()) {
            return failure(ReasonCode::NOT_AUTHORIZED);
        }
        let maximum = self.config.limits.subscriptions;
        let key = (whole.clone(), filter.share_name().is_some());
        if session.filters.len() >= maximum && !session.filters.contains(&key) {
            return failure(ReasonCode::QUOTA_EXCEEDED);
        }
        self.journal.touch(Key::Subscription(session.id, key.0.clone(), key.1));
        session.filters.insert(key);
        let is_new = subscriptions.insert(session.id, &whole, filter, subscription);
        let send_retained = match subscription.options.retain_handling {
            RetainHandling::SendAtSubscribe => {
                cite!("5.0/MQTT-3.3.1-9", "5.0/MQTT-3.8.4-4", "3.1.1/MQTT-3.3.1-6", "3.1.1/MQTT-3.8.4-3");
                true
            }
            RetainHandling::SendIfNew => {
                cite!("5.0/MQTT-3.3.1-10");
                is_new
            }
            RetainHandling::DoNotSend => {
                cite!("5.0/MQTT-3.3.1-11");
                false
            }
        };
        // A Shared Subscription gets no retained messages when it is made (section 4.8.2).
        let retained =
            (send_retained && filter.share_name().is_none()).then(|| (whole.clone(), subscription));
        // What is asked for is granted, whatever the Maximum QoS for publishing is.
        cite!("5.0/MQTT-3.8.4-7", "3.1.1/MQTT-3.8.4-5", "5.0/MQTT-3.2.2-10");
        Granted { reason: ReasonCode(subscription.options.qos as u8), retained }
    }

    /// Sends the retained messages that the filter of a Subscription matches.
    fn send_retained(&mut self, kept: &mut Retained, filter: &str, subscription: Subscription) {
        let mut found = Vec::new();
        kept.matches(filter, self.now, &mut found, self.journal);
        let options = subscription.options;
        for message in found {
            cite!("5.0/MQTT-3.8.3-3");
            if options.no_local && self.session.client_id == message.publisher {
                continue;
            }
            // RETAIN is 1 here, whatever Retain As Published says.
            cite!("3.1.1/MQTT-3.3.1-8", "5.0/MQTT-3.8.4-8", "3.1.1/MQTT-3.8.4-6");
            let qos: QoS = message.qos.min(options.qos);
            let identifiers = subscription.identifier.into_iter().collect();
            let outgoing = Outgoing {
                message: Arc::clone(&message),
                qos,
                retain: true,
                identifiers,
                share: None,
                published_retain: true,
            };
            self.deliver(outgoing);
        }
    }
}

impl Config {
    /// What makes the whole packet an error.
    fn check_subscribe(
        &self,
        version: Version,
        identifier: Option<u32>,
        filters: &[(ByteString, SubscriptionOptions)],
    ) -> Result<(), Violation> {
        if identifier.is_some() && !self.subscription_identifiers_available {
            let reason = ReasonCode::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED;
            return Err(Violation::new(reason, "Subscription Identifiers are not supported"));
        }
        if filters.is_empty() {
            cite!("5.0/MQTT-3.8.3-2", "3.1.1/MQTT-3.8.3-3");
            return Err(Violation::protocol_error("a SUBSCRIBE without Topic Filter"));
        }
        for (whole, options) in filters {
            match (version, validate_filter(whole, version).ok()) {
                (Version::V311, None) => {
                    return Err(Violation::protocol_error("a Topic Filter that is not valid"));
                }
                (Version::V311, Some(_)) | (Version::V500, None) => {}
                (Version::V500, Some(filter)) => {
                    if filter.share_name().is_some() && options.no_local {
                        cite!("5.0/MQTT-3.8.3-4");
                        return Err(Violation::protocol_error("No Local on a Shared Subscription"));
                    }
                    if filter.share_name().is_some() && !self.shared_subscriptions_available {
                        let reason = ReasonCode::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
                        return Err(Violation::new(reason, "Shared Subscriptions are not supported"));
                    }
                    if filter.has_wildcard() && !self.wildcard_subscriptions_available {
                        let reason = ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
                        return Err(Violation::new(reason, "Wildcard Subscriptions are not supported"));
                    }
                }
            }
        }
        Ok(())
    }
}
