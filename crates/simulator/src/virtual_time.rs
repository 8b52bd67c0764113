//! Virtual time: a bare loop straight on a [`Service`], without hosts, streams, tasks or windows.
//!
//! What takes milliseconds in a [`Simulation`](crate::Simulation) takes microseconds here, so this is for campaigns over many seeds and for
//! property tests. Sending always succeeds at once; trouble that needs real buffers is not supported.

mod gathering;
mod trouble;

use crate::hardship::{Direction, Hardship, NotSupported};
use crate::network::{Event, LinkId, Network, Shut};
use crate::weather::Weather;
use bytes::Bytes;
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;
use std::time::Duration;
use transport::{ConnectionId, Output, Service, Stimulus};

/// When a Service is asked again that says that something is due even after having done it.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// A network with one Server, whatever its name, and any number of Clients.
pub struct Virtual<S> {
    factory: Box<dyn Fn() -> S>,
    /// `None` while it does not run.
    service: Option<S>,
    /// Counts the starts.
    life: u32,
    powered: bool,
    now: Duration,
    /// When the Service may be told of a deadline again.
    not_before: Duration,
    weather: Weather,
    links: Vec<Link>,
    /// By the number of the connection, as the Service knows it.
    connections: Vec<LinkId>,
    under_way: BinaryHeap<UnderWay>,
    sent: u64,
    split: usize,
    /// The Network Connections of which the Service has got something since it was told to gather; empty while it does not gather.
    gathered: Vec<LinkId>,
    /// Why a Service could not go on, the first one.
    failure: Option<String>,
    sightings: Option<VecDeque<(Duration, Sighting)>>,
}

/// What can be seen at the Server's end, and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sighting {
    /// The Server's end of a Network Connection is over: the Service has closed it, or was told of its end.
    Ended {
        /// Which.
        link: LinkId,
        /// How many bytes of the Client the Service was given before.
        bytes: u64,
    },
    /// A deadline of the Service has come.
    Deadline,
}

/// What travels.
#[derive(Debug)]
enum Parcel {
    Open,
    ToServer(Stimulus),
    ToClient(Event),
}

/// A parcel under way. What arrives first is the greatest, and of what arrives together what was sent first.
#[derive(Debug)]
struct UnderWay {
    arrival: Duration,
    number: u64,
    link: LinkId,
    parcel: Parcel,
}

impl UnderWay {
    const fn key(&self) -> Reverse<(Duration, u64)> {
        Reverse((self.arrival, self.number))
    }
}

impl PartialEq for UnderWay {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for UnderWay {}

impl PartialOrd for UnderWay {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UnderWay {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Parcel {
    const fn direction(&self) -> Direction {
        match self {
            Parcel::Open | Parcel::ToServer(_) => Direction::ToServer,
            Parcel::ToClient(_) => Direction::ToClient,
        }
    }
}

#[derive(Debug, Default)]
struct Link {
    /// Its number at the Service, and in which life of it. `None` before it is open and once the Service has closed it or seen its end.
    connection: Option<(u32, ConnectionId)>,
    client: ClientEnd,
    /// The Client has said that it sends no more.
    finished: bool,
    /// Nothing that is sent from now on will arrive.
    gone: bool,
    flows: [Flow; 2],
    /// How many bytes of the Client the Service was given.
    given: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum ClientEnd {
    #[default]
    Opening,
    Open,
    /// It has seen the end.
    Over,
    /// It has closed.
    Closed,
}

#[derive(Debug, Default)]
struct Flow {
    last: Duration,
    /// What waits, while the direction is held.
    held: Option<Vec<Parcel>>,
    bytes: u64,
    cut_at: Option<u64>,
}

impl<S: Service> Virtual<S> {
    /// A network without latency around the Server that `factory` makes, now and again at each restart.
    pub fn new(factory: impl Fn() -> S + 'static) -> Self {
        Virtual::with(0, Duration::ZERO..Duration::ZERO, 0.0, factory)
    }

    /// A network with latency and loss, as in [`SimulationConfig`](crate::SimulationConfig).
    pub fn with(seed: u64, latency: Range<Duration>, loss: f64, factory: impl Fn() -> S + 'static) -> Self {
        Virtual {
            service: Some(factory()),
            factory: Box::new(factory),
            life: 0,
            powered: true,
            now: Duration::ZERO,
            not_before: Duration::ZERO,
            weather: Weather::new(latency, loss, Duration::from_millis(1), seed),
            links: Vec::new(),
            connections: Vec::new(),
            under_way: BinaryHeap::new(),
            sent: 0,
            split: usize::MAX,
            gathered: Vec::new(),
            failure: None,
            sightings: None,
        }
    }

    /// From now on, what can be seen at the Server's end is kept for [`Virtual::poll_sighting`].
    #[must_use]
    pub fn watching_the_server(mut self) -> Self {
        self.sightings = Some(VecDeque::new());
        self
    }

