//! The command line: arguments in, exit code out.

mod connecting;
mod options;
mod output;
mod publish;
mod subscribe;

use clap::Parser;
use options::{Arguments, Command};
use std::process::ExitCode;

/// How a run that did not do what it was asked for ends.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// The arguments do not make sense together, or a file cannot be read.
    #[error("{0}")]
    Usage(String),
    /// There is no Network Connection to the Server, or no longer.
    #[error("{0}")]
    Connection(String),
    /// The Server, or the standard, refuses.
    #[error("{0}")]
    Refused(String),
    /// The time is over before everything came.
    #[error("timeout: {0}")]
    Timeout(String),
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Failure::Refused(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Connection(_) => 3,
            Failure::Timeout(_) => 4,
        }
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return ExitCode::from(3);
        }
    };
    let outcome = runtime.block_on(async {
        match arguments.command {
            Command::Publish(arguments) => publish::run(*arguments).await,
            Command::Subscribe(arguments) => subscribe::run(*arguments).await,
        }
    });
    // A read of standard input that nobody waits for any more must not hold the program up.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
