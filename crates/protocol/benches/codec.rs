//! Decode and encode throughput, side by side with two independent codecs.
//!
//! `cargo bench -p protocol`. Each codec does what a program would do with it: take a stream of many packets apart, and write
//! packets one behind the other. `mqtt-protocol-core` is measured without its own framing, which is private.

#[path = "../tests/peers/mod.rs"]
mod peers;

use bytes::{Bytes, BytesMut};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use protocol::{
    Decoder, Limits, Packet, Properties, Property, Publish, QoS, Role, Subscribe, SubscriptionOptions,
    Version, decode, encode,
};

const PACKETS: usize = 1000;

fn main() {
    divan::main();
}

/// What is measured.
#[derive(Debug, Clone, Copy)]
enum Load {
    Publish64,
    Publish4096,
    PublishQoS1,
    PublishProperties,
    Subscribe,
}

const LOADS: [Load; 5] =
    [Load::Publish64, Load::Publish4096, Load::PublishQoS1, Load::PublishProperties, Load::Subscribe];
const LOADS_OF_311: [Load; 4] = [Load::Publish64, Load::Publish4096, Load::PublishQoS1, Load::Subscribe];

impl Load {
    fn packet(self) -> Packet {
        let publish = |length: usize| Publish::new("sensors/kitchen/temperature", vec![b'x'; length]);
        match self {
            Load::Publish64 => Packet::Publish(publish(64)),
            Load::Publish4096 => Packet::Publish(publish(4096)),
            Load::PublishQoS1 => {
                Packet::Publish(Publish { qos: QoS::AtLeastOnce, packet_id: Some(7), ..publish(64) })
            }
            Load::PublishProperties => {
                let properties = Properties::new()
                    .with(Property::MessageExpiryInterval(60))
                    .with(Property::ContentType("application/json".into()))
                    .with(Property::UserProperty(("name".into(), "value".into())));
                Packet::Publish(Publish { properties, ..publish(64) })
            }
            Load::Subscribe => {
                let filter =
                    |filter: &'static str| (filter.into(), SubscriptionOptions::at(QoS::AtLeastOnce));
                Packet::Subscribe(Subscribe {
                    packet_id: 7,
                    properties: Properties::new(),
                    filters: vec![filter("sensors/+/temperature"), filter("alarms/#"), filter("a/b/c")],
                })
            }
        }
    }

    fn bytes(self, version: Version) -> Bytes {
        let mut buffer = BytesMut::new();
        encode(&self.packet(), version, &mut buffer).expect("a short packet");
        buffer.freeze()
    }

    /// Many of them, one behind the other.
    fn stream(self, version: Version) -> Bytes {
        Bytes::from(self.bytes(version).repeat(PACKETS))
    }
}

fn counted<'a, 'b>(bencher: Bencher<'a, 'b>, stream: &Bytes) -> Bencher<'a, 'b> {
    bencher.counter(ItemsCount::new(PACKETS)).counter(BytesCount::new(stream.len()))
}

#[divan::bench_group(name = "decode 5.0")]
mod decode_500 {
    use super::*;

    #[divan::bench(args = LOADS)]
    fn protocol(bencher: Bencher, load: Load) {
        decode_with_protocol(bencher, load, Version::V500);
    }

    #[divan::bench(args = LOADS)]
    fn mqttbytes(bencher: Bencher, load: Load) {
        let stream = load.stream(Version::V500);
        counted(bencher, &stream).with_inputs(|| BytesMut::from(&stream[..])).bench_local_values(
            |mut stream| {
                while !stream.is_empty() {
                    black_box(mqttbytes::v5::read(&mut stream, 1 << 20).expect("a valid packet"));
                }
            },
        );
    }

    #[divan::bench(args = LOADS)]
    fn mqtt_protocol_core(bencher: Bencher, load: Load) {
        decode_with_core(bencher, load, Version::V500);
    }
}

#[divan::bench_group(name = "decode 3.1.1")]
mod decode_311 {
    use super::*;

    #[divan::bench(args = LOADS_OF_311)]
    fn protocol(bencher: Bencher, load: Load) {
        decode_with_protocol(bencher, load, Version::V311);
    }

    #[divan::bench(args = LOADS_OF_311)]
    fn mqttbytes(bencher: Bencher, load: Load) {
        let stream = load.stream(Version::V311);
        counted(bencher, &stream).with_inputs(|| BytesMut::from(&stream[..])).bench_local_values(
            |mut stream| {
                while !stream.is_empty() {
                    black_box(mqttbytes::v4::read(&mut stream, 1 << 20).expect("a valid packet"));
                }
            },
        );
    }

    #[divan::bench(args = LOADS_OF_311)]
    fn mqtt_protocol_core(bencher: Bencher, load: Load) {
        decode_with_core(bencher, load, Version::V311);
    }
}

#[divan::bench_group(name = "encode 5.0")]
mod encode_500 {
    use super::*;

