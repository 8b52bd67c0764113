//! The Testbeds in this process: virtual time, and turmoil. The Subject is a [`Service`] that a factory makes.

use super::{Event, Hardship, Kind, LinkId, NotSupported, Resource, Shut, Testbed};
use bytes::Bytes;
use futures::future::LocalBoxFuture;
use protocol::Time;
use simulator::{Network, Simulation, SimulationConfig, Virtual};
use transport::Service;

/// The name of the Server in the simulated network.
pub const SERVER: &str = "server";

/// A Server that can be hosted by any Testbed.
pub type BoxedService = Box<dyn Service + Send>;

/// A simulated network around one Server.
pub struct InProcess {
    kind: Kind,
    network: Box<dyn Network>,
    resource: Option<Resource>,
}

impl InProcess {
    /// Virtual time around the Server that `factory` makes, now and again at each restart.
    pub fn virtual_time(seed: u64, factory: impl Fn() -> BoxedService + 'static) -> Self {
        let instant = std::time::Duration::ZERO..std::time::Duration::ZERO;
        InProcess {
            kind: Kind::Virtual,
            network: Box::new(Virtual::with(seed, instant, 0.0, factory)),
            resource: None,
        }
    }

    /// turmoil around the Server that `factory` makes, now and again at each restart.
    pub fn simulated(seed: u64, factory: impl Fn() -> BoxedService + 'static) -> Self {
        let mut simulation = Simulation::new(SimulationConfig { seed, ..SimulationConfig::default() });
        simulation.server(SERVER, factory);
        InProcess { kind: Kind::Simulated, network: Box::new(simulation), resource: None }
    }

    /// The Server is reached by WebSocket, if there is a resource.
    #[must_use]
    pub fn with_resource(mut self, resource: Option<Resource>) -> Self {
        self.resource = resource;
        self
    }
}

impl Testbed for InProcess {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn host(&self) -> &str {
        SERVER
    }

    fn now(&self) -> Time {
        self.network.now()
    }

    fn connect(&mut self) -> LinkId {
        self.network.connect(SERVER)
    }

    fn send(&mut self, link: LinkId, bytes: Bytes) {
        self.network.send(link, bytes);
    }

    fn shut(&mut self, link: LinkId, how: Shut) {
        self.network.shut(link, how);
    }

    fn next_event(&mut self, until: Time) -> LocalBoxFuture<'_, Option<(LinkId, Time, Event)>> {
        // Time passes only inside the network, so there is nothing to wait for.
        Box::pin(std::future::ready(self.network.next_event(until)))
    }

    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported> {
        self.network.apply(hardship)
    }

    fn resource(&self) -> Option<&Resource> {
        self.resource.as_ref()
    }

    fn failure(&self) -> Option<String> {
        self.network.failure()
    }
}
