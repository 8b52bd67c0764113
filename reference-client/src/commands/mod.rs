//! What the Client does when the application commands: one file for each command.
//!
//! A command that the standard, or the Server's announcements, forbid ends in [`Event::CommandRefused`](crate::Event) and never reaches the wire.

mod acknowledge;
mod authenticate;
mod connect;
mod disconnect;
mod properties;
mod publish;
mod subscribe;
mod unsubscribe;

use crate::{Client, Command};

impl Client {
    pub(crate) fn command(&mut self, command: Command) {
        let token = command.token();
        let obeyed = match command {
            Command::Connect(options) => self.command_connect(*options),
            Command::Publish { token, message } => self.command_publish(token, message),
            Command::Subscribe { token, filters, properties } => {
                self.command_subscribe(token, filters, properties)
            }
            Command::Unsubscribe { token, filters, properties } => {
                self.command_unsubscribe(token, filters, properties)
            }
            Command::Acknowledge { packet_id, reason } => self.command_acknowledge(packet_id, reason),
            Command::Authenticate { token } => self.command_authenticate(token),
            Command::Disconnect(disconnect) => self.command_disconnect(disconnect),
        };
        if let Err(why) = obeyed {
            self.refuse(token, why);
        }
    }
}
