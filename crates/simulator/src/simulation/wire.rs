//! The wire between the hosts: decides when each segment arrives.
//!
//! turmoil's links are on hold for good. Every segment is found here when it has been sent, gets a time, and is handed over at that time. turmoil
//! has no retransmission, so nothing is dropped unless its whole Network Connection is lost for good.

use super::control::{Control, Side};
use crate::hardship::Direction;
use crate::network::LinkId;
use crate::weather::Weather;
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use turmoil::{Protocol, Segment, Sim};

/// When something arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    At(Duration),
    /// Once the direction is released.
    Held,
    Never,
    /// It has just been handed over.
    Done,
}

#[derive(Debug)]
struct Flight {
    link: Option<LinkId>,
    direction: Direction,
    due: Due,
    /// It opens a Network Connection.
    opens: bool,
    /// How many bytes it carries.
    bytes: u64,
}

/// What the wire knows of one Network Connection.
#[derive(Debug)]
struct Link {
    control: Arc<Control>,
    server: Option<IpAddr>,
    held: [bool; 2],
    /// When the last segment of each direction arrives.
    last: [Duration; 2],
    /// Nothing that is sent from now on will arrive.
    gone: bool,
}

/// The wire.
pub(super) struct Wire {
    pub(super) weather: Weather,
    client: IpAddr,
    links: Vec<Link>,
    /// What is under way between two hosts, in the order of sending, as turmoil keeps it.
    flights: BTreeMap<(IpAddr, IpAddr), VecDeque<Flight>>,
    /// Resets made by the network, not by turmoil's hosts.
    resets: Vec<Flight>,
    /// Network Connections whose first segment has not been seen yet, by Server, in order.
    opening: BTreeMap<IpAddr, VecDeque<LinkId>>,
    ports: BTreeMap<u16, LinkId>,
    /// A Server whose machine is losing power: what it sends in its last moment is lost.
    mute: Option<IpAddr>,
}

impl Wire {
    pub(super) fn new(weather: Weather, client: IpAddr) -> Self {
        Wire {
            weather,
            client,
            links: Vec::new(),
            flights: BTreeMap::new(),
            resets: Vec::new(),
            opening: BTreeMap::new(),
            ports: BTreeMap::new(),
            mute: None,
        }
    }

    /// A Network Connection is about to be opened, or cannot be as there is no such Server. `held`: the Server's machine is off.
    pub(super) fn open(&mut self, control: Arc<Control>, server: Option<IpAddr>, held: bool) {
        if let Some(server) = server {
            self.opening.entry(server).or_default().push_back(control.link);
        }
        self.links.push(Link {
            control,
            server,
            held: [held, false],
            last: [Duration::ZERO; 2],
            gone: false,
        });
    }

    pub(super) fn mute(&mut self, server: Option<IpAddr>) {
        self.mute = server;
    }

    /// Gives a time to every segment that has been sent since the last look. Returns the ports of new Network Connections.
    pub(super) fn look(&mut self, simulation: &Sim<'_>, now: Duration) -> Vec<(u16, Arc<Control>)> {
        let mut opened = Vec::new();
        simulation.links(|links| {
            for link in links {
                let pair = link.pair();
                let known = self.flights.get(&pair).map_or(0, VecDeque::len);
                for sent in link.skip(known) {
                    let (source, destination) = sent.pair();
                    let flight = self.classify(source, destination, sent.protocol(), now, &mut opened);
                    self.flights.entry(pair).or_default().push_back(flight);
                }
            }
        });
        opened
    }

    fn classify(
        &mut self,
        source: SocketAddr,
        destination: SocketAddr,
        protocol: &Protocol,
        now: Duration,
        opened: &mut Vec<(u16, Arc<Control>)>,
    ) -> Flight {
        let (direction, port, server) = if source.ip() == self.client {
            (Direction::ToServer, source.port(), destination.ip())
        } else {
            (Direction::ToClient, destination.port(), source.ip())
        };
        let opens = matches!(protocol, Protocol::Tcp(Segment::Syn(_)));
        if opens && let Some(link) = self.opening.get_mut(&server).and_then(VecDeque::pop_front) {
            self.ports.insert(port, link);
            opened.push((port, self.links[link.0 as usize].control.clone()));
        }
        let link = self.ports.get(&port).copied();
        let due = match link {
            _ if self.mute == Some(source.ip()) => Due::Never,
            Some(link) => self.due(link, direction, now),
            None => Due::At(now),
        };
        let bytes = match protocol {
            Protocol::Tcp(Segment::Data(_, bytes)) => bytes.len() as u64,
            _ => 0,
        };
        Flight { link, direction, due, opens, bytes }
    }

