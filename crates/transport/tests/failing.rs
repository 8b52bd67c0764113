//! A Service that keeps outputs back while it gathers, and one that cannot go on.

use bytes::Bytes;
use protocol::Time;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use transport::{
    Address, Clock, ConnectionId, Output, ServeError, ServeOptions, Service, Stimulus, TokioClock, listen,
    serve,
};

/// Sends back what it gets once it does not gather, until it gets an `x`.
#[derive(Default)]
struct Echo {
    outputs: Vec<Output>,
    gathering: bool,
    gathered: bool,
    failure: Option<String>,
}

impl Service for Echo {
    fn handle(&mut self, _now: Time, connection: ConnectionId, stimulus: Stimulus) {
        let Stimulus::Bytes(bytes) = stimulus else { return };
        self.gathered |= self.gathering;
        if bytes.contains(&b'x') {
            self.failure = Some("the disk is full".to_owned());
        }
        self.outputs.push(Output::Bytes(connection, bytes));
    }

    fn handle_deadline(&mut self, _now: Time) {}

    fn poll_output(&mut self) -> Option<Output> {
        if self.gathering || self.failure.is_some() || self.outputs.is_empty() {
            return None;
        }
        Some(self.outputs.remove(0))
    }

    fn next_deadline(&self) -> Option<Time> {
        None
    }

    fn gather(&mut self, gathering: bool) {
        self.gathering = gathering;
    }

    fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}

#[tokio::test]
async fn outputs_that_are_kept_back_come_and_a_failure_ends_all_network_connections() {
    let address = Address::parse("mqtt://127.0.0.1:0").expect("it is one");
    let listener = listen(&address).await.expect("there is a port");
    let port = listener.local_addr().expect("it has one").port();
    let service: Box<dyn Service + Send> = Box::new(Echo::default());
    let serving = tokio::spawn(serve(
        listener,
        service,
        ServeOptions::default(),
        TokioClock::new(),
        std::future::pending::<()>(),
    ));
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it accepts");

    stream.write_all(b"a").await.expect("it reads");
    let mut echo = [0];
    stream.read_exact(&mut echo).await.expect("it answers");
    stream.write_all(b"x").await.expect("it reads");
    let ended = serving.await.expect("it does not panic");
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;

    assert_eq!(&echo, b"a");
    assert!(matches!(ended, Err(ServeError::ServiceFailed(reason)) if reason == "the disk is full"));
    assert_eq!(Bytes::from(rest), Bytes::new());
}

#[tokio::test]
async fn a_clock_can_begin_at_any_moment() {
    let begin = Time::from_secs(1_700_000_000);
    let clock = TokioClock::starting_at(begin);

    clock.sleep_until(begin + Time::from_millis(1)).await;
    let waited = clock.now();
    // What is past is not waited for: this would take decades otherwise.
    clock.sleep_until(Time::from_secs(3)).await;

    assert!(waited >= begin + Time::from_millis(1), "{waited:?}");
}
