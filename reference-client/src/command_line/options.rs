//! The arguments, each declared once with its help.

use clap::{Args, Parser, Subcommand, ValueEnum};
use protocol::{QoS, RetainHandling, Version};
use std::path::PathBuf;
use std::time::Duration;
use transport::Address;

/// A small, standard-faithful MQTT client.
#[derive(Debug, Parser)]
#[command(
    name = "reference-client",
    version,
    after_help = "Exit codes: 0 done, 1 refused by the server or by the standard, 2 wrong usage, 3 no connection, 4 timeout.\n\
                  The password is read from --password-file or from the environment variable MQTT_PASSWORD."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Publish one message, or one for each line of standard input
    #[command(visible_alias = "pub")]
    Publish(Box<PublishArguments>),
    /// Subscribe, and print the messages that arrive
    #[command(visible_alias = "sub")]
    Subscribe(Box<SubscribeArguments>),
}

#[derive(Debug, Args)]
pub struct ConnectArguments {
    /// Where the server listens, such as mqtt://localhost:1883
    pub address: Address,
    /// Version of the standard
    #[arg(short = 'V', long, value_name = "VERSION", default_value = "5.0", value_parser = version)]
    pub mqtt_version: Version,
    /// Client Identifier; the server assigns one if there is none
    #[arg(short, long, default_value = "", hide_default_value = true)]
    pub id: String,
    /// Keep Alive; 0 switches it off
    #[arg(short, long, value_name = "SECONDS", default_value_t = 60)]
    pub keep_alive: u16,
    /// User name
    #[arg(short, long, value_name = "NAME")]
    pub username: Option<String>,
    /// File whose content, without the last line break, is the password
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Topic Name of the Will Message
    #[arg(long, value_name = "TOPIC", help_heading = "Will Message")]
    pub will_topic: Option<String>,
    /// Payload of the Will Message
    #[arg(long, value_name = "TEXT", requires = "will_topic", help_heading = "Will Message")]
    pub will_message: Option<String>,
    /// QoS of the Will Message
    #[arg(long, value_name = "QOS", default_value = "0", value_parser = qos, requires = "will_topic", help_heading = "Will Message")]
    pub will_qos: QoS,
    /// Retain the Will Message
    #[arg(long, requires = "will_topic", help_heading = "Will Message")]
    pub will_retain: bool,
    /// Will Delay Interval (5.0)
    #[arg(long, value_name = "SECONDS", requires = "will_topic", help_heading = "Will Message")]
    pub will_delay: Option<u32>,
    /// Session Expiry Interval (5.0); 4294967295 is for ever
    #[arg(long, value_name = "SECONDS")]
    pub session_expiry: Option<u32>,
    /// Come back after the connection was lost
    #[arg(long)]
    pub reconnect: bool,
    /// How long the server may take to accept the connection
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub connect_timeout: Duration,
}

