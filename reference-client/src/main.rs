//! The binary `reference-client`: publishes and subscribes from a command line, and is the model of an Adapter.
//!
//! What it does with MQTT is all in the library; here are arguments, files, the terminal and exit codes.

mod command_line;

use std::process::ExitCode;

fn main() -> ExitCode {
    command_line::run()
}
