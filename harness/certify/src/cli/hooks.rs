//! The commands that end and start a live Server, for `run` and for campaigns.

use crate::shell;
use clap::Args;
use tester::testbed::Hooks;

/// Arguments that need a `url` beside them.
#[derive(Debug, Args)]
pub struct HookArguments {
    /// Shell command that starts the Server and returns
    #[arg(long, value_name = "COMMAND", requires = "url")]
    hook_start: Option<String>,
    /// Shell command that stops the Server in an orderly way
    #[arg(long, value_name = "COMMAND", requires = "url")]
    hook_stop: Option<String>,
    /// Shell command that ends the Server abruptly, as kill -9 does
    #[arg(long, value_name = "COMMAND", requires = "url")]
    hook_kill: Option<String>,
}

impl HookArguments {
    /// What was given.
    pub fn hooks(&self) -> Hooks {
        Hooks { start: self.hook_start.clone(), stop: self.hook_stop.clone(), kill: self.hook_kill.clone() }
    }

    /// The same for a command line.
    pub fn command(&self) -> String {
        let given = [
            ("--hook-start", &self.hook_start),
            ("--hook-stop", &self.hook_stop),
            ("--hook-kill", &self.hook_kill),
        ];
        given
            .into_iter()
            .filter_map(|(name, command)| Some(format!(" {name} {}", shell::word(command.as_ref()?))))
            .collect()
    }
}
