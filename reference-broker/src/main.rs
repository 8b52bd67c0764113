//! The reference Server on a port: `reference-broker --listen mqtt://127.0.0.1:1883 [--config FILE.yaml]`; at `ws://127.0.0.1:8080` it is behind WebSocket.
//!
//! It runs until SIGINT or SIGTERM, then takes leave of its Clients. With `--store FILE` the next run goes on where this one ends, however
//! it ends.

use clap::Parser;
use protocol::Time;
use reference_broker::store::Redb;
use reference_broker::{Config, ConfigError, Durable, Server};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;
use transport::{Address, Hosted, Scheme, ServeOptions, Service, TokioClock, WebSocket, listen, serve};

/// A Server for MQTT 3.1.1 and 5.0 that keeps every statement of the standards.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen, as mqtt:// or ws://; port 0 takes a free one
    #[arg(long, value_name = "URL", default_value = "mqtt://127.0.0.1:1883")]
    listen: String,
    /// What to support and whom to let in, as YAML; everything and everybody if it is left out
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The file to keep Sessions and retained messages in; in memory only if it is left out here and in the configuration
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// What assigned Client Identifiers and nonces derive from; a random one if it is left out
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

/// Wrong usage, as shells know it.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    match start(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, message)) => {
            eprintln!("reference-broker: {message}");
            ExitCode::from(code)
        }
    }
}

fn start(arguments: &Arguments) -> Result<(), (u8, String)> {
    let address = Address::parse(&arguments.listen).map_err(|error| (USAGE, error.to_string()))?;
    let mut config = match &arguments.config {
        Some(path) => read(path).map_err(|message| (USAGE, message))?,
        None => Config::default(),
    };
    if arguments.store.is_some() {
        config.store.clone_from(&arguments.store);
    }
    // The hasher of the standard library is seeded by the operating system.
    let seed = arguments.seed.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| (1, format!("cannot start: {error}")))?;
    runtime.block_on(run(address, config, seed)).map_err(|message| (1, message))
}

fn read(path: &Path) -> Result<Config, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    Config::from_yaml(&text).map_err(|error: ConfigError| match error.location() {
        Some((line, column)) => format!("{name}:{line}:{column}: {error}"),
        None => format!("{name}: {error}"),
    })
}

async fn run(address: Address, config: Config, seed: u64) -> Result<(), String> {
    let Some(path) = config.store.clone() else {
        eprintln!(
            "reference-broker: in memory only: Sessions and retained messages end with this process (--store FILE keeps them)"
        );
        return serve_on(address, config.clone(), Hosted::new(Server::new(config, seed)), TokioClock::new())
            .await;
    };
    let store = Redb::open(&path).map_err(|error| error.to_string())?;
    let server = Durable::open(config.clone(), seed, store).map_err(|error| error.to_string())?;
    eprintln!("reference-broker: Sessions and retained messages are kept in {}", path.display());
    serve_on(address, config, server, TokioClock::starting_at(since_the_unix_epoch()?)).await
}

/// What a store needs to know how long the Server was away.
#[expect(clippy::disallowed_methods, reason = "this is the shell that hands the time in")]
fn since_the_unix_epoch() -> Result<Time, String> {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    time.map_err(|_| {
        "the clock of the system is before 1970, so a store cannot tell what has expired".to_owned()
    })
}

async fn serve_on<S: Service>(
    mut address: Address,
    config: Config,
    server: S,
    clock: TokioClock,
) -> Result<(), String> {
    // TCP is an ordered, lossless stream of bytes in both directions.
    catalogue::cite!("5.0/MQTT-4.2.0-1", "3.1.1/MQTT-7.1.1-1");
    let listener = listen(&address).await.map_err(|error| format!("cannot listen: {error}"))?;
    address.port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let options = ServeOptions { maximum_connections: config.limits.connections, ..ServeOptions::default() };
    let end = signals().map_err(|error| format!("cannot wait for signals: {error}"))?;
    println!("listening on {address}");
    if address.scheme == Scheme::Ws {
        serve(listener, WebSocket::new(server), options, clock, end).await.map(drop)
    } else {
        serve(listener, server, options, clock, end).await.map(drop)
    }
    .map_err(|error| error.to_string())?;
    println!("closed");
    Ok(())
}

/// Completes when the process is asked to end.
#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes when the process is asked to end.
#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