    /// What was seen at the Server's end, oldest first, and when. It is never later than the latest event of the network.
    pub fn poll_sighting(&mut self) -> Option<(Duration, Sighting)> {
        self.sightings.as_mut()?.pop_front()
    }

    fn see(&mut self, sighting: Sighting) {
        if let Some(sightings) = &mut self.sightings {
            sightings.push_back((self.now, sighting));
        }
    }

    fn see_end(&mut self, link: LinkId) {
        let bytes = self.link(link).given;
        self.see(Sighting::Ended { link, bytes });
    }

    /// The Server, while it runs.
    pub fn service(&self) -> Option<&S> {
        self.service.as_ref()
    }

    fn link(&mut self, link: LinkId) -> &mut Link {
        &mut self.links[link.0 as usize]
    }

    /// Puts a parcel on its way.
    fn post(&mut self, id: LinkId, parcel: Parcel) {
        let link = &mut self.links[id.0 as usize];
        if link.gone {
            return;
        }
        let flow = &mut link.flows[parcel.direction().index()];
        if let Some(held) = &mut flow.held {
            held.push(parcel);
            return;
        }
        flow.last = self.weather.arrival(self.now, flow.last);
        self.sent += 1;
        self.under_way.push(UnderWay { arrival: flow.last, number: self.sent, link: id, parcel });
    }

    /// Puts bytes on their way, up to the cut.
    fn post_bytes(&mut self, id: LinkId, direction: Direction, mut bytes: Bytes) {
        let flow = &mut self.link(id).flows[direction.index()];
        let left = flow.cut_at.map_or(u64::MAX, |cut| cut.saturating_sub(flow.bytes));
        let is_cut = bytes.len() as u64 >= left;
        if is_cut {
            bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        }
        flow.bytes += bytes.len() as u64;
        if !bytes.is_empty() {
            self.post(
                id,
                match direction {
                    Direction::ToServer => Parcel::ToServer(Stimulus::Bytes(bytes)),
                    Direction::ToClient => Parcel::ToClient(Event::Bytes(bytes)),
                },
            );
        }
        if is_cut {
            self.sever(id);
        }
    }

    /// Both ends see a reset, after what is under way.
    fn sever(&mut self, id: LinkId) {
        self.post(id, Parcel::ToServer(Stimulus::Reset));
        self.post(id, Parcel::ToClient(Event::Reset));
        self.link(id).gone = true;
    }

    /// Does what the Service wants done, as long as it can go on.
    fn collect(&mut self) {
        self.carry_out();
        if let Some(reason) = self.service.as_ref().and_then(Service::failure) {
            let reason = format!("the Server failed: {reason}");
            self.failure.get_or_insert(reason);
            self.die(true);
        }
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.service.as_mut().and_then(Service::poll_output) {
            let connection = match &output {
                Output::Bytes(connection, _) | Output::Close(connection) => *connection,
            };
            let Some(&id) = usize::try_from(connection.0).ok().and_then(|n| self.connections.get(n)) else {
                continue;
            };
            if self.links[id.0 as usize].connection != Some((self.life, connection)) {
                continue;
            }
            match output {
                Output::Bytes(_, bytes) => self.post_bytes(id, Direction::ToClient, bytes),
                Output::Close(_) => {
                    self.link(id).connection = None;
                    self.see_end(id);
                    self.post(id, Parcel::ToClient(Event::EndOfStream));
                }
            }
        }
    }

    fn stimulate(&mut self, connection: ConnectionId, stimulus: Stimulus) {
        if let Some(service) = &mut self.service {
            service.handle(self.now, connection, stimulus);
            self.collect();
        }
    }

    /// A parcel arrives; perhaps it is something that a Client observes.
    fn arrive(&mut self, id: LinkId, parcel: Parcel) -> Option<Event> {
        if !self.powered && parcel.direction() == Direction::ToServer {
            // Nobody is there; what was sent is sent again until somebody is.
            self.link(id).flows[Direction::ToServer.index()].held.get_or_insert_default().push(parcel);
            return None;
        }
        match parcel {
            Parcel::Open if self.service.is_some() => {
                let connection = ConnectionId(self.connections.len() as u64);
                self.connections.push(id);
                let life = self.life;
                self.link(id).connection = Some((life, connection));
                self.post(id, Parcel::ToClient(Event::Connected));
                self.stimulate(connection, Stimulus::Opened);
            }
            Parcel::Open => {
                let refused = Event::ConnectFailed("connection refused".to_owned());
                self.post(id, Parcel::ToClient(refused));
            }
            Parcel::ToServer(stimulus) => self.arrive_at_server(id, stimulus),
            Parcel::ToClient(event) => return self.arrive_at_client(id, event),
        }
        None
    }

