//! The reference Server on a port: `reference-broker --listen mqtt://127.0.0.1:1883 [--config FILE.yaml]`.
//!
//! It runs until SIGINT or SIGTERM, then takes leave of its Clients.

use clap::Parser;
use reference_broker::{Config, ConfigError, Server};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use transport::{Address, Hosted, ServeOptions, TokioClock, listen, serve};

/// A Server for MQTT 3.1.1 and 5.0 that keeps every statement of the standards.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "URL", default_value = "mqtt://127.0.0.1:1883")]
    listen: String,
    /// What to support and whom to let in, as YAML; everything and everybody if it is left out
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
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
    let config = match &arguments.config {
        Some(path) => read(path).map_err(|message| (USAGE, message))?,
        None => Config::default(),
    };
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

async fn run(mut address: Address, config: Config, seed: u64) -> Result<(), String> {
    // TCP is an ordered, lossless stream of bytes in both directions.
    catalogue::cite!("5.0/MQTT-4.2.0-1", "3.1.1/MQTT-7.1.1-1");
    let listener = listen(&address).await.map_err(|error| format!("cannot listen: {error}"))?;
    address.port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let options = ServeOptions { maximum_connections: config.limits.connections, ..ServeOptions::default() };
    let end = signals().map_err(|error| format!("cannot wait for signals: {error}"))?;
    println!("listening on {address}");
    let server = Hosted::new(Server::new(config, seed));
    serve(listener, server, options, TokioClock::new(), end).await.map_err(|error| error.to_string())?;
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
