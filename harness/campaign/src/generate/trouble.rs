//! Which hardship a seed brings, and when.

use super::Generator;
use crate::schedule::{Down, Hardship, Toward};
use crate::workload::{ClientName, Step};
use protocol::{PacketType, QoS};
use simulator::Random;

const TO_SERVER: [PacketType; 9] = [
    PacketType::Publish,
    PacketType::Publish,
    PacketType::Puback,
    PacketType::Pubrec,
    PacketType::Pubrel,
    PacketType::Pubrel,
    PacketType::Pubcomp,
    PacketType::Subscribe,
    PacketType::Disconnect,
];
const TO_CLIENT: [PacketType; 9] = [
    PacketType::Publish,
    PacketType::Publish,
    PacketType::Puback,
    PacketType::Pubrec,
    PacketType::Pubrec,
    PacketType::Pubrel,
    PacketType::Pubcomp,
    PacketType::Suback,
    PacketType::Connack,
];

/// The kinds of hardship that the seed has not switched off; and whether the Server runs, as far as the steps say.
#[derive(Debug)]
pub(super) struct Troubles {
    kinds: Vec<Kind>,
    server_is_up: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cut,
    CutBytes,
    Reset,
    HalfOpen,
    Hold,
    Weather,
    Reading,
    Crash,
    Takeover,
    Server,
    Clock,
}

impl Troubles {
    pub(super) fn new(random: &mut Random) -> Self {
        // How often each may be met, and how often a seed has it at all, in percent.
        let all = [
            (Kind::Cut, 6, 70),
            (Kind::CutBytes, 2, 40),
            (Kind::Reset, 2, 50),
            (Kind::HalfOpen, 1, 25),
            (Kind::Hold, 4, 40),
            (Kind::Weather, 1, 30),
            (Kind::Reading, 1, 25),
            (Kind::Crash, 1, 25),
            (Kind::Takeover, 2, 40),
            (Kind::Server, 2, 30),
            (Kind::Clock, 1, 8),
        ];
        let mut kinds = Vec::new();
        for (kind, weight, percent) in all {
            if random.percent(percent) {
                kinds.extend(std::iter::repeat_n(kind, weight));
            }
        }
        Troubles { kinds, server_is_up: true }
    }
}

impl Generator {
    /// Trouble; and often the Client that suffered comes back.
    pub(super) fn suffer(&mut self, client: ClientName) {
        if !self.troubles.server_is_up && self.random.percent(60) {
            self.troubles.server_is_up = true;
            self.steps.push(Step::Suffers(Hardship::ServerUp));
            return;
        }
        if self.troubles.kinds.is_empty() {
            return self.publish(client);
        }
        let kind = self.random.pick(&self.troubles.kinds);
        let hardship = self.hardship(kind, client);
        self.steps.push(Step::Suffers(hardship.clone()));
        match kind {
            // Somebody does what brings the packet about.
            Kind::Cut | Kind::CutBytes => {
                if self.random.percent(80) {
                    self.provoke(client, &hardship);
                }
                if self.random.percent(60) {
                    self.connect(client);
                }
            }
            Kind::Reset | Kind::HalfOpen | Kind::Crash => {
                if self.random.percent(60) {
                    self.connect(client);
                }
            }
            Kind::Hold | Kind::Weather | Kind::Reading | Kind::Takeover | Kind::Server | Kind::Clock => {}
        }
    }

    /// A step that makes the packet travel at which the Network Connection is cut.
    fn provoke(&mut self, client: ClientName, hardship: &Hardship) {
        let Hardship::Cut { toward, packet, .. } = hardship else { return self.publish(client) };
        let other = ClientName(self.random.below(self.clients.into()) as u8);
        match (packet, toward) {
            (PacketType::Publish | PacketType::Puback, Toward::Server)
            | (PacketType::Publish, Toward::Client) => {
                let publisher =
                    if *toward == Toward::Server && *packet == PacketType::Publish { client } else { other };
                self.publish_at(publisher, QoS::AtLeastOnce);
            }
            (PacketType::Puback, Toward::Client) => self.publish_at(client, QoS::AtLeastOnce),
            (PacketType::Pubrel, Toward::Server)
            | (PacketType::Pubrec | PacketType::Pubcomp, Toward::Client) => {
                self.publish_at(client, QoS::ExactlyOnce);
            }
            (PacketType::Pubrec | PacketType::Pubcomp, Toward::Server)
            | (PacketType::Pubrel, Toward::Client) => self.publish_at(other, QoS::ExactlyOnce),
            (PacketType::Subscribe | PacketType::Suback, _) => self.subscribe(client),
            (PacketType::Connack, _) => self.connect(client),
            _ => self.disconnect(client),
        }
    }

    fn hardship(&mut self, kind: Kind, client: ClientName) -> Hardship {
        let (random, pace) = (&mut self.random, self.pace);
        let toward = random.pick(&[Toward::Server, Toward::Client]);
        match kind {
            Kind::Cut => Hardship::Cut {
                client,
                toward,
                packet: random.pick(match toward {
                    Toward::Server => &TO_SERVER,
                    Toward::Client => &TO_CLIENT,
                }),
                after: random.percent(50),
                nth: random.pick(&[1, 1, 1, 1, 2, 3]),
            },
            Kind::CutBytes => Hardship::CutAfterBytes { client, toward, bytes: random.below(60) as u16 },
            Kind::Reset => Hardship::Reset(client),
            Kind::HalfOpen => Hardship::HalfOpen(client),
            Kind::Hold => match random.below(4) {
                0 => Hardship::Hold(client),
                1 => Hardship::HoldToward(client, toward),
                _ => Hardship::Release(client),
            },
            Kind::Weather => match random.below(3) {
                0 => Hardship::Loss(random.pick(&pace.losses)),
                1 => Hardship::Latency(0, 0),
                _ => Hardship::Latency(1, random.pick(&pace.latencies)),
            },
            Kind::Reading => match random.below(4) {
                0 => Hardship::MergeReads,
                1 => Hardship::SlowReader(client, random.pick(&pace.reading)),
                _ => Hardship::SplitReads(random.pick(&[1, 2, 7])),
            },
            Kind::Crash => Hardship::ClientCrash(client),
            Kind::Takeover => Hardship::Takeover(client),
            Kind::Server => {
                self.troubles.server_is_up = false;
                Hardship::ServerDown(random.pick(&[Down::Stop, Down::Kill, Down::Kill, Down::PowerLoss]))
            }
            Kind::Clock => Hardship::ClockMoved(random.pick(&[1, 10, 100, 10_000])),
        }
    }
}