    fn due(&mut self, link: LinkId, direction: Direction, now: Duration) -> Due {
        let link = &mut self.links[link.0 as usize];
        if link.gone {
            return Due::Never;
        }
        if link.held[direction.index()] {
            return Due::Held;
        }
        let last = &mut link.last[direction.index()];
        *last = self.weather.arrival(now, *last);
        Due::At(*last)
    }

    /// Hands over what is due. Returns whether a Network Connection is opened by it: turmoil tells the Client of the outcome without a segment.
    pub(super) fn deliver(&mut self, simulation: &Sim<'_>, now: Duration) -> bool {
        let mut opens = false;
        let is_due = |flight: &Flight| matches!(flight.due, Due::At(time) if time <= now);
        if self.flights.values().flatten().any(is_due) {
            simulation.links(|links| {
                for link in links {
                    let Some(flights) = self.flights.get_mut(&link.pair()) else { continue };
                    for (sent, flight) in link.zip(flights.iter_mut()) {
                        if is_due(flight) {
                            flight.due = Due::Done;
                            opens |= flight.opens;
                            if let Some(link) = flight.link {
                                let mut state = self.links[link.0 as usize].control.state();
                                state.flows[flight.direction.index()].arrived += flight.bytes;
                            }
                            sent.deliver();
                        }
                    }
                    flights.retain(|flight| flight.due != Due::Done);
                }
            });
        }
        for flight in &mut self.resets {
            if let (true, Some(link)) = (is_due(flight), flight.link) {
                flight.due = Due::Done;
                let side = match flight.direction {
                    Direction::ToServer => Side::Server,
                    Direction::ToClient => Side::Client,
                };
                self.links[link.0 as usize].control.reset(side);
            }
        }
        self.resets.retain(|flight| flight.due != Due::Done);
        opens
    }

    /// When the next of all arrives.
    pub(super) fn next_arrival(&self) -> Option<Duration> {
        let all = self.flights.values().flatten().chain(&self.resets);
        all.filter_map(|flight| if let Due::At(time) = flight.due { Some(time) } else { None }).min()
    }

    fn of(&mut self, link: LinkId, direction: Direction) -> impl Iterator<Item = &mut Flight> {
        let all = self.flights.values_mut().flatten().chain(&mut self.resets);
        all.filter(move |flight| flight.link == Some(link) && flight.direction == direction)
    }

    pub(super) fn hold(&mut self, link: LinkId, direction: Direction) {
        self.links[link.0 as usize].held[direction.index()] = true;
        for flight in self.of(link, direction).filter(|flight| flight.due != Due::Never) {
            flight.due = Due::Held;
        }
    }

    pub(super) fn release(&mut self, link: LinkId, direction: Direction, now: Duration) {
        let state = &mut self.links[link.0 as usize];
        if !std::mem::take(&mut state.held[direction.index()]) {
            return;
        }
        let mut last = self.weather.arrival(now, Duration::ZERO);
        let mut weather = self.weather.clone();
        for flight in self.of(link, direction).filter(|flight| flight.due == Due::Held) {
            last = weather.arrival(now, last);
            flight.due = Due::At(last);
        }
        self.weather = weather;
        self.links[link.0 as usize].last[direction.index()] = last;
    }

    /// The Network Connections to `server`.
    pub(super) fn links_to(&self, server: IpAddr) -> Vec<LinkId> {
        let links = self.links.iter().filter(|link| link.server == Some(server));
        links.map(|link| link.control.link).collect()
    }

    /// Nothing arrives any more, what is under way included.
    pub(super) fn silence(&mut self, link: LinkId) {
        self.links[link.0 as usize].gone = true;
        for direction in Direction::BOTH {
            self.of(link, direction).for_each(|flight| flight.due = Due::Never);
        }
        self.resets.retain(|flight| flight.due != Due::Never);
    }

    /// Ends a Network Connection: a reset arrives in each of `directions`, after what is under way, and nothing else.
    pub(super) fn sever(&mut self, link: LinkId, directions: &[Direction], now: Duration) {
        if self.links[link.0 as usize].gone {
            return;
        }
        self.links[link.0 as usize].control.state().severed = true;
        for &direction in directions {
            let due = self.due(link, direction, now);
            self.resets.push(Flight { link: Some(link), direction, due, opens: false, bytes: 0 });
        }
        self.links[link.0 as usize].gone = true;
    }
}
