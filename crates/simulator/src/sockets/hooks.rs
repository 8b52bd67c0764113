//! Commands of the user that start and end the Server.

use crate::hardship::{Hardship, NotSupported};
use std::process::{Command, Stdio};

/// Commands for the shell that start and end the Server under test.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hooks {
    /// Starts it; has to return.
    pub start: Option<String>,
    /// Ends it on request.
    pub stop: Option<String>,
    /// Ends it at once, as `kill -9` does.
    pub kill: Option<String>,
}

impl Hooks {
    /// Whether the Server can be ended in some way and started again.
    #[must_use]
    pub const fn can_restart(&self) -> bool {
        self.start.is_some() && (self.stop.is_some() || self.kill.is_some())
    }

    /// The command for what is to befall the Server.
    #[must_use]
    pub fn command(&self, hardship: &Hardship) -> Option<&str> {
        match hardship {
            Hardship::CrashServer(_) => self.kill.as_deref(),
            Hardship::StopServer(_) => self.stop.as_deref(),
            Hardship::RestartServer(_) => self.start.as_deref(),
            _ => None,
        }
    }

    /// Runs the command for it, and waits until it has returned.
    ///
    /// # Errors
    /// If there is no command for it, or it fails.
    pub fn obey(&self, hardship: &Hardship) -> Result<(), NotSupported> {
        let absent = match hardship {
            Hardship::CrashServer(_) => "there is no command that kills the Server (--hook-kill)",
            Hardship::StopServer(_) => "there is no command that stops the Server (--hook-stop)",
            _ => "there is no command that starts the Server (--hook-start)",
        };
        let command = self.command(hardship).ok_or_else(|| NotSupported::new(hardship, absent))?;
        let status = Command::new("sh")
            .arg("-c")
            .arg(command)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match status {
            Ok(status) if status.success() => Ok(()),
            _ => Err(NotSupported::new(hardship, "the command for it has failed")),
        }
    }
}