    #[divan::bench(args = LOADS)]
    fn protocol(bencher: Bencher, load: Load) {
        let (stream, packet) = (load.stream(Version::V500), load.packet());
        counted(bencher, &stream).with_inputs(|| BytesMut::with_capacity(stream.len())).bench_local_values(
            |mut buffer| {
                for _ in 0..PACKETS {
                    encode(black_box(&packet), Version::V500, &mut buffer).expect("a short packet");
                }
                buffer
            },
        );
    }

    #[divan::bench(args = LOADS)]
    fn mqttbytes(bencher: Bencher, load: Load) {
        let stream = load.stream(Version::V500);
        let mut one = BytesMut::from(&load.bytes(Version::V500)[..]);
        let packet = mqttbytes::v5::read(&mut one, 1 << 20).expect("a valid packet");
        counted(bencher, &stream).with_inputs(|| BytesMut::with_capacity(stream.len())).bench_local_values(
            |mut buffer| {
                for _ in 0..PACKETS {
                    match black_box(&packet) {
                        mqttbytes::v5::Packet::Publish(packet) => packet.write(&mut buffer),
                        mqttbytes::v5::Packet::Subscribe(packet) => packet.write(&mut buffer),
                        other => panic!("not measured: {other:?}"),
                    }
                    .expect("a short packet");
                }
                buffer
            },
        );
    }

    #[divan::bench(args = LOADS)]
    fn mqtt_protocol_core(bencher: Bencher, load: Load) {
        use mqtt_protocol_core::mqtt::packet::v5_0;
        let stream = load.stream(Version::V500);
        let one = load.bytes(Version::V500);
        let (first, body) = peers::split(&one).expect("a valid packet");
        if first >> 4 == 3 {
            let body = mqtt_protocol_core::mqtt::Arc::from(body);
            let (packet, _) = v5_0::GenericPublish::<u16>::parse(first & 0x0F, body).expect("a valid packet");
            counted(bencher, &stream).with_inputs(|| Vec::with_capacity(stream.len())).bench_local_values(
                |mut buffer: Vec<u8>| {
                    for _ in 0..PACKETS {
                        buffer.extend(black_box(&packet).to_continuous_buffer());
                    }
                    buffer
                },
            );
        } else {
            let (packet, _) = v5_0::GenericSubscribe::<u16>::parse(body).expect("a valid packet");
            counted(bencher, &stream).with_inputs(|| Vec::with_capacity(stream.len())).bench_local_values(
                |mut buffer: Vec<u8>| {
                    for _ in 0..PACKETS {
                        buffer.extend(black_box(&packet).to_continuous_buffer());
                    }
                    buffer
                },
            );
        }
    }
}

/// The strict check alone, of single packets that are there already.
#[divan::bench(args = LOADS)]
fn check_one_packet(bencher: Bencher, load: Load) {
    let bytes = load.bytes(Version::V500);
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench_local(|| decode(black_box(&bytes), Some(Version::V500), Role::Client));
}

fn decode_with_protocol(bencher: Bencher, load: Load, version: Version) {
    let stream = load.stream(version);
    let connect = {
        let mut buffer = BytesMut::new();
        let connect = protocol::Connect::new(version, "c");
        encode(&Packet::Connect(Box::new(connect)), version, &mut buffer).expect("a short packet");
        buffer.freeze()
    };
    let ready = || {
        let mut decoder = Decoder::for_server(Limits::default());
        decoder.feed(connect.clone());
        decoder.next_packet().expect("a packet").expect("a valid one");
        decoder
    };
    counted(bencher, &stream).with_inputs(|| (ready(), Bytes::copy_from_slice(&stream))).bench_local_values(
        |(mut decoder, stream)| {
            decoder.feed(stream);
            let mut count = 0;
            while let Some(packet) = decoder.next_packet() {
                black_box(packet.expect("a valid packet"));
                count += 1;
            }
            assert_eq!(count, PACKETS);
        },
    );
}

fn decode_with_core(bencher: Bencher, load: Load, version: Version) {
    use mqtt_protocol_core::mqtt::Arc;
    use mqtt_protocol_core::mqtt::packet::{v3_1_1, v5_0};
    let stream = load.stream(version);
    let length = load.bytes(version).len();
    counted(bencher, &stream).bench_local(|| {
        for packet in stream.chunks(length) {
            let (first, body) = peers::split(packet).expect("a valid packet");
            match (version, first >> 4) {
                (Version::V311, 3) => {
                    black_box(
                        v3_1_1::GenericPublish::<u16>::parse(first & 0x0F, Arc::from(body)).expect("valid"),
                    );
                }
                (Version::V500, 3) => {
                    black_box(
                        v5_0::GenericPublish::<u16>::parse(first & 0x0F, Arc::from(body)).expect("valid"),
                    );
                }
                (Version::V311, _) => {
                    black_box(v3_1_1::GenericSubscribe::<u16>::parse(body).expect("valid"));
                }
                (Version::V500, _) => {
                    black_box(v5_0::GenericSubscribe::<u16>::parse(body).expect("valid"));
                }
            }
        }
    });
}
