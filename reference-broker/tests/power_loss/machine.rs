//! A Server on a simulated disk, and what its Clients see.

use bytes::BytesMut;
use disk::Disk;
use protocol::{Decoder, Limits, Packet, Time, Version, encode};
use reference_broker::store::{Redb, StoreError};
use reference_broker::{Config, Durable, Server};
use std::collections::BTreeMap;
use transport::{ConnectionId, Output, Service, Stimulus};

pub struct Machine {
    service: Durable<Server, Redb>,
    decoders: BTreeMap<u64, Decoder>,
}

impl Machine {
    pub fn start(disk: &Disk) -> Result<Self, StoreError> {
        let store = Redb::open_on("on the simulated disk", disk.clone())?;
        let mut service = Durable::open(Config::default(), 1, store)?;
        service.handle_deadline(Time::ZERO);
        Ok(Machine { service, decoders: BTreeMap::new() })
    }

    pub fn open(&mut self, id: u64) {
        self.decoders.insert(id, Decoder::for_client(Version::V500, Limits::default()));
        self.service.handle(Time::ZERO, ConnectionId(id), Stimulus::Opened);
    }

    pub fn close(&mut self, id: u64) -> Vec<(u64, Packet)> {
        self.service.handle(Time::ZERO, ConnectionId(id), Stimulus::EndOfStream);
        self.seen()
    }

    /// Sends the packets, each in a stimulus of its own, which the Server may write down together.
    pub fn send(&mut self, id: u64, packets: &[Packet]) -> Vec<(u64, Packet)> {
        self.service.gather(true);
        for packet in packets {
            let mut bytes = BytesMut::new();
            encode(packet, Version::V500, &mut bytes).expect("it can be encoded");
            self.service.handle(Time::ZERO, ConnectionId(id), Stimulus::Bytes(bytes.freeze()));
        }
        self.service.gather(false);
        self.seen()
    }

    fn seen(&mut self) -> Vec<(u64, Packet)> {
        let mut seen = Vec::new();
        while let Some(output) = self.service.poll_output() {
            if let Output::Bytes(id, bytes) = output
                && let Some(decoder) = self.decoders.get_mut(&id.0)
            {
                decoder.feed(bytes);
                while let Some(packet) = decoder.next_packet() {
                    seen.push((id.0, packet.expect("the Server sends packets")));
                }
            }
        }
        seen
    }
}
