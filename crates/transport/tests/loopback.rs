//! `serve` over TCP on the loopback interface.

mod echo;

use echo::Echo;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use transport::{Address, Listener, ServeError, ServeOptions, TokioClock, listen, serve};

struct Running {
    at: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<Echo, ServeError>>,
}

impl Running {
    async fn start(options: ServeOptions) -> Self {
        let options = ServeOptions { grace: Duration::from_millis(200), ..options };
        let listener = listen(&Address::parse("mqtt://127.0.0.1:0").unwrap()).await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, Echo::default(), options, TokioClock::new(), stopped));
        Running { at, stop, task }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.at).await.unwrap()
    }

    async fn stop(self) -> Echo {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap()
    }
}

async fn exchange(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = vec![0; text.len()];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, text.as_bytes());
}

#[tokio::test]
async fn bytes_reach_the_service_and_come_back() {
    let server = Running::start(ServeOptions::default()).await;
    let mut one = server.connect().await;
    let mut two = server.connect().await;

    exchange(&mut one, "one").await;
    exchange(&mut two, "two").await;
    exchange(&mut one, "one again").await;
}

#[tokio::test]
async fn the_last_bytes_before_a_close_arrive_even_if_the_peer_was_still_sending() {
    let server = Running::start(ServeOptions::default()).await;
    let mut stream = server.connect().await;
    let mut answer = Vec::new();

    stream.write_all(b"bye").await.unwrap();
    stream.readable().await.unwrap();
    stream.write_all(b"unread").await.unwrap();
    stream.read_to_end(&mut answer).await.unwrap();

    assert_eq!(answer, b"farewell");
}

#[tokio::test]
async fn a_half_close_is_the_end_of_the_stream() {
    let server = Running::start(ServeOptions::default()).await;
    let mut stream = server.connect().await;
    let mut answer = Vec::new();

    stream.write_all(b"last words").await.unwrap();
    stream.shutdown().await.unwrap();
    stream.read_to_end(&mut answer).await.unwrap();

    assert_eq!(answer, b"last words");
    assert_eq!(server.stop().await.log, ["#0 opened", "#0 ended"]);
}

#[tokio::test]
async fn a_reset_reaches_the_service_and_harms_nobody_else() {
    let server = Running::start(ServeOptions::default()).await;
    let mut victim = server.connect().await;
    let mut other = server.connect().await;
    exchange(&mut victim, "here").await;
    exchange(&mut other, "here").await;

    victim.set_zero_linger().unwrap();
    drop(victim);

    exchange(&mut other, "still here").await;
    assert!(server.stop().await.log.contains(&"#0 reset".to_owned()));
}

#[tokio::test]
async fn a_reader_that_does_not_read_loses_its_connection_and_blocks_nobody() {
    let options = ServeOptions { maximum_queued_bytes: 8 * 1024 * 1024, ..ServeOptions::default() };
    let server = Running::start(options).await;
    let mut lazy = server.connect().await;
    exchange(&mut lazy, "hello").await;
    lazy.write_all(b"flood").await.unwrap();
    let mut other = server.connect().await;

    exchange(&mut other, "unimpressed").await;

    assert!(server.stop().await.log.contains(&"#0 reset".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_may_leave_in_any_way_at_any_time() {
    let server = Running::start(ServeOptions::default()).await;
    let mut clients = tokio::task::JoinSet::new();

    for n in 0..100u32 {
        let at = server.at;
        clients.spawn(async move {
            let mut stream = TcpStream::connect(at).await.unwrap();
            let message = vec![b'x'; 1 + (n as usize * 7919) % 100_000];
            // Errors are what this is about: the peer may have gone, or have been told to go.
            let _ = stream.write_all(if n % 3 == 0 { b"bye" } else { &message }).await;
            match n % 5 {
                0 => drop(stream.set_zero_linger()),
                1 => drop(stream.shutdown().await),
                2 => drop(stream.read(&mut [0; 10]).await),
                3 => {
                    let _ = stream.shutdown().await;
                    let _ = stream.read_to_end(&mut Vec::new()).await;
                }
                _ => {}
            }
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended.unwrap();
    }

    let mut survivor = server.connect().await;
    exchange(&mut survivor, "and the Server is well").await;
    let log = server.stop().await.log;
    assert_eq!(log.iter().filter(|line| line.ends_with("opened")).count(), 101);
}

#[tokio::test]
async fn more_connections_than_allowed_are_closed() {
    let options = ServeOptions { maximum_connections: 1, ..ServeOptions::default() };
    let server = Running::start(options).await;
    let mut first = server.connect().await;
    exchange(&mut first, "in").await;
    let mut second = server.connect().await;

    let end = second.read(&mut [0; 1]).await;

    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    exchange(&mut first, "still in").await;
}

#[tokio::test]
async fn shutting_down_says_farewell_and_closes() {
    let server = Running::start(ServeOptions::default()).await;
    let mut stream = server.connect().await;
    exchange(&mut stream, "hello").await;
    let mut answer = Vec::new();

    let (echo, read) = tokio::join!(server.stop(), async {
        let read = stream.read_to_end(&mut answer).await;
        drop(stream);
        read
    });

    read.unwrap();
    assert_eq!(answer, b"going down");
    assert_eq!(echo.log, ["#0 opened"]);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_the_service_is_kept() {
    let (listener, mut stream) = pipe();
    let task = tokio::spawn(serve(
        listener,
        Echo::default(),
        ServeOptions::default(),
        TokioClock::new(),
        pending::<()>(),
    ));
    let start = tokio::time::Instant::now();
    let mut answer = [0; 3];

    stream.write_all(b"later").await.unwrap();
    stream.read_exact(&mut answer).await.unwrap();

    assert_eq!(&answer, b"now");
    // tokio's timers count whole milliseconds and round up.
    assert!((1000..=1001).contains(&start.elapsed().as_millis()));
    task.abort();
}

#[tokio::test(start_paused = true)]
async fn a_listener_without_file_descriptors_is_asked_again() {
    let (listener, mut stream) = pipe();
    let listener = Exhausted { errors: 3, listener };
    let task = tokio::spawn(serve(
        listener,
        Echo::default(),
        ServeOptions::default(),
        TokioClock::new(),
        pending::<()>(),
    ));
    let mut answer = [0; 5];

    stream.write_all(b"hello").await.unwrap();
    stream.read_exact(&mut answer).await.unwrap();

    assert_eq!(&answer, b"hello");
    task.abort();
}

/// A listener with one Network Connection in memory.
struct Pipe(Option<tokio::io::DuplexStream>);

fn pipe() -> (Pipe, tokio::io::DuplexStream) {
    let (near, far) = tokio::io::duplex(1024);
    (Pipe(Some(near)), far)
}

impl Listener for Pipe {
    type Stream = tokio::io::DuplexStream;

    async fn accept(&mut self) -> io::Result<(Self::Stream, String)> {
        match self.0.take() {
            Some(stream) => Ok((stream, "pipe".to_owned())),
            None => pending().await,
        }
    }
}

/// A listener that fails a few times as if the process had too many open files.
struct Exhausted {
    errors: u32,
    listener: Pipe,
}

impl Listener for Exhausted {
    type Stream = tokio::io::DuplexStream;

    async fn accept(&mut self) -> io::Result<(Self::Stream, String)> {
        const EMFILE: i32 = 24;
        if self.errors > 0 {
            self.errors -= 1;
            return Err(io::Error::from_raw_os_error(EMFILE));
        }
        self.listener.accept().await
    }
}