    fn arrive_at_server(&mut self, id: LinkId, stimulus: Stimulus) {
        let Some((life, connection)) = self.link(id).connection else { return };
        if life != self.life || self.service.is_none() {
            // The Server has never heard of it. Its system says so.
            self.link(id).connection = None;
            if stimulus != Stimulus::Reset {
                self.post(id, Parcel::ToClient(Event::Reset));
            }
            return;
        }
        match stimulus {
            Stimulus::Bytes(mut bytes) => {
                while !bytes.is_empty() && self.link(id).connection.is_some() {
                    let part = bytes.split_to(bytes.len().min(self.split));
                    self.link(id).given += part.len() as u64;
                    self.stimulate(connection, Stimulus::Bytes(part));
                }
            }
            Stimulus::Reset => {
                self.link(id).connection = None;
                self.see_end(id);
                self.stimulate(connection, Stimulus::Reset);
            }
            Stimulus::Opened | Stimulus::EndOfStream => self.stimulate(connection, stimulus),
        }
    }

    fn arrive_at_client(&mut self, id: LinkId, event: Event) -> Option<Event> {
        let link = self.link(id);
        match link.client {
            ClientEnd::Opening | ClientEnd::Open => {
                link.client = match event {
                    Event::Connected | Event::Bytes(_) => ClientEnd::Open,
                    Event::ConnectFailed(_) | Event::EndOfStream | Event::Reset => ClientEnd::Over,
                };
                Some(event)
            }
            ClientEnd::Over => None,
            ClientEnd::Closed => {
                // The system of the Client answers for it.
                if matches!(event, Event::Bytes(_)) && !link.gone {
                    self.post(id, Parcel::ToServer(Stimulus::Reset));
                    self.link(id).gone = true;
                }
                None
            }
        }
    }

    /// When the Service has something to do.
    fn deadline(&self) -> Option<Duration> {
        Some(self.service.as_ref()?.next_deadline()?.max(self.not_before))
    }
}

impl<S: Service> Network for Virtual<S> {
    fn connect(&mut self, _server: &str) -> LinkId {
        let id = LinkId(self.links.len() as u32);
        let mut link = Link::default();
        if !self.powered {
            link.flows[Direction::ToServer.index()].held = Some(Vec::new());
        }
        self.links.push(link);
        self.post(id, Parcel::Open);
        id
    }

    fn send(&mut self, id: LinkId, bytes: Bytes) {
        if (id.0 as usize) < self.links.len() {
            let link = self.link(id);
            if link.client != ClientEnd::Closed && !link.finished {
                self.post_bytes(id, Direction::ToServer, bytes);
            }
        }
    }

    fn shut(&mut self, id: LinkId, how: Shut) {
        let Some(link) = self.links.get_mut(id.0 as usize) else { return };
        if link.client == ClientEnd::Closed {
            return;
        }
        let finished = std::mem::replace(&mut link.finished, true);
        if how != Shut::HalfClose {
            link.client = ClientEnd::Closed;
        }
        match how {
            Shut::HalfClose | Shut::Close if !finished => {
                self.post(id, Parcel::ToServer(Stimulus::EndOfStream));
            }
            Shut::HalfClose | Shut::Close => {}
            Shut::Reset => {
                self.post(id, Parcel::ToServer(Stimulus::Reset));
                self.link(id).gone = true;
            }
        }
    }

    fn now(&self) -> Duration {
        self.now
    }

    fn next_event(&mut self, until: Duration) -> Option<(LinkId, Duration, Event)> {
        loop {
            let arrival = self.under_way.peek().map(|next| next.arrival);
            let deadline = self.deadline();
            let next = arrival.into_iter().chain(deadline).min();
            if !self.gathered.is_empty()
                && (deadline.is_some_and(|due| due <= self.now) || !self.may_gather())
            {
                self.end_gathering();
                continue;
            }
            let Some(time) = next.filter(|&time| time <= until.max(self.now)) else {
                self.now = self.now.max(until);
                return None;
            };
            self.now = self.now.max(time);
            if deadline == Some(time) {
                self.see(Sighting::Deadline);
                if let Some(service) = &mut self.service {
                    service.handle_deadline(self.now);
                }
                self.not_before = self.now + SHORTEST_WAIT;
                self.collect();
            } else if let Some(UnderWay { link, parcel, .. }) = self.under_way.pop() {
                self.gather(link, &parcel);
                if let Some(event) = self.arrive(link, parcel) {
                    return Some((link, self.now, event));
                }
            }
        }
    }

    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported> {
        self.make_trouble(&hardship)
    }

    fn is_quiet(&mut self) -> bool {
        // A Service may have something due at this very moment.
        self.under_way.is_empty() && self.deadline().is_none_or(|deadline| deadline > self.now)
    }

    fn failure(&self) -> Option<String> {
        self.failure.clone()
    }
}
