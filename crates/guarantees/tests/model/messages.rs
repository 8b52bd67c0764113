//! How messages are taken over, routed and delivered.

use super::*;

impl Model {
    pub(super) fn publish(&mut self, client: usize, a: u8, b: u8, c: u8) {
        let Some(connection) = self.clients[client].connection else { return };
        let message = MessageId(self.messages);
        self.messages += 1;
        let sent = Sent { message, topic: usize::from(a) % 3, qos: level(b), retain: b & 64 == 64 };
        let expiry = (self.is_v5() && c & 64 == 64).then_some(20);
        self.push_publish(client, connection, sent, expiry, false);
        match c % 8 {
            0 => {
                self.keep_unacknowledged(client, sent, expiry);
                self.break_off(client, false, false);
            }
            1 => {
                self.route(Some(client), sent, expiry);
                self.keep_unacknowledged(client, sent, expiry);
                if let Some(session) = self.clients[client].session.as_mut() {
                    session.received.push(message);
                }
                self.break_off(client, false, true);
            }
            2 => {
                self.acknowledge_publish(connection, sent);
                self.route(Some(client), sent, expiry);
            }
            _ => {
                self.route(Some(client), sent, expiry);
                self.acknowledge_publish(connection, sent);
            }
        }
    }

    pub(super) fn keep_unacknowledged(&mut self, client: usize, sent: Sent, expiry: Option<u32>) {
        if sent.qos > QoS::AtMostOnce && expiry.is_none() {
            self.clients[client].unacknowledged.push(sent);
        }
    }

    pub(super) fn push_publish(
        &mut self,
        client: usize,
        connection: ConnectionIndex,
        sent: Sent,
        expiry: Option<u32>,
        dup: bool,
    ) {
        self.push(What::Publish {
            client: index(client),
            connection,
            message: sent.message,
            topic: TopicIndex(sent.topic as u32),
            qos: sent.qos,
            retain: sent.retain,
            empty: false,
            expiry,
            dup,
        });
    }

    pub(super) fn acknowledge_publish(&mut self, connection: ConnectionIndex, sent: Sent) {
        if sent.qos == QoS::AtMostOnce {
            return;
        }
        self.push(What::Accepted { connection, message: sent.message, reason: ReasonCode(0) });
        if sent.qos == QoS::ExactlyOnce {
            self.push(What::Completed { connection, message: sent.message });
        }
        self.accepted.push(sent.message);
    }

    pub(super) fn route(&mut self, publisher: Option<usize>, sent: Sent, expiry: Option<u32>) {
        let expires = expiry.map(|interval| self.now + Duration::from_secs(u64::from(interval)));
        if sent.retain {
            self.retained[sent.topic] = Some((sent.message, sent.qos, expires));
        }
        let mut given_to_share = false;
        for client in 0..self.clients.len() {
            let Some(session) = &self.clients[client].session else { continue };
            let mut wanted: Vec<Subscription> = Vec::new();
            for subscription in &session.subscriptions {
                let filter = FILTERS[subscription.filter];
                let local = subscription.options.no_local && publisher == Some(client);
                if local || !matches(filter, TOPICS[sent.topic]) {
                    continue;
                }
                if filter.starts_with("$share") && std::mem::replace(&mut given_to_share, true) {
                    continue;
                }
                wanted.push(subscription.clone());
            }
            wanted.sort_by_key(|subscription| std::cmp::Reverse(subscription.options.qos));
            let copies: Vec<Vec<Subscription>> = if self.separate {
                wanted.into_iter().map(|one| vec![one]).collect()
            } else if wanted.is_empty() {
                Vec::new()
            } else {
                vec![wanted]
            };
            for subscriptions in copies {
                let best = &subscriptions[0];
                let qos = sent.qos.min(best.options.qos);
                if qos > QoS::AtMostOnce && expiry.is_none() && !FILTERS[best.filter].starts_with("$share") {
                    let epoch = self.clients[client].session.as_ref().expect("a Session").epoch;
                    let (filter, born) = (best.filter, best.born);
                    self.claims.push(Claim { message: sent.message, client, epoch, filter, born });
                }
                let copy = Copy {
                    message: sent.message,
                    topic: TopicIndex(sent.topic as u32),
                    qos,
                    retain: sent.retain && best.options.retain_as_published,
                    identifiers: subscriptions.iter().filter_map(|it| it.options.identifier).collect(),
                    expires,
                    packet_identifier: 0,
                    sent: false,
                };
                self.enqueue(client, copy);
            }
            self.deliver(client);
        }
    }

    pub(super) fn enqueue(&mut self, client: usize, copy: Copy) {
        let away = self.clients[client].connection.is_none();
        if away && copy.qos == QoS::AtMostOnce {
            return;
        }
        if let Some(session) = self.clients[client].session.as_mut() {
            session.queue.push(copy);
        }
    }

    /// Sends what waits, as far as Receive Maximum allows.
    pub(super) fn deliver(&mut self, client: usize) {
        loop {
            let Some(connection) = self.clients[client].connection else { return };
            let (room, now) = (self.clients[client].receive_maximum, self.now);
            let session = self.clients[client].session.as_mut().expect("a Session");
            session.queue.retain(|copy| copy.sent || copy.expires.is_none_or(|end| end > now));
            let open = session.queue.iter().filter(|copy| copy.sent).count();
            let Some(next) = session.queue.iter_mut().find(|copy| !copy.sent) else { return };
            if next.qos > QoS::AtMostOnce {
                if open >= room {
                    return;
                }
                self.identifiers += 1;
                next.packet_identifier = self.identifiers;
            }
            next.sent = true;
            let copy = next.clone();
            self.send(client, connection, &copy, false);
        }
    }

    pub(super) fn send(&mut self, client: usize, connection: ConnectionIndex, copy: &Copy, dup: bool) {
        let left = copy.expires.map(|end| end.saturating_sub(self.now).as_secs_f64().ceil() as u32);
        self.push(What::Delivered {
            client: index(client),
            connection,
            message: Some(copy.message),
            empty: false,
            topic: copy.topic,
            qos: copy.qos,
            dup,
            retain: copy.retain,
            packet_identifier: copy.packet_identifier,
            subscription_identifiers: copy.identifiers.clone(),
            expiry: left,
        });
        if copy.qos == QoS::AtMostOnce || !self.clients[client].lazy {
            self.acknowledge(client, connection, copy);
        }
    }

    pub(super) fn acknowledge(&mut self, client: usize, connection: ConnectionIndex, copy: &Copy) {
        let with: &[Acknowledgement] = match copy.qos {
            QoS::AtMostOnce => &[],
            QoS::AtLeastOnce => &[Acknowledgement::Puback],
            QoS::ExactlyOnce => &[Acknowledgement::Pubrec, Acknowledgement::Pubcomp],
        };
        for &with in with {
            let packet_identifier = copy.packet_identifier;
            self.push(What::Acknowledged { connection, packet_identifier, with, reason: ReasonCode(0) });
        }
        let session = self.clients[client].session.as_mut().expect("a Session");
        session.queue.retain(|it| {
            !(it.sent && it.packet_identifier == copy.packet_identifier && it.message == copy.message)
        });
    }
}
