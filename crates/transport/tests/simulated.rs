//! The same `serve` over the streams of turmoil.

mod echo;

use echo::Echo;
use std::future::pending;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use transport::{Listener, ServeOptions, TokioClock, serve};
use turmoil::net::{TcpListener, TcpStream};

struct Simulated(TcpListener);

impl Listener for Simulated {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, String)> {
        let (stream, peer) = self.0.accept().await?;
        Ok((stream, peer.to_string()))
    }
}

#[test]
fn bytes_deadlines_and_closes_work_over_simulated_streams() {
    let mut simulation = turmoil::Builder::new().rng_seed(1).build();
    simulation.host("server", || async {
        let listener = Simulated(TcpListener::bind("0.0.0.0:1883").await?);
        let options = ServeOptions::default();
        serve(listener, Echo::default(), options, TokioClock::new(), pending::<()>()).await?;
        Ok(())
    });

    simulation.client("client", async {
        let mut stream = TcpStream::connect("server:1883").await?;
        let mut answer = [0; 5];
        stream.write_all(b"hello").await?;
        stream.read_exact(&mut answer).await?;
        assert_eq!(&answer, b"hello");

        let before = turmoil::elapsed();
        stream.write_all(b"later").await?;
        stream.read_exact(&mut answer[..3]).await?;
        assert_eq!(&answer[..3], b"now");
        assert!(turmoil::elapsed() - before >= Duration::from_secs(1));

        let mut rest = Vec::new();
        stream.write_all(b"bye").await?;
        stream.read_to_end(&mut rest).await?;
        assert_eq!(rest, b"farewell");
        Ok(())
    });

    simulation.run().unwrap();
}
