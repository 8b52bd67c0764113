//! A transcript that is written by hand, and what a Monitor says of it.

use bytes::{Bytes, BytesMut};
use protocol::{
    Acknowledgement, Connack, Connect, Packet, Properties, Publish, QoS, ReasonCode, Suback, Subscribe,
    SubscriptionOptions, Version, encode,
};
use std::time::Duration;
use tester::transcript::Connection;
use tester::{Observation, ObservationKind, Transcript};

/// A transcript in the making.
pub struct Tale {
    pub transcript: Transcript,
    pub version: Version,
}

impl Tale {
    pub fn of(version: Version) -> Self {
        Tale { transcript: Transcript::default(), version }
    }

    pub fn note(&mut self, connection: usize, kind: ObservationKind) {
        self.transcript.observations.push(Observation { at: Duration::ZERO, connection, kind });
    }

    pub fn open(&mut self, client: &str) -> usize {
        self.transcript.connections.push(Connection {
            label: client.to_owned(),
            client: client.to_owned(),
            witness: false,
            version: self.version,
            maximum_packet_size: None,
            websocket: false,
            text_frames: Vec::new(),
        });
        let connection = self.transcript.connections.len() - 1;
        self.note(connection, ObservationKind::Opened);
        connection
    }

    /// A Network Connection with CONNECT and a CONNACK that accepts.
    pub fn joins(&mut self, client: &str) -> usize {
        let connect = Connect::new(self.version, client.to_owned());
        self.joins_with(client, connect, false)
    }

    pub fn joins_with(&mut self, client: &str, connect: Connect, session_present: bool) -> usize {
        let connection = self.open(client);
        self.sends(connection, Packet::Connect(Box::new(connect)));
        self.gets(connection, connack(session_present));
        connection
    }

    pub fn bytes(&self, packet: &Packet) -> Bytes {
        let mut bytes = BytesMut::new();
        encode(packet, self.version, &mut bytes).expect("packets of the tests have an encoding");
        bytes.freeze()
    }

    pub fn sends(&mut self, connection: usize, packet: Packet) {
        let bytes = self.bytes(&packet);
        self.note(connection, ObservationKind::Sent { bytes, packet: Some(packet), deliberate: None });
    }

    pub fn gets(&mut self, connection: usize, packet: Packet) {
        let bytes = self.bytes(&packet);
        self.note(connection, ObservationKind::Received { bytes, packet });
    }

    pub fn subscribes(&mut self, connection: usize, filter: &str, options: SubscriptionOptions) {
        self.subscribes_with(connection, filter, options, Properties::new());
    }

    pub fn subscribes_with(
        &mut self,
        connection: usize,
        filter: &str,
        options: SubscriptionOptions,
        properties: Properties,
    ) {
        let filters = vec![(filter.into(), options)];
        self.sends(connection, Packet::Subscribe(Subscribe { packet_id: 9, properties, filters }));
        self.gets(connection, suback(9, &[options.qos as u8]));
    }

    /// What the Monitor says: the Requirements with an occasion, and those that are broken.
    pub fn says(&self, name: &str) -> (Vec<&'static str>, Vec<&'static str>) {
        assert!(monitors::all().iter().any(|monitor| monitor.name == name), "there is no Monitor {name}");
        let sightings = monitors::watch(&self.transcript);
        let Some(sighting) = sightings.iter().find(|sighting| sighting.monitor.name == name) else {
            return (Vec::new(), Vec::new());
        };
        let mut broken: Vec<&str> =
            sighting.breaches.iter().flat_map(|b| &b.requirements).map(|id| id.as_str()).collect();
        broken.sort_unstable();
        broken.dedup();
        (sighting.occasions.keys().map(|id| id.as_str()).collect(), broken)
    }

    #[track_caller]
    pub fn keeps(&self, name: &str, requirement: &str) {
        let (occasions, broken) = self.says(name);
        assert!(broken.is_empty(), "{name} accuses without reason: {broken:?}");
        assert!(occasions.contains(&requirement), "{name} saw no occasion for {requirement}: {occasions:?}");
    }

    #[track_caller]
    pub fn breaks(&self, name: &str, requirement: &str) {
        let (_, broken) = self.says(name);
        assert!(broken.contains(&requirement), "{name} does not see {requirement}: {broken:?}");
    }

    #[track_caller]
    pub fn is_silent(&self, name: &str) {
        let (occasions, broken) = self.says(name);
        assert!(broken.is_empty() && occasions.is_empty(), "{name} judges: {occasions:?} {broken:?}");
    }
}

pub fn connack(session_present: bool) -> Packet {
    Packet::Connack(Connack { session_present, reason: ReasonCode::SUCCESS, properties: Properties::new() })
}

pub fn suback(packet_id: u16, codes: &[u8]) -> Packet {
    let reasons = codes.iter().map(|c| ReasonCode(*c)).collect();
    Packet::Suback(Suback { packet_id, properties: Properties::new(), reasons })
}

pub fn message(topic: &str, payload: &'static str) -> Publish {
    Publish::new(topic.to_owned(), payload.as_bytes())
}

pub fn at_qos(mut publish: Publish, qos: QoS, id: u16) -> Publish {
    publish.qos = qos;
    publish.packet_id = Some(id);
    publish
}

pub fn again(mut publish: Publish) -> Publish {
    publish.dup = true;
    publish
}

pub fn ack(id: u16) -> Acknowledgement {
    Acknowledgement::new(id)
}

pub fn at(qos: QoS) -> SubscriptionOptions {
    SubscriptionOptions::at(qos)
}

pub const V5: Version = Version::V500;
pub const V3: Version = Version::V311;
