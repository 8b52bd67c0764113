//! Where a scenario happens: a clock, a network, and the Subject behind it.
//!
//! *Virtual* is a bare loop over the Server in this process, *simulated* the same Server over turmoil's network, *live* a Server anywhere behind
//! real sockets. A scenario cannot tell them apart, except by what hardship they can bring about ([`Testbed::apply`]).

mod credentials;
pub mod in_process;
pub mod live;

pub use credentials::Credentials;
pub use in_process::InProcess;
pub use live::{Hooks, Live};

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use protocol::Time;
pub use simulator::{Event, Hardship, LinkId, NotSupported, Shut};

/// The three kinds of Testbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A virtual-time loop straight on the Server.
    Virtual,
    /// turmoil.
    Simulated,
    /// Real sockets.
    Live,
}

impl Kind {
    /// How reports name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Virtual => "virtual",
            Kind::Simulated => "simulated",
            Kind::Live => "live",
        }
    }
}

/// The name of the configuration in which the Server is reached by WebSocket.
pub const WEBSOCKET: &str = "websocket";

/// What a Client asks for in the handshake of a WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// `host:port`, as requests name it.
    pub host: String,
    /// The resource, from its `/` on.
    pub path: String,
}

/// How the bytes of MQTT travel between the Tester and the Subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// Over TCP.
    Tcp,
    /// In frames of a WebSocket over TCP (chapter 6).
    WebSocket,
}

/// Where the Subject was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// How.
    pub transport: Transport,
    /// `host:port`, and behind it the resource of a WebSocket; in this process the name of the simulated host.
    pub address: String,
}

/// A clock and a network with the Subject behind it. Owned by one scenario.
pub trait Testbed {
    /// Which kind this is.
    fn kind(&self) -> Kind;

    /// `host:port` of the Subject, or the name of its simulated host.
    fn host(&self) -> &str;

    /// Where the Subject is reached.
    fn place(&self) -> Place {
        match self.resource() {
            None => Place { transport: Transport::Tcp, address: self.host().to_owned() },
            Some(resource) => Place {
                transport: Transport::WebSocket,
                address: format!("{}{}", self.host(), resource.path),
            },
        }
    }

    /// The time since the Testbed began.
    fn now(&self) -> Time;

    /// Opens a Network Connection. Returns at once; [`Event::Connected`] or [`Event::ConnectFailed`] follows.
    fn connect(&mut self) -> LinkId;

    /// Sends bytes. After the end of the Network Connection this does nothing.
    fn send(&mut self, link: LinkId, bytes: Bytes);

    /// Ends our side of a Network Connection.
    fn shut(&mut self, link: LinkId, how: Shut);

    /// The next event on any Network Connection with its time, or `None` once `until` is reached without one.
    fn next_event(&mut self, until: Time) -> LocalBoxFuture<'_, Option<(LinkId, Time, Event)>>;

    /// Brings about a hardship.
    ///
    /// # Errors
    /// If this Testbed cannot do it; the scenario is then not applicable.
    fn apply(&mut self, hardship: Hardship) -> Result<(), NotSupported>;

    /// What to ask for if the Subject is reached by WebSocket; `None` if its bytes are those of MQTT.
    fn resource(&self) -> Option<&Resource> {
        None
    }

    /// Who Clients have to be; `None` if the Subject serves anybody.
    fn credentials(&self) -> Option<&Credentials> {
        None
    }

    /// Whether the Subject, in this check or any other of the run, was seen to send again at once what a resumed Session has open.
    fn repeats_at_once(&self) -> bool {
        false
    }

    /// Notes that it was.
    fn has_repeated_at_once(&mut self) {}

    /// Why nothing that was observed proves anything: the Testbed itself, or a Server inside it, has failed. `None` as long as all is well.
    fn failure(&self) -> Option<String> {
        None
    }
}
