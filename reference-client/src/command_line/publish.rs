//! `reference-client publish`.

use super::Failure;
use super::connecting::{TcpDriver, closed, config, connect, describe, driver, options, read};
use super::options::PublishArguments;
use bytes::Bytes;
use protocol::{Disconnect, Properties, Property, ReasonCode, Version};
use reference_client::{Client, Command, Event, Message, Token};
use tokio::io::{AsyncBufReadExt, BufReader, Split, Stdin};

/// How many bytes may wait to be sent before the next line is read.
const BACKLOG: usize = 64 * 1024;

/// How many messages may be unacknowledged before the next line is read.
const UNACKNOWLEDGED: usize = 100;

/// Publishes.
pub async fn run(arguments: PublishArguments) -> Result<(), Failure> {
    let payload = match (&arguments.payload.message, &arguments.payload.file) {
        (Some(text), _) => Some(Bytes::from(text.clone())),
        (None, Some(file)) => Some(read(file)?.into()),
        (None, None) if arguments.payload.empty => Some(Bytes::new()),
        (None, None) => None,
    };
    let properties = properties(&arguments)?;
    let address = &arguments.connect.address;
    let mut config = config(&arguments.connect)?;
    config.topic_aliases = arguments.topic_aliases;
    let mut driver = driver(Client::new(config), address);
    connect(&mut driver, address, options(&arguments.connect)?).await?;
    let message = |payload| Message {
        topic: arguments.topic.as_str().into(),
        payload,
        qos: arguments.qos,
        retain: arguments.retain,
        properties: properties.clone(),
    };

    let mut lines = None;
    let mut open = 0;
    match payload {
        Some(payload) => {
            driver.command(Command::Publish { token: Token(1), message: message(payload) });
            open = 1;
        }
        None => lines = Some(BufReader::new(tokio::io::stdin()).split(b'\n')),
    }
    let mut token = 1;
    let mut refused = None;
    while open > 0 || lines.is_some() {
        let room = driver.client().is_connected()
            && driver.backlog() < BACKLOG
            && driver.client().unacknowledged() < UNACKNOWLEDGED;
        tokio::select! {
            biased;
            event = driver.next_event() => {
                if let Some(outcome) = ended(&driver, &arguments, event)? {
                    open -= 1;
                    refused = refused.or(outcome.err());
                }
            }
            line = next_line(&mut lines), if room => match line {
                Ok(Some(line)) => {
                    token += 1;
                    open += 1;
                    driver.command(Command::Publish { token: Token(token), message: message(line.into()) });
                }
                Ok(None) => lines = None,
                Err(error) => return Err(Failure::Usage(format!("cannot read standard input: {error}"))),
            },
        }
    }
    driver.command(Command::Disconnect(Disconnect::new(ReasonCode::SUCCESS)));
    while !matches!(driver.next_event().await, Event::Closed { .. } | Event::CommandRefused { .. }) {}
    refused.map_or(Ok(()), Err)
}

/// The next line of standard input; never, if it is not read.
async fn next_line(lines: &mut Option<Split<BufReader<Stdin>>>) -> std::io::Result<Option<Vec<u8>>> {
    match lines {
        Some(lines) => lines.next_segment().await,
        None => std::future::pending().await,
    }
}

/// How the delivery of one message has ended, if the event says that.
fn ended(
    driver: &TcpDriver,
    arguments: &PublishArguments,
    event: Event,
) -> Result<Option<Result<(), Failure>>, Failure> {
    let address = &arguments.connect.address;
    match event {
        Event::Published { acknowledgement: Some(answer), .. } if answer.reason.is_failure() => {
            // 0x92 in PUBCOMP says that the Server has forgotten an identifier, not that it refuses the message.
            if answer.reason == ReasonCode::PACKET_IDENTIFIER_NOT_FOUND {
                return Ok(Some(Ok(())));
            }
            let text = format!("the server refused the message: {}", answer.reason);
            Ok(Some(Err(Failure::Refused(text))))
        }
        Event::Published { .. } => Ok(Some(Ok(()))),
        Event::CommandRefused { why, .. } => Ok(Some(Err(Failure::Refused(why.to_string())))),
        Event::Lost { .. } => Ok(Some(Err(Failure::Connection(format!(
            "{address}: the session was lost with an unacknowledged message"
        ))))),
        Event::Closed { why, again_at: None } => Err(closed(&why, describe(driver, address, &why))),
        Event::Closed { why, again_at: Some(_) } => {
            eprintln!("warning: {}; trying again", describe(driver, address, &why));
            Ok(None)
        }
        _ => Ok(None),
    }
}

fn properties(arguments: &PublishArguments) -> Result<Properties, Failure> {
    let mut properties = Properties::new();
    if arguments.utf8 {
        properties.push(Property::PayloadFormatIndicator(1));
    }
    if let Some(seconds) = arguments.message_expiry {
        properties.push(Property::MessageExpiryInterval(seconds));
    }
    if let Some(text) = &arguments.content_type {
        properties.push(Property::ContentType(text.as_str().into()));
    }
    if let Some(topic) = &arguments.response_topic {
        properties.push(Property::ResponseTopic(topic.as_str().into()));
    }
    if let Some(data) = &arguments.correlation_data {
        properties.push(Property::CorrelationData(data.clone().into()));
    }
    for (name, value) in &arguments.user_property {
        properties.push(Property::UserProperty((name.as_str().into(), value.as_str().into())));
    }
    if arguments.connect.mqtt_version == Version::V311 && !properties.is_empty() {
        return Err(Failure::Usage("properties are of MQTT 5.0".to_owned()));
    }
    Ok(properties)
}
