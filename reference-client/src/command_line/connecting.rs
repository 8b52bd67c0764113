//! From arguments to a Client with a Network Connection.

use super::Failure;
use super::options::ConnectArguments;
use bytes::Bytes;
use protocol::{Connack, Properties, Property, Version, Will};
use reference_client::net::{Driver, Opening};
use reference_client::{Backoff, Client, ClientConfig, Closure, Command, ConnectOptions, Event};
use std::path::Path;
use tokio::net::TcpStream;
use transport::{Address, TokioClock};

/// The Client over TCP.
pub type TcpDriver = Driver<TcpStream, TokioClock, Box<dyn FnMut() -> Opening<TcpStream>>>;

/// A driver around the Client.
pub fn driver(client: Client, address: &Address) -> TcpDriver {
    let address = address.clone();
    let open: Box<dyn FnMut() -> Opening<TcpStream>> = Box::new(move || {
        let address = address.clone();
        Box::pin(async move { transport::connect(&address).await })
    });
    Driver::new(client, TokioClock::new(), open)
}

/// The part of the arguments that lasts.
pub fn config(arguments: &ConnectArguments) -> Result<ClientConfig, Failure> {
    if arguments.mqtt_version == Version::V311
        && (arguments.session_expiry.is_some() || arguments.will_delay.is_some())
    {
        return Err(Failure::Usage("--session-expiry and --will-delay are of MQTT 5.0".to_owned()));
    }
    let mut config = ClientConfig::new(arguments.mqtt_version, arguments.id.as_str());
    config.reconnect = arguments.reconnect.then(Backoff::default);
    config.connect_timeout = arguments.connect_timeout;
    Ok(config)
}

/// The part of the arguments that goes into CONNECT.
pub fn options(arguments: &ConnectArguments) -> Result<ConnectOptions, Failure> {
    let mut properties = Properties::new();
    if let Some(seconds) = arguments.session_expiry {
        properties.push(Property::SessionExpiryInterval(seconds));
    }
    let will = arguments.will_topic.as_ref().map(|topic| Will {
        qos: arguments.will_qos,
        retain: arguments.will_retain,
        topic: topic.as_str().into(),
        payload: arguments.will_message.clone().unwrap_or_default().into(),
        properties: arguments.will_delay.map(Property::WillDelayInterval).into_iter().collect(),
    });
    Ok(ConnectOptions {
        clean_start: true,
        keep_alive: arguments.keep_alive,
        properties,
        will,
        user_name: arguments.username.as_deref().map(Into::into),
        password: password(arguments.password_file.as_deref())?,
    })
}

/// The password: never an argument, which everyone on the machine can read.
fn password(file: Option<&Path>) -> Result<Option<Bytes>, Failure> {
    let Some(file) = file else {
        return Ok(std::env::var("MQTT_PASSWORD").ok().map(Bytes::from));
    };
    let mut content = read(file)?;
    if content.last() == Some(&b'\n') {
        content.pop();
        if content.last() == Some(&b'\r') {
            content.pop();
        }
    }
    Ok(Some(content.into()))
}

/// The content of a file.
pub fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::Usage(format!("cannot read {}: {error}", file.display())))
}

/// Connects, or says why not.
pub async fn connect(
    driver: &mut TcpDriver,
    address: &Address,
    options: ConnectOptions,
) -> Result<Connack, Failure> {
    driver.command(Command::Connect(Box::new(options)));
    let mut refused = None;
    loop {
        match driver.next_event().await {
            Event::Connected(connack) => return Ok(connack),
            Event::Refused(connack) => refused = Some(connack),
            Event::CommandRefused { why, .. } => return Err(Failure::Usage(why.to_string())),
            Event::Closed { why, again_at: Some(_) } => {
                eprintln!("warning: {}; trying again", describe(driver, address, &why));
            }
            Event::Closed { why, again_at: None } => {
                let mut text = describe(driver, address, &why);
                if let Some(reason) = refused.and_then(|connack| connack.properties.reason_string()) {
                    text = format!("{text}: {}", reason.escape_debug());
                }
                return Err(closed(&why, text));
            }
            _ => {}
        }
    }
}

/// A Network Connection that has ended for good.
pub fn closed(why: &Closure, text: String) -> Failure {
    match why {
        Closure::Refused(_) => Failure::Refused(text),
        _ => Failure::Connection(text),
    }
}

/// Why the Network Connection has ended, with the address.
pub fn describe(driver: &TcpDriver, address: &Address, why: &Closure) -> String {
    match (why, driver.last_error()) {
        (Closure::NetworkEnded, Some(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            format!("{address}: the server closed the connection")
        }
        (Closure::NetworkEnded, Some(error)) => format!("{address}: {error}"),
        _ => format!("{address}: {why}"),
    }
}
