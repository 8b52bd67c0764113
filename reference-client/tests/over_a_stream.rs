//! The driver over a stream in memory, whose other end is a script of bytes.

use bytes::{Bytes, BytesMut};
use protocol::{
    Acknowledgement, Connack, Decoder, Disconnect, Limits, Packet, Properties, QoS, ReasonCode, Version,
    encode,
};
use reference_client::net::{Driver, Opening};
use reference_client::{Client, ClientConfig, Closure, Command, Event, Message, Token};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use transport::TokioClock;

type Memory = Driver<DuplexStream, TokioClock, Box<dyn FnMut() -> Opening<DuplexStream>>>;

/// A driver, and the Server's end of its only Network Connection.
fn driver() -> (Memory, Server) {
    let (near, far) = duplex(16);
    let mut near = Some(near);
    let open: Box<dyn FnMut() -> Opening<DuplexStream>> = Box::new(move || {
        let stream = near.take().ok_or(io::ErrorKind::ConnectionRefused.into());
        Box::pin(async { stream })
    });
    let mut driver = Driver::new(Client::new(ClientConfig::new(Version::V500, "c")), TokioClock::new(), open);
    driver.command(Command::Connect(Box::default()));
    (driver, Server { stream: far, decoder: Decoder::for_server(Limits::default()) })
}

struct Server {
    stream: DuplexStream,
    decoder: Decoder,
}

impl Server {
    /// The next packet; `None` at the end of the stream.
    async fn receive(&mut self) -> Option<Packet> {
        loop {
            if let Some(packet) = self.decoder.next_packet() {
                return Some(packet.unwrap());
            }
            let mut bytes = [0; 16];
            match self.stream.read(&mut bytes).await.unwrap() {
                0 => return None,
                length => self.decoder.feed(Bytes::copy_from_slice(&bytes[..length])),
            }
        }
    }

    /// Sends a packet byte by byte.
    async fn send(&mut self, packet: Packet) {
        let mut bytes = BytesMut::new();
        encode(&packet, Version::V500, &mut bytes).unwrap();
        for byte in bytes {
            self.stream.write_all(&[byte]).await.unwrap();
        }
    }

    async fn accept(&mut self) {
        assert!(matches!(self.receive().await, Some(Packet::Connect(_))));
        let properties = Properties::new();
        self.send(Packet::Connack(Connack {
            session_present: false,
            reason: ReasonCode::SUCCESS,
            properties,
        }))
        .await;
    }
}

#[tokio::test]
async fn packets_may_be_larger_than_what_the_stream_takes_at_once_and_arrive_in_single_bytes() {
    let (mut driver, mut server) = driver();
    let payload = "m".repeat(100_000);
    let message = Message::new("t", payload.clone(), QoS::AtLeastOnce);

    let application = async {
        assert!(matches!(driver.next_event().await, Event::Connected(_)));
        driver.command(Command::Publish { token: Token(1), message });
        assert!(matches!(driver.next_event().await, Event::Published { token: Token(1), .. }));
        driver.command(Command::Disconnect(Disconnect::new(ReasonCode::SUCCESS)));
        driver.next_event().await
    };
    let script = async {
        server.accept().await;
        let Some(Packet::Publish(publish)) = server.receive().await else { panic!("no PUBLISH") };
        assert_eq!(publish.payload, payload);
        server.send(Packet::Puback(Acknowledgement::new(1))).await;
        let rest = [server.receive().await, server.receive().await];
        drop(server);
        rest
    };
    let (last, rest) = tokio::join!(application, script);

    assert_eq!(rest, [Some(Packet::Disconnect(Disconnect::new(ReasonCode::SUCCESS))), None]);
    assert_eq!(last, Event::Closed { why: Closure::Commanded, again_at: None });
}

#[tokio::test]
async fn garbage_is_answered_with_disconnect_before_the_close() {
    let (mut driver, mut server) = driver();

    let application = async {
        driver.next_event().await;
        driver.next_event().await
    };
    let script = async {
        server.accept().await;
        server.stream.write_all(&[0x00, 0xFF]).await.unwrap();
        let rest = [server.receive().await, server.receive().await];
        drop(server);
        rest
    };
    let (last, rest) = tokio::join!(application, script);

    assert_eq!(rest, [Some(Packet::Disconnect(Disconnect::new(ReasonCode::MALFORMED_PACKET))), None]);
    assert!(matches!(last, Event::Closed { why: Closure::Malformed(_), .. }), "{last:?}");
}

#[tokio::test]
async fn the_end_of_the_stream_is_told_with_its_reason() {
    let (mut driver, mut server) = driver();

    let application = async {
        driver.next_event().await;
        driver.next_event().await
    };
    let (last, ()) = tokio::join!(application, async {
        server.accept().await;
        drop(server);
    });

    assert_eq!(last, Event::Closed { why: Closure::NetworkEnded, again_at: None });
    assert!(driver.last_error().is_some());
}

#[tokio::test]
async fn a_stream_that_cannot_be_opened_is_told_with_its_reason() {
    let (mut driver, server) = driver();
    drop(server);
    assert!(matches!(driver.next_event().await, Event::Closed { .. }));

    driver.command(Command::Connect(Box::default()));
    let event = driver.next_event().await;

    assert_eq!(event, Event::Closed { why: Closure::NetworkEnded, again_at: None });
    assert_eq!(driver.last_error().map(io::Error::kind), Some(io::ErrorKind::ConnectionRefused));
}