#[derive(Debug, Args)]
pub struct PublishArguments {
    #[command(flatten)]
    pub connect: ConnectArguments,
    /// Topic Name
    #[arg(short, long)]
    pub topic: String,
    #[command(flatten)]
    pub payload: Payload,
    /// QoS: 0 at most once, 1 at least once, 2 exactly once
    #[arg(short, long, default_value = "0", value_parser = qos)]
    pub qos: QoS,
    /// Let the server retain the message
    #[arg(short, long)]
    pub retain: bool,
    /// User Property (5.0); may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, help_heading = "Properties (5.0)")]
    pub user_property: Vec<(String, String)>,
    /// Content Type
    #[arg(long, value_name = "TYPE", help_heading = "Properties (5.0)")]
    pub content_type: Option<String>,
    /// Response Topic
    #[arg(long, value_name = "TOPIC", help_heading = "Properties (5.0)")]
    pub response_topic: Option<String>,
    /// Correlation Data
    #[arg(long, value_name = "TEXT", help_heading = "Properties (5.0)")]
    pub correlation_data: Option<String>,
    /// Message Expiry Interval
    #[arg(long, value_name = "SECONDS", help_heading = "Properties (5.0)")]
    pub message_expiry: Option<u32>,
    /// Payload Format Indicator 1: the payload is UTF-8
    #[arg(long, help_heading = "Properties (5.0)")]
    pub utf8: bool,
    /// How many Topic Aliases to use, as far as the server accepts them
    #[arg(long, value_name = "COUNT", default_value_t = 0, help_heading = "Properties (5.0)")]
    pub topic_aliases: u16,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Payload {
    /// The payload
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// File whose content is the payload
    #[arg(short, long)]
    pub file: Option<PathBuf>,
    /// Publish each line of standard input
    #[arg(short = 'l', long)]
    pub stdin_lines: bool,
    /// Publish an empty payload; with --retain this deletes the retained message
    #[arg(short = 'n', long)]
    pub empty: bool,
}

#[derive(Debug, Args)]
pub struct SubscribeArguments {
    #[command(flatten)]
    pub connect: ConnectArguments,
    /// Topic Filter; may be repeated
    #[arg(short, long, value_name = "FILTER", required = true)]
    pub topic: Vec<String>,
    /// Maximum QoS of the subscriptions
    #[arg(short, long, default_value = "0", value_parser = qos)]
    pub qos: QoS,
    /// Print the Topic Name before each payload
    #[arg(short, long)]
    pub verbose: bool,
    /// End after this many messages
    #[arg(short = 'C', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
    /// End after this time; with --count, exit code 4 if there were fewer messages
    #[arg(short = 'W', long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,
    /// How to print messages
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Do not print retained messages
    #[arg(short = 'R', long)]
    pub no_retained: bool,
    /// Go on with the session that this client identifier has on the server (5.0: what the client has to remember of it is kept in
    /// --session-file)
    #[arg(short = 'c', long, requires = "id")]
    pub keep_session: bool,
    /// Where the client keeps its part of the session
    #[arg(long, value_name = "FILE", requires = "keep_session")]
    pub session_file: Option<PathBuf>,
    /// Do not receive what this client identifier publishes (5.0)
    #[arg(long, help_heading = "Subscription Options (5.0)")]
    pub no_local: bool,
    /// Keep the RETAIN flag as it was published
    #[arg(long, help_heading = "Subscription Options (5.0)")]
    pub retain_as_published: bool,
    /// Retained messages at the time of subscribing: 0 send, 1 send if the subscription is new, 2 do not send
    #[arg(long, value_name = "0|1|2", default_value = "0", value_parser = retain_handling, help_heading = "Subscription Options (5.0)")]
    pub retain_handling: RetainHandling,
    /// Subscription Identifier
    #[arg(long, value_name = "NUMBER", help_heading = "Subscription Options (5.0)")]
    pub subscription_identifier: Option<u32>,
}

/// How messages are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The payload as it is, and a line break
    Text,
    /// One JSON object in each line
    Json,
}

fn version(text: &str) -> Result<Version, String> {
    match text {
        "3.1.1" | "311" | "4" => Ok(Version::V311),
        "5.0" | "5" => Ok(Version::V500),
        _ => Err("known versions: 3.1.1, 5.0".to_owned()),
    }
}

fn qos(text: &str) -> Result<QoS, String> {
    text.parse().ok().and_then(QoS::from_bits).ok_or_else(|| "0, 1 or 2 is expected".to_owned())
}

fn retain_handling(text: &str) -> Result<RetainHandling, String> {
    match text {
        "0" => Ok(RetainHandling::SendAtSubscribe),
        "1" => Ok(RetainHandling::SendIfNew),
        "2" => Ok(RetainHandling::DoNotSend),
        _ => Err("0, 1 or 2 is expected".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is expected".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| "NAME=VALUE is expected".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}
