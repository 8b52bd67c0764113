//! `broker`: the reference broker on a port, or one with a Defect.

use super::{Failure, INTERNAL};
use crate::testbed::in_process::BoxedService;
use crate::{configurations, defects};
use clap::Args;
use reference_broker::Server;
use transport::{Address, Hosted, ServeOptions, TokioClock, listen, serve};

/// Arguments of `broker`.
#[derive(Debug, Args)]
pub struct BrokerArguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "URL", default_value = "mqtt://127.0.0.1:1883")]
    listen: String,
    /// The configuration, by a name that features use behind @server:
    #[arg(long, value_name = "NAME")]
    configuration: Option<String>,
    /// A Server that misbehaves, chooses differently, or does nothing useful: `list --what defects` has the names
    #[arg(long, value_name = "NAME")]
    defect: Option<String>,
}

/// Runs until SIGINT or SIGTERM.
pub fn broker(arguments: &BrokerArguments) -> Result<u8, Failure> {
    let mut address = Address::parse(&arguments.listen).map_err(|error| Failure::usage(error.to_string()))?;
    let config = configurations::config(arguments.configuration.as_deref()).map_err(Failure::usage)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::internal(error.to_string()))?;
    runtime.block_on(async {
        let listener = listen(&address).await;
        let listener = listener.map_err(|error| Failure {
            code: INTERNAL,
            text: format!("cannot listen at {address}: {error}"),
        })?;
        address.port = listener.local_addr().map_err(|error| Failure::internal(error.to_string()))?.port();
        println!("listening on {address}");
        let service: BoxedService = match &arguments.defect {
            None => Box::new(Hosted::new(Server::new(config, 1))),
            Some(name) => defects::service(name, config, 1).map_err(Failure::usage)?,
        };
        let end = async {
            // Without a handler the signal keeps its ordinary meaning, which ends the process too.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        serve(listener, service, ServeOptions::default(), TokioClock::new(), end)
            .await
            .map(|_| 0)
            .map_err(|error| Failure::internal(error.to_string()))
    })
}
