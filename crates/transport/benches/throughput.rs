//! How many small messages per second `serve` carries over the loopback interface, with a Service that does next to nothing: it counts
//! messages of 24 bytes and sends each of them back. One figure for the way in alone, one for both ways.

use bytes::{Bytes, BytesMut};
use protocol::Time;
use std::collections::VecDeque;
use std::future::pending;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use transport::{Address, ConnectionId, Output, ServeOptions, Service, Stimulus, TokioClock, listen, serve};

const MESSAGE: usize = 24;
const MESSAGES: usize = 1_000_000;

/// Sends each message back as a chunk of its own, as an engine would; or answers the last one only.
#[derive(Default)]
struct Counter {
    echo: bool,
    pending: BytesMut,
    seen: usize,
    outputs: VecDeque<Output>,
}

impl Service for Counter {
    fn handle(&mut self, _now: Time, connection: ConnectionId, stimulus: Stimulus) {
        if let Stimulus::Bytes(bytes) = stimulus {
            self.pending.extend_from_slice(&bytes);
            while self.pending.len() >= MESSAGE {
                let message = self.pending.split_to(MESSAGE).freeze();
                self.seen += 1;
                if self.echo || self.seen == MESSAGES {
                    self.outputs.push_back(Output::Bytes(connection, message));
                }
            }
        }
    }
    fn handle_deadline(&mut self, _now: Time) {}
    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
    fn next_deadline(&self) -> Option<Time> {
        None
    }
    fn gather(&mut self, _gathering: bool) {}
    fn failure(&self) -> Option<&str> {
        None
    }
}

async fn run(echo: bool) -> f64 {
    let listener = listen(&Address::parse("mqtt://127.0.0.1:0").unwrap()).await.unwrap();
    let at = listener.local_addr().unwrap();
    let service = Counter { echo, ..Counter::default() };
    let server =
        tokio::spawn(serve(listener, service, ServeOptions::default(), TokioClock::new(), pending::<()>()));
    let stream = TcpStream::connect(at).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let start = Instant::now();
    let sending = tokio::spawn(async move {
        let batch = Bytes::from(vec![7; MESSAGE * 100]);
        for _ in 0..MESSAGES / 100 {
            writer.write_all(&batch).await.unwrap();
        }
        writer
    });
    let mut expected = if echo { MESSAGES * MESSAGE } else { MESSAGE };
    let mut buffer = vec![0; 64 * 1024];
    while expected > 0 {
        expected -= reader.read(&mut buffer).await.unwrap();
    }
    let rate = MESSAGES as f64 / start.elapsed().as_secs_f64();
    drop(sending.await.unwrap());
    server.abort();
    rate
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for (name, echo) in [("serve: messages in", false), ("serve: messages in and out", true)] {
        let rates: Vec<f64> = (0..3).map(|_| runtime.block_on(run(echo))).collect();
        println!("{name:<28} {:>12.0} messages/s", rates.into_iter().fold(0.0, f64::max));
    }
}
