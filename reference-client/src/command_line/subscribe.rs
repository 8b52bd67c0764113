//! `reference-client subscribe`.

use super::Failure;
use super::connecting::{TcpDriver, closed, config, connect, describe, driver, options};
use super::options::SubscribeArguments;
use super::output::print;
use protocol::{Disconnect, Properties, Property, PropertyId, ReasonCode, SubscriptionOptions, Version};
use reference_client::{Client, Command, Event, Token};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// Why receiving has ended.
enum End {
    /// There were as many messages as asked for, the time was over, or the person does not want more.
    Done,
    /// The time was over before there were as many messages as asked for.
    TooFew,
}

/// Subscribes.
pub async fn run(arguments: SubscribeArguments) -> Result<(), Failure> {
    let v5 = arguments.connect.mqtt_version == Version::V500;
    let (subscription, properties) = subscription(&arguments)?;
    let address = &arguments.connect.address;
    let mut client = Client::new(config(&arguments.connect)?);
    let mut options = options(&arguments.connect)?;
    if arguments.keep_session {
        options.clean_start = !restore(&mut client, &arguments)?;
        if v5 && options.properties.get(PropertyId::SessionExpiryInterval).is_none() {
            options.properties.push(Property::SessionExpiryInterval(u32::MAX));
        }
    }
    let mut driver = driver(client, address);
    let timeout = async {
        match arguments.timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(timeout);
    let connected = tokio::select! {
        biased;
        connected = connect(&mut driver, address, options) => connected,
        () = &mut timeout => return Err(Failure::Timeout(format!("{address}: the server has not accepted the connection"))),
    };
    connected?;
    let filters = arguments.topic.iter().map(|filter| (filter.as_str().into(), subscription)).collect();
    let subscribe = Command::Subscribe { token: Token(0), filters, properties };
    driver.command(subscribe.clone());

    let outcome = tokio::select! {
        biased;
        outcome = receive(&mut driver, &arguments, &subscribe) => outcome,
        () = &mut timeout => Ok(if arguments.count.is_some() { End::TooFew } else { End::Done }),
        _ = tokio::signal::ctrl_c() => Ok(End::Done),
    };
    if driver.client().is_connected() {
        driver.command(Command::Disconnect(Disconnect::new(ReasonCode::SUCCESS)));
        let closing = async { while !matches!(driver.next_event().await, Event::Closed { .. }) {} };
        // The Server has its moment inside of the driver; this bounds what is beyond.
        let _ = tokio::time::timeout(Duration::from_secs(5), closing).await;
    }
    if let Some(file) = &arguments.session_file {
        save(driver.client(), file)?;
    }
    match outcome? {
        End::Done => Ok(()),
        End::TooFew => Err(Failure::Timeout("there were fewer messages than asked for".to_owned())),
    }
}

/// Prints messages until there are enough.
async fn receive(
    driver: &mut TcpDriver,
    arguments: &SubscribeArguments,
    subscribe: &Command,
) -> Result<End, Failure> {
    let address = &arguments.connect.address;
    let mut left = arguments.count;
    loop {
        match driver.next_event().await {
            Event::Message(publish) => {
                if publish.retain && arguments.no_retained {
                    continue;
                }
                match print(&publish, arguments.format, arguments.verbose) {
                    Ok(()) => {}
                    // Whoever reads has enough.
                    Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(End::Done),
                    Err(error) => return Err(Failure::Usage(format!("cannot print: {error}"))),
                }
                if let Some(left) = &mut left {
                    *left -= 1;
                    if *left == 0 {
                        return Ok(End::Done);
                    }
                }
            }
            Event::Subscribed { suback, .. } => {
                let refused =
                    suback.reasons.iter().zip(&arguments.topic).filter(|(reason, _)| reason.is_failure());
                let texts: Vec<String> =
                    refused.map(|(reason, filter)| format!("`{filter}`: {reason}")).collect();
                if !texts.is_empty() {
                    return Err(Failure::Refused(format!(
                        "the server refused the subscription: {}",
                        texts.join(", ")
                    )));
                }
            }
            // A new Network Connection: if the Server has the Session, it has the Subscriptions; otherwise they are made again.
            Event::Connected(connack) if !connack.session_present => driver.command(subscribe.clone()),
            Event::CommandRefused { why, .. } => return Err(Failure::Refused(why.to_string())),
            Event::Closed { why, again_at: None } => {
                return Err(closed(&why, describe(driver, address, &why)));
            }
            Event::Closed { why, again_at: Some(_) } => {
                eprintln!("warning: {}; trying again", describe(driver, address, &why));
            }
            _ => {}
        }
    }
}

fn subscription(arguments: &SubscribeArguments) -> Result<(SubscriptionOptions, Properties), Failure> {
    let options = SubscriptionOptions {
        qos: arguments.qos,
        no_local: arguments.no_local,
        retain_as_published: arguments.retain_as_published,
        retain_handling: arguments.retain_handling,
    };
    let properties: Properties =
        arguments.subscription_identifier.map(Property::SubscriptionIdentifier).into_iter().collect();
    if arguments.connect.mqtt_version == Version::V311
        && (options != SubscriptionOptions::at(arguments.qos) || !properties.is_empty())
    {
        return Err(Failure::Usage("subscription options other than --qos are of MQTT 5.0".to_owned()));
    }
    Ok((options, properties))
}

/// Gives the Client what an earlier run has kept of the Session. `false` if this run has to begin a new one.
fn restore(client: &mut Client, arguments: &SubscribeArguments) -> Result<bool, Failure> {
    let Some(file) = &arguments.session_file else {
        // 3.1.1 leaves it to the Client whether to go on with a Session of which it knows nothing.
        return match arguments.connect.mqtt_version {
            Version::V311 => Ok(true),
            Version::V500 => {
                Err(Failure::Usage("--keep-session of MQTT 5.0 needs --session-file".to_owned()))
            }
        };
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Failure::Usage(format!("cannot read {}: {error}", file.display()))),
    };
    let ids: Result<Vec<u16>, _> = text.lines().map(str::parse).collect();
    let ids =
        ids.map_err(|error| Failure::Usage(format!("{} is no session file: {error}", file.display())))?;
    client.hold_session(ids);
    Ok(true)
}

/// Keeps what a later run needs of the Session; nothing if there is none.
fn save(client: &Client, file: &Path) -> Result<(), Failure> {
    let written = match client.held_session() {
        Some(ids) => std::fs::write(file, ids.map(|id| format!("{id}\n")).collect::<String>()),
        None => match std::fs::remove_file(file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        },
    };
    written.map_err(|error| Failure::Usage(format!("cannot write {}: {error}", file.display())))
}
