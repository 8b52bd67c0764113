//! Properties: which statement says that one stands once, or has a value of a range; and those that come only if they were asked for.

use super::identity::connect_of;
use super::{Watch, ids, is_crafted, packets_of};
use crate::monitor;
use catalogue::RequirementId;
use protocol::{Packet, PacketType, PropertyId, Role, Version};
use tester::Transcript;

/// The statement that this Property of the Server stands at most once in this packet.
pub(super) fn at_most_once(kind: PacketType, id: PropertyId) -> &'static [RequirementId] {
    use PacketType as T;
    use PropertyId as P;
    match (kind, id) {
        (T::Connack, P::SessionExpiryInterval) => ids!["5.0/RULE-3.2.2.3.2-twice"],
        (T::Connack, P::ReceiveMaximum) => ids!["5.0/RULE-3.2.2.3.3-twice"],
        (T::Connack, P::MaximumQoS) => ids!["5.0/RULE-3.2.2.3.4-twice"],
        (T::Connack, P::RetainAvailable) => ids!["5.0/RULE-3.2.2.3.5-twice"],
        (T::Connack, P::MaximumPacketSize) => ids!["5.0/RULE-3.2.2.3.6-twice"],
        (T::Connack, P::AssignedClientIdentifier) => ids!["5.0/RULE-3.2.2.3.7-twice"],
        (T::Connack, P::TopicAliasMaximum) => ids!["5.0/RULE-3.2.2.3.8-twice"],
        (T::Connack, P::ReasonString) => ids!["5.0/RULE-3.2.2.3.9-twice"],
        (T::Connack, P::WildcardSubscriptionAvailable) => ids!["5.0/RULE-3.2.2.3.11-twice"],
        (T::Connack, P::SubscriptionIdentifierAvailable) => ids!["5.0/RULE-3.2.2.3.12-twice"],
        (T::Connack, P::SharedSubscriptionAvailable) => ids!["5.0/RULE-3.2.2.3.13-twice"],
        (T::Connack, P::ServerKeepAlive) => ids!["5.0/RULE-3.2.2.3.14-twice"],
        (T::Connack, P::ResponseInformation) => ids!["5.0/RULE-3.2.2.3.15-twice"],
        (T::Connack, P::ServerReference) => ids!["5.0/RULE-3.2.2.3.16-twice"],
        (T::Connack, P::AuthenticationMethod) => ids!["5.0/RULE-3.2.2.3.17-twice"],
        (T::Connack, P::AuthenticationData) => ids!["5.0/RULE-3.2.2.3.18-twice"],
        (T::Publish, P::TopicAlias) => ids!["5.0/RULE-3.3.2.3.4-twice"],
        (T::Publish, P::ResponseTopic) => ids!["5.0/RULE-3.3.2.3.5-twice"],
        (T::Publish, P::CorrelationData) => ids!["5.0/RULE-3.3.2.3.6-twice"],
        (T::Publish, P::ContentType) => ids!["5.0/RULE-3.3.2.3.9-twice"],
        (T::Puback, P::ReasonString) => ids!["5.0/RULE-3.4.2.2.2-twice"],
        (T::Pubrec, P::ReasonString) => ids!["5.0/RULE-3.5.2.2.2-twice"],
        (T::Pubrel, P::ReasonString) => ids!["5.0/RULE-3.6.2.2.2-twice"],
        (T::Pubcomp, P::ReasonString) => ids!["5.0/RULE-3.7.2.2.2-twice"],
        (T::Suback, P::ReasonString) => ids!["5.0/RULE-3.9.2.1.2-twice"],
        (T::Unsuback, P::ReasonString) => ids!["5.0/RULE-3.11.2.1.2-twice"],
        (T::Disconnect, P::ReasonString) => ids!["5.0/RULE-3.14.2.2.3-twice"],
        (T::Disconnect, P::ServerReference) => ids!["5.0/RULE-3.14.2.2.5-twice"],
        (T::Auth, P::AuthenticationMethod) => ids!["5.0/RULE-3.15.2.2.2-twice"],
        (T::Auth, P::AuthenticationData) => ids!["5.0/RULE-3.15.2.2.3-twice"],
        (T::Auth, P::ReasonString) => ids!["5.0/RULE-3.15.2.2.4-twice"],
        _ => &[],
    }
}

/// The statement on the values of this Property of the Server.
pub(super) fn in_range(kind: PacketType, id: PropertyId) -> &'static [RequirementId] {
    use PacketType as T;
    use PropertyId as P;
    match (kind, id) {
        (T::Connack, P::ReceiveMaximum) => ids!["5.0/RULE-3.2.2.3.3-zero"],
        (T::Connack, P::MaximumQoS) => ids!["5.0/RULE-3.2.2.3.4-value"],
        (T::Connack, P::RetainAvailable) => ids!["5.0/RULE-3.2.2.3.5-value"],
        (T::Connack, P::MaximumPacketSize) => ids!["5.0/RULE-3.2.2.3.6-zero"],
        (T::Connack, P::WildcardSubscriptionAvailable) => ids!["5.0/RULE-3.2.2.3.11-value"],
        (T::Connack, P::SubscriptionIdentifierAvailable) => ids!["5.0/RULE-3.2.2.3.12-value"],
        (T::Connack, P::SharedSubscriptionAvailable) => ids!["5.0/RULE-3.2.2.3.13-value"],
        (T::Publish, P::TopicAlias) => ids!["5.0/RULE-3.3.2.3.4-zero"],
        (T::Publish, P::SubscriptionIdentifier) => ids!["5.0/RULE-3.3.2.3.8-zero"],
        _ => &[],
    }
}

monitor!(
    "no-problem-information-where-it-is-not-wanted",
    "With Request Problem Information 0, Reason String and User Property come in PUBLISH, CONNACK and DISCONNECT only",
    ["5.0/MQTT-3.1.2-29"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let unwanted = connect_of(transcript, connection)
                .is_some_and(|connect| connect.properties.request_problem_information() == Some(0));
            if !unwanted || is_crafted(transcript, connection) {
                continue;
            }
            for seen in packets_of(transcript, connection)
                .filter(|s| s.by == Role::Server && s.version == Version::V500)
            {
                if matches!(seen.packet, Packet::Publish(_) | Packet::Connack(_) | Packet::Disconnect(_)) {
                    continue;
                }
                let Some(properties) = seen.packet.properties() else { continue };
                let present = [PropertyId::ReasonString, PropertyId::UserProperty]
                    .into_iter()
                    .find(|id| properties.get(*id).is_some());
                watch.judge(&seen, present.is_none(), || {
                    seen.breach(
                        format!("{} without Reason String and User Property", seen.packet.packet_type()),
                        present.map_or("", |id| id.name()),
                    )
                });
            }
        }
    }
);

monitor!(
    "no-response-information-unless-asked-for",
    "CONNACK has no Response Information unless the CONNECT asked for it",
    ["5.0/MQTT-3.1.2-28"],
    |transcript: &Transcript, watch: &mut Watch| {
        for connection in 0..transcript.connections.len() {
            let asked = connect_of(transcript, connection)
                .is_none_or(|connect| connect.properties.request_response_information() == Some(1));
            if asked || is_crafted(transcript, connection) {
                continue;
            }
            for seen in packets_of(transcript, connection).filter(|s| s.version == Version::V500) {
                if let Packet::Connack(p) = seen.packet {
                    watch.judge(&seen, p.properties.response_information().is_none(), || {
                        seen.breach("no Response Information", "Response Information")
                    });
                }
            }
        }
    }
);
