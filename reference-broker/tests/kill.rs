//! `kill -9` on the real binary with a store: everything it has acknowledged is there afterwards.

mod process;

use bytes::BytesMut;
use process::Broker;
use protocol::{
    Acknowledgement, Connect, Decoder, Limits, Packet, Properties, Property, Publish, QoS, Subscribe,
    SubscriptionOptions, Version, encode,
};
use std::io::{BufRead, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output};
use tempfile::TempDir;

struct Client {
    stream: TcpStream,
    decoder: Decoder,
}

impl Client {
    /// Connects to a Session that lasts. Returns whether it was there before.
    fn connect(broker: &Broker, name: &'static str) -> (Self, bool) {
        let decoder = Decoder::for_client(Version::V500, Limits::default());
        let mut client = Client { stream: broker.connect(), decoder };
        let properties = Properties::new().with(Property::SessionExpiryInterval(u32::MAX));
        let connect = Connect { clean_start: false, properties, ..Connect::new(Version::V500, name) };
        client.send(&Packet::Connect(Box::new(connect)));
        match client.next() {
            Some(Packet::Connack(connack)) => (client, connack.session_present),
            other => panic!("no CONNACK but {other:?}"),
        }
    }

    fn send(&mut self, packet: &Packet) {
        let mut bytes = BytesMut::new();
        encode(packet, Version::V500, &mut bytes).expect("it can be encoded");
        self.stream.write_all(&bytes).expect("it reads");
    }

    /// The next packet; `None` at the end of the Network Connection.
    fn next(&mut self) -> Option<Packet> {
        loop {
            if let Some(packet) = self.decoder.next_packet() {
                return Some(packet.expect("it sends packets"));
            }
            let mut buffer = [0; 4096];
            match self.stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.decoder.feed(buffer[..count].to_vec().into()),
            }
        }
    }

    /// Subscribes and waits for the SUBACK; what comes after that is not read.
    fn subscribe(&mut self, filter: &str) {
        let filters = vec![(filter.into(), SubscriptionOptions::at(QoS::ExactlyOnce))];
        self.send(&Packet::Subscribe(Subscribe { packet_id: 1, properties: Properties::new(), filters }));
        assert!(matches!(self.next(), Some(Packet::Suback(_))));
    }

    fn publish(&mut self, packet_id: u16, qos: QoS, retain: bool) {
        let publish = Publish::new(format!("t/{packet_id}"), packet_id.to_string());
        self.send(&Packet::Publish(Publish { qos, packet_id: Some(packet_id), retain, ..publish }));
    }

    /// The payloads of the next PUBLISH packets, up to the answer to a PINGREQ that is sent now.
    fn payloads(&mut self) -> Vec<String> {
        self.send(&Packet::Pingreq);
        let mut payloads = Vec::new();
        loop {
            match self.next() {
                Some(Packet::Publish(publish)) => {
                    payloads.push(String::from_utf8_lossy(&publish.payload).into_owned());
                }
                Some(Packet::Pingresp) => return payloads,
                Some(_) => {}
                None => panic!("the Network Connection ends"),
            }
        }
    }
}

fn start(directory: &TempDir) -> Broker {
    Broker::start(["--store".as_ref(), directory.path().join("store").as_os_str()])
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_reference-broker")).args(arguments).output().expect("the binary runs")
}

#[test]
fn what_was_acknowledged_is_there_after_kill_9() {
    let directory = TempDir::new().expect("there is room for a directory");
    let mut broker = start(&directory);
    Client::connect(&broker, "subscriber").0.subscribe("t/#");
    let (mut publisher, _) = Client::connect(&broker, "publisher");
    for packet_id in 1..=40 {
        let qos = if packet_id % 2 == 0 { QoS::ExactlyOnce } else { QoS::AtLeastOnce };
        publisher.publish(packet_id, qos, packet_id % 10 == 0);
    }
    let mut acknowledged = 0;
    while acknowledged < 40 {
        match publisher.next() {
            Some(Packet::Puback(_) | Packet::Pubrec(_)) => acknowledged += 1,
            other => panic!("no acknowledgement but {other:?}"),
        }
    }

    broker.process.kill().expect("it runs");
    broker.process.wait().expect("it ends");
    let broker = start(&directory);
    let (mut publisher, publisher_present) = Client::connect(&broker, "publisher");
    publisher.publish(40, QoS::ExactlyOnce, false);
    let again = publisher.next();
    publisher.send(&Packet::Pubrel(Acknowledgement::new(40)));
    let released = publisher.next();
    let (mut subscriber, subscriber_present) = Client::connect(&broker, "subscriber");
    let delivered = subscriber.payloads();
    let (mut third, _) = Client::connect(&broker, "third");
    third.subscribe("#");
    let retained = third.payloads();

    assert!(publisher_present && subscriber_present);
    assert!(matches!(again, Some(Packet::Pubrec(_))), "{again:?}");
    assert!(
        matches!(&released, Some(Packet::Pubcomp(p)) if p.reason == protocol::ReasonCode::SUCCESS),
        "{released:?}"
    );
    assert_eq!(delivered, (1..=40).map(|number: u16| number.to_string()).collect::<Vec<_>>());
    assert_eq!(retained, ["10", "20", "30", "40"]);
}

