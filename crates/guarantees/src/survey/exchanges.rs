//! Deliveries as exchanges of packets: repeats, acknowledgements, and how many are open at once (sections 4.3, 4.4 and 4.9 of 5.0).

use super::sessions::Open;
use super::{NEVER, Survey};
use crate::finding::{Findings, Kind, rule};
use crate::history::{Acknowledgement, What};
use protocol::{QoS, ReasonCode};

/// One PUBLISH that arrived. Moments are places in the history; [`NEVER`] is none.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) message: u32,
    pub(crate) client: u16,
    pub(crate) connection: u32,
    pub(crate) place: u32,
    /// The Server has sent it after this moment.
    pub(crate) sent_after: u32,
    /// It repeats a PUBLISH that the Client had not done with, by its Packet Identifier; this is the first of them.
    pub(crate) repeats: u32,
    /// When the Client sent PUBACK, PUBCOMP, or PUBREC of 0x80 or above for it, and on which connection.
    pub(crate) done: (u32, u32),
    pub(crate) epoch: u32,
    /// It came on a connection that another had already taken over; it says nothing about order and repeats.
    pub(crate) late: bool,
    pub(crate) qos: QoS,
    pub(crate) dup: bool,
    pub(crate) retain: bool,
    pub(crate) packet_identifier: u16,
}

impl Survey<'_> {
    /// PUBLISH arrived.
    pub(crate) fn delivered(&mut self, now: u32, what: &What, findings: &mut Findings) {
        let &What::Delivered {
            client,
            connection,
            message,
            empty,
            topic: _,
            qos,
            dup,
            retain,
            packet_identifier,
            subscription_identifiers: _,
            expiry: _,
        } = what
        else {
            return;
        };
        self.summary.deliveries += 1;
        let known = message.map(|message| message.0).filter(|&message| {
            self.messages.get(message as usize).is_some_and(|it| it.first != NEVER && it.first <= now)
        });
        if known.is_none() && !empty {
            let version = self.history.version;
            findings.add(
                Kind::Unexpected,
                &[rule!(version, "3.1.1/MQTT-4.5.0-1", "5.0/MQTT-4.5.0-1")],
                (Some(client.0), message.map(|message| message.0)),
                &[now],
                "a message arrived that nobody had published".to_owned(),
            );
        }
        let late = self.is_late(client.0, connection.0);
        let repeats = if late || qos == QoS::AtMostOnce {
            NEVER
        } else {
            self.open(now, (client.0, connection.0), packet_identifier, qos, known, findings)
        };
        let Some(message) = known else { return };
        self.messages[message as usize].arrived = true;
        let it = &self.connections[connection.0 as usize];
        self.deliveries.push(Delivery {
            message,
            client: client.0,
            connection: connection.0,
            place: now,
            sent_after: if it.answered == NEVER { it.connect } else { it.answered },
            repeats,
            done: (NEVER, NEVER),
            epoch: it.epoch,
            late,
            qos,
            dup,
            retain,
            packet_identifier,
        });
    }

    /// Whether the Client has been accepted on a later connection already.
    fn is_late(&self, client: u16, connection: u32) -> bool {
        let current = self.clients[usize::from(client)].connection;
        self.connections
            .get(current as usize)
            .is_some_and(|current| current.connect > self.connections[connection as usize].connect)
    }

    /// Notes a PUBLISH that wants an acknowledgement. Returns the delivery that it repeats.
    fn open(
        &mut self,
        now: u32,
        (client, connection): (u16, u32),
        packet_identifier: u16,
        qos: QoS,
        message: Option<u32>,
        findings: &mut Findings,
    ) -> u32 {
        let new = if message.is_some() { self.deliveries.len() as u32 } else { NEVER };
        let who = &mut self.clients[usize::from(client)];
        let old = who.open.insert(packet_identifier, Open { delivery: new, connection });
        let mut repeats = NEVER;
        if let Some(old) = old {
            let same = self.deliveries.get(old.delivery as usize).is_some_and(|it| {
                Some(it.message) == message && (it.qos == QoS::ExactlyOnce) == (qos == QoS::ExactlyOnce)
            });
            if same {
                repeats = old.delivery;
                who.open.insert(packet_identifier, Open { delivery: old.delivery, connection });
            }
            if old.connection == connection {
                return repeats;
            }
        }
        let it = &mut self.connections[connection as usize];
        it.in_flight += 1;
        if it.in_flight > u32::from(it.receive_maximum) + it.credit && !it.overrun {
            it.overrun = true;
            let text = format!(
                "{} QoS 1 and 2 messages were open although the Receive Maximum is {}",
                it.in_flight, it.receive_maximum
            );
            let version = self.history.version;
            findings.add(
                Kind::ReceiveMaximum,
                &[rule!(version, "3.1.1/MQTT-4.8.0-1", "5.0/MQTT-3.3.4-9")],
                (Some(client), message),
                &[it.connect, now],
                text,
            );
        }
        repeats
    }

    /// The Client sent an acknowledgement for a delivery.
    pub(crate) fn acknowledged(
        &mut self,
        now: u32,
        connection: u32,
        packet_identifier: u16,
        with: Acknowledgement,
        reason: ReasonCode,
    ) {
        let over = match with {
            Acknowledgement::Puback | Acknowledgement::Pubcomp => true,
            Acknowledgement::Pubrec => reason.0 >= 0x80,
        };
        let client = self.connections[connection as usize].client;
        if !over || self.is_late(client, connection) {
            return;
        }
        let open = self.clients[usize::from(client)].open.remove(&packet_identifier);
        let it = &mut self.connections[connection as usize];
        match open {
            Some(open) if open.connection == connection => it.in_flight = it.in_flight.saturating_sub(1),
            Some(_) | None => it.credit += 1,
        }
        if let Some(delivery) = open.and_then(|open| self.deliveries.get_mut(open.delivery as usize)) {
            delivery.done = (now, connection);
        }
    }
}
