//! What a Client has to send again when it resumes its Session (section 4.4): the exchanges that it began and that are not complete.

use protocol::{Acknowledgement, Packet, PacketId, Publish, QoS};

/// How far an exchange is.
#[derive(Debug, Clone)]
enum Step {
    /// PUBLISH was sent, and no PUBACK or PUBREC came.
    Published(Publish),
    /// PUBREC came.
    Received,
}

/// The exchanges of one Session, in the order in which they began.
#[derive(Debug, Clone, Default)]
pub struct Unfinished {
    exchanges: Vec<(PacketId, Step)>,
}

impl Unfinished {
    pub(super) fn sends(&mut self, packet: &Packet) {
        match packet {
            Packet::Publish(publish) if publish.qos != QoS::AtMostOnce => {
                let Some(id) = publish.packet_id else { return };
                match self.exchanges.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, step)) => *step = Step::Published(publish.clone()),
                    None => self.exchanges.push((id, Step::Published(publish.clone()))),
                }
            }
            // A Session that begins anew has nothing unfinished.
            Packet::Connect(connect) if connect.clean_start => self.exchanges.clear(),
            _ => {}
        }
    }

    pub(super) fn receives(&mut self, packet: &Packet) {
        match packet {
            Packet::Puback(ack) | Packet::Pubcomp(ack) => self.end(ack.packet_id),
            Packet::Pubrec(ack) if ack.reason.is_failure() => self.end(ack.packet_id),
            Packet::Pubrec(ack) => {
                if let Some((_, step)) = self.exchanges.iter_mut().find(|(id, _)| *id == ack.packet_id) {
                    *step = Step::Received;
                }
            }
            Packet::Connack(connack) if !connack.session_present => self.exchanges.clear(),
            _ => {}
        }
    }

    fn end(&mut self, id: PacketId) {
        self.exchanges.retain(|(known, _)| *known != id);
    }

    /// The packets to send again, in order: PUBLISH with DUP 1, or PUBREL.
    #[must_use]
    pub fn packets(&self) -> Vec<Packet> {
        self.exchanges
            .iter()
            .map(|(id, step)| match step {
                Step::Published(publish) => Packet::Publish(Publish { dup: true, ..publish.clone() }),
                Step::Received => Packet::Pubrel(Acknowledgement::new(*id)),
            })
            .collect()
    }
}
