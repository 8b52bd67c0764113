//! Messages per second through the reference broker on loopback, from one publisher to one subscriber, at each QoS.
//!
//! `cargo bench -p reference-broker --bench loopback`. The Clients here are as plain as can be: they keep a window of messages open and acknowledge.

use bytes::BytesMut;
use protocol::{
    Acknowledgement, Connect, Decoder, Limits, Packet, Publish, QoS, Subscribe, SubscriptionOptions, Version,
    encode,
};
use reference_broker::{Config, Server};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use transport::{Address, Hosted, ServeOptions, TokioClock, listen, serve};

/// How many messages are on their way at the same time.
const WINDOW: u32 = 64;
const TOPIC: &str = "bench/loopback";

struct Peer {
    stream: TcpStream,
    decoder: Decoder,
    out: BytesMut,
    buffer: BytesMut,
}

impl Peer {
    async fn connect(address: &str, name: &'static str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let decoder = Decoder::for_client(Version::V500, Limits::default());
        let mut peer = Peer { stream, decoder, out: BytesMut::new(), buffer: BytesMut::new() };
        peer.put(&Packet::Connect(Box::new(Connect::new(Version::V500, name))));
        peer.flush().await?;
        peer.next().await?;
        Ok(peer)
    }

    fn put(&mut self, packet: &Packet) {
        encode(packet, Version::V500, &mut self.out).expect("packets of the benchmark have an encoding");
    }

    async fn flush(&mut self) -> std::io::Result<()> {
        self.stream.write_all(&self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// The next packet; waits for bytes, after sending what is queued, only if there is none in the buffer.
    async fn next(&mut self) -> std::io::Result<Packet> {
        loop {
            if let Some(packet) = self.decoder.next_packet() {
                return packet.map_err(std::io::Error::other);
            }
            self.flush().await?;
            self.buffer.reserve(64 * 1024);
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            self.decoder.feed(self.buffer.split().freeze());
        }
    }
}

async fn publish(mut peer: Peer, qos: QoS, count: u32) -> std::io::Result<()> {
    let (mut sent, mut done) = (0, 0);
    while done < count {
        while sent < count && sent - done < WINDOW {
            let mut publish = Publish::new(TOPIC, &[b'x'; 64][..]);
            publish.qos = qos;
            publish.packet_id =
                (qos != QoS::AtMostOnce).then(|| u16::try_from(sent % 60_000 + 1).unwrap_or(1));
            peer.put(&Packet::Publish(publish));
            sent += 1;
            if qos == QoS::AtMostOnce {
                done += 1;
                if done % WINDOW == 0 {
                    peer.flush().await?;
                }
            }
        }
        if qos == QoS::AtMostOnce {
            continue;
        }
        match peer.next().await? {
            Packet::Puback(_) | Packet::Pubcomp(_) => done += 1,
            Packet::Pubrec(p) => peer.put(&Packet::Pubrel(Acknowledgement::new(p.packet_id))),
            _ => {}
        }
    }
    peer.flush().await
}

async fn receive(mut peer: Peer, count: u32) -> std::io::Result<()> {
    let mut received = 0;
    while received < count {
        match peer.next().await? {
            Packet::Publish(p) => {
                received += 1;
                match (p.qos, p.packet_id) {
                    (QoS::AtLeastOnce, Some(id)) => peer.put(&Packet::Puback(Acknowledgement::new(id))),
                    (QoS::ExactlyOnce, Some(id)) => peer.put(&Packet::Pubrec(Acknowledgement::new(id))),
                    _ => {}
                }
            }
            Packet::Pubrel(p) => peer.put(&Packet::Pubcomp(Acknowledgement::new(p.packet_id))),
            _ => {}
        }
    }
    peer.flush().await
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
async fn measure(address: &str, qos: QoS, count: u32) -> std::io::Result<()> {
    let mut subscriber = Peer::connect(address, "subscriber").await?;
    let filters = vec![(TOPIC.into(), SubscriptionOptions::at(qos))];
    subscriber.put(&Packet::Subscribe(Subscribe {
        packet_id: 1,
        properties: protocol::Properties::new(),
        filters,
    }));
    subscriber.next().await?;
    let publisher = Peer::connect(address, "publisher").await?;
    let began = Instant::now();
    let (published, received) = tokio::join!(publish(publisher, qos, count), receive(subscriber, count));
    published.and(received)?;
    println!("QoS {qos}  {:>9.0} messages/s", f64::from(count) / began.elapsed().as_secs_f64());
    Ok(())
}

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let address = Address::parse("mqtt://127.0.0.1:0").map_err(std::io::Error::other)?;
        let listener = listen(&address).await.map_err(std::io::Error::other)?;
        let local = listener.local_addr()?.to_string();
        let server = Hosted::new(Server::new(Config::default(), 1));
        tokio::spawn(serve(
            listener,
            server,
            ServeOptions::default(),
            TokioClock::new(),
            std::future::pending::<()>(),
        ));
        for (qos, count) in
            [(QoS::AtMostOnce, 400_000), (QoS::AtLeastOnce, 200_000), (QoS::ExactlyOnce, 100_000)]
        {
            measure(&local, qos, count).await?;
        }
        Ok(())
    })
}