/// Whatever moment the kill comes at, what has its acknowledgement by then is there.
#[test]
fn what_was_acknowledged_is_there_whenever_kill_9_comes() {
    for enough in [1, 3, 17, 60, 200] {
        let directory = TempDir::new().expect("there is room for a directory");
        let mut broker = start(&directory);
        Client::connect(&broker, "subscriber").0.subscribe("t/#");
        let (mut publisher, _) = Client::connect(&broker, "publisher");
        (1..=300).for_each(|packet_id| publisher.publish(packet_id, QoS::AtLeastOnce, false));

        let mut acknowledged = 0;
        while let Some(packet) = publisher.next() {
            assert!(matches!(packet, Packet::Puback(_)), "{packet:?}");
            acknowledged += 1;
            if acknowledged == enough {
                broker.process.kill().expect("it runs");
            }
        }
        broker.process.wait().expect("it ends");
        let broker = start(&directory);
        let delivered = Client::connect(&broker, "subscriber").0.payloads();

        let expected: Vec<String> = (1..=delivered.len()).map(|number| number.to_string()).collect();
        assert!(delivered.len() >= acknowledged, "{acknowledged} acknowledged, {delivered:?}");
        assert_eq!(delivered, expected);
    }
}

#[cfg(unix)]
#[test]
fn sigterm_leaves_a_store_that_needs_no_repair() {
    let directory = TempDir::new().expect("there is room for a directory");
    let mut broker = start(&directory);
    Client::connect(&broker, "a").0.subscribe("t");

    let killed =
        Command::new("kill").args(["-TERM", &broker.process.id().to_string()]).status().expect("kill runs");
    let mut last = String::new();
    broker.output.read_line(&mut last).expect("it says that it has closed");
    let status = broker.process.wait().expect("it ends");

    assert!(killed.success() && status.success());
    assert_eq!(last, "closed\n");
    let database = redb::Database::builder().open_read_only(directory.path().join("store"));
    assert_eq!(database.err().map(|error| error.to_string()), None);
}

#[test]
fn a_second_process_on_the_same_store_is_told_so() {
    let directory = TempDir::new().expect("there is room for a directory");
    let _first = start(&directory);
    let path = directory.path().join("store").display().to_string();

    let second = run(&["--listen", "mqtt://127.0.0.1:0", "--store", &path]);

    let message = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(1));
    assert!(message.contains(&format!("{path} is in use: another process has it open")), "{message}");
}

#[test]
fn a_damaged_store_of_the_configuration_is_refused_by_name() {
    let directory = TempDir::new().expect("there is room for a directory");
    let (store, config) = (directory.path().join("store"), directory.path().join("broker.yaml"));
    std::fs::write(&store, "no store at all").expect("it can be written");
    std::fs::write(&config, format!("store: {}\n", store.display())).expect("it can be written");

    let output = run(&["--listen", "mqtt://127.0.0.1:0", "--config", &config.display().to_string()]);

    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(message.contains(&format!("{} is damaged or no store", store.display())), "{message}");
    assert_eq!(std::fs::read(&store).expect("it is there"), b"no store at all");
}

#[test]
fn without_a_store_it_says_that_it_is_memory_only() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_reference-broker"))
        .args(["--listen", "mqtt://127.0.0.1:0"])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    let mut stderr = std::io::BufReader::new(process.stderr.take().expect("it is piped"));
    stderr.read_line(&mut line).expect("it says something");
    process.kill().expect("it runs");
    process.wait().expect("it ends");

    assert!(line.contains("in memory only"), "{line}");
}
