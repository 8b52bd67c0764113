//! `broker`: the reference broker on a port, with a store if asked, or one with a Defect, or one that sends hostile text.

use super::{Failure, INTERNAL};
use clap::Args;
use protocol::Time;
use reference_broker::store::Redb;
use reference_broker::{Durable, Server};
use std::path::PathBuf;
use std::time::SystemTime;
use subjects::hostile::HOSTILE;
use subjects::settings::{self, Setting};
use subjects::{around, names};
use tester::testbed::WEBSOCKET;
use tester::testbed::in_process::BoxedService;
use transport::{Address, Hosted, Scheme, ServeOptions, Service, TokioClock, WebSocket, listen, serve};

/// Arguments of `broker`.
#[derive(Debug, Args)]
pub struct BrokerArguments {
    /// Where to listen, as mqtt:// or ws://; port 0 picks a free port
    #[arg(long, value_name = "URL", default_value = "mqtt://127.0.0.1:1883")]
    listen: String,
    /// The configuration, by its name in the tags @server:NAME of the features
    #[arg(long, value_name = "NAME")]
    configuration: Option<String>,
    /// Serve a Defect, a Variant or a null Server instead; `list --what defects` lists them
    #[arg(long, value_name = "NAME")]
    defect: Option<String>,
    /// Put hostile text into every string, topic and payload that the Server sends: markup, escape sequences, commands for CI systems, invalid
    /// UTF-8. For testing whatever displays them; the reports of this suite show them as plain text
    #[arg(long, conflicts_with = "defect")]
    hostile: bool,
    /// Keep Sessions and retained messages in FILE [default: in memory only]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["defect", "hostile"])]
    store: Option<PathBuf>,
}

/// Runs until SIGINT or SIGTERM.
pub fn broker(arguments: &BrokerArguments) -> Result<u8, Failure> {
    let mut address = Address::parse(&arguments.listen).map_err(|error| Failure::usage(error.to_string()))?;
    let config = settings::config(arguments.configuration.as_deref()).map_err(Failure::usage)?;
    let websocket = address.scheme == Scheme::Ws;
    if arguments.configuration.as_deref() == Some(WEBSOCKET) && !websocket {
        return Err(Failure::usage("--configuration websocket needs --listen ws://HOST:PORT".to_owned()));
    }
    let (service, clock): (BoxedService, TokioClock) = match (&arguments.store, &arguments.defect) {
        (Some(path), _) => {
            let store = Redb::open(path).and_then(|store| Durable::open(config, 1, store));
            let server = store.map_err(|error| Failure { code: INTERNAL, text: error.to_string() })?;
            (behind(websocket, server), TokioClock::starting_at(since_the_unix_epoch()?))
        }
        (None, None) if arguments.hostile => {
            let setting = Setting { config, websocket };
            (around::serve(HOSTILE, setting, 1), TokioClock::new())
        }
        (None, None) => (behind(websocket, Hosted::new(Server::new(config, 1))), TokioClock::new()),
        (None, Some(name)) => {
            let setting = Setting { config, websocket };
            (names::service(name, setting, 1).map_err(Failure::usage)?, TokioClock::new())
        }
    };
    if arguments.store.is_none() {
        eprintln!("in memory only: Sessions and retained messages are lost when this process ends");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::internal(error.to_string()))?;
    runtime.block_on(async {
        let listener = listen(&address).await;
        let listener = listener.map_err(|error| Failure {
            code: INTERNAL,
            text: format!("cannot listen on {address}: {error}"),
        })?;
        address.port = listener.local_addr().map_err(|error| Failure::internal(error.to_string()))?.port();
        println!("listening on {address}");
        let end = async {
            // Without a handler the signal keeps its ordinary meaning, which ends the process too.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        serve(listener, service, ServeOptions::default(), clock, end)
            .await
            .map(|_| 0)
            .map_err(|error| Failure::internal(error.to_string()))
    })
}

/// Behind WebSocket, if that is where it listens.
fn behind(websocket: bool, service: impl Service + Send + 'static) -> BoxedService {
    if websocket { Box::new(WebSocket::new(service)) } else { Box::new(service) }
}

/// What a store needs to know how long the Server was away.
#[expect(clippy::disallowed_methods, reason = "a store outlives the process, and so must its time")]
fn since_the_unix_epoch() -> Result<Time, Failure> {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    time.map_err(|_| Failure::internal("the system clock is set before 1970".to_owned()))
}
