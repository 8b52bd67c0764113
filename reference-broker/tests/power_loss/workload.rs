//! What the Clients do before the power goes, and what they expect after it is back.

use crate::facts::{Facts, Message};
use crate::machine::Machine;
use disk::Disk;
use protocol::{
    Acknowledgement, Connect, Packet, Properties, Property, Publish, QoS, Subscribe, SubscriptionOptions,
    Unsubscribe, Version,
};
use reference_broker::Random;

const PUBLISHER: u64 = 1;
const TOPIC: &str = "messages";

fn connect(name: &'static str) -> Packet {
    let properties = Properties::new().with(Property::SessionExpiryInterval(u32::MAX));
    Packet::Connect(Box::new(Connect { clean_start: false, properties, ..Connect::new(Version::V500, name) }))
}

fn subscribe(filter: &str, qos: QoS) -> Packet {
    let filters = vec![(filter.into(), SubscriptionOptions::at(qos))];
    Packet::Subscribe(Subscribe { packet_id: 1, properties: Properties::new(), filters })
}

fn publish(number: usize, qos: QoS, topic: &str, retain: bool, dup: bool) -> Packet {
    let packet_id = u16::try_from(number + 1).expect("so few");
    let publish = Publish::new(topic.to_owned(), number.to_string());
    Packet::Publish(Publish { qos, packet_id: Some(packet_id), retain, dup, ..publish })
}

fn number(publish: &Publish) -> usize {
    std::str::from_utf8(&publish.payload).ok().and_then(|text| text.parse().ok()).expect("a number")
}

/// Does the work until its end or until the power goes.
pub fn run(disk: &Disk, seed: u64) -> Facts {
    let mut facts = Facts::default();
    let Ok(mut machine) = Machine::start(disk) else { return facts };
    let mut random = Random::new(seed);
    machine.open(PUBLISHER);
    for (_, packet) in machine.send(PUBLISHER, &[connect("publisher")]) {
        if matches!(packet, Packet::Connack(_)) {
            facts.sessions.insert("publisher");
        }
    }
    attend(&mut machine, &mut facts, 2, 0, &[subscribe(TOPIC, QoS::ExactlyOnce)]);
    for step in 0..24 {
        match random.next() % 8 {
            0 => retain(&mut machine, &mut facts, &mut random),
            1 => change_filter(&mut machine, &mut facts, &mut random),
            2 => release(&mut machine, &mut facts),
            3 => attend(&mut machine, &mut facts, 10 + step, random.next() % 4, &[]),
            _ => publish_some(&mut machine, &mut facts, &mut random),
        }
    }
    publish_some(&mut machine, &mut facts, &mut random);
    facts.ended = true;
    facts
}

/// One to three messages at a time.
fn publish_some(machine: &mut Machine, facts: &mut Facts, random: &mut Random) {
    let packets: Vec<Packet> = (0..=random.next() % 3)
        .map(|_| {
            let qos = if random.next().is_multiple_of(2) { QoS::AtLeastOnce } else { QoS::ExactlyOnce };
            facts.messages.push(Message { acknowledged: false, received: false, released: false });
            publish(facts.messages.len() - 1, qos, TOPIC, false, false)
        })
        .collect();
    for (_, packet) in machine.send(PUBLISHER, &packets) {
        if let Packet::Puback(p) | Packet::Pubrec(p) = &packet {
            let number = usize::from(p.packet_id) - 1;
            facts.messages[number].acknowledged = true;
            if matches!(packet, Packet::Pubrec(_)) {
                facts.unreleased.insert(p.packet_id, number);
            }
        }
    }
}

fn retain(machine: &mut Machine, facts: &mut Facts, random: &mut Random) {
    let topic = format!("retained/{}", random.next() % 2);
    let entry = facts.retained.entry(topic.clone()).or_default();
    entry.0.push(entry.0.len());
    let place = entry.0.len() - 1;
    let Packet::Publish(packet) = publish(place, QoS::AtLeastOnce, &topic, true, false) else { return };
    // Not a Packet Identifier that one of the messages may have.
    let packet = Packet::Publish(Publish { packet_id: Some(60_000), ..packet });
    if machine.send(PUBLISHER, &[packet]).iter().any(|(_, packet)| matches!(packet, Packet::Puback(_))) {
        entry.1 = Some(place);
    }
}

fn change_filter(machine: &mut Machine, facts: &mut Facts, random: &mut Random) {
    let filter = format!("filter/{}", random.next() % 2);
    let state = facts.filters.entry(filter.clone()).or_insert(Some(false));
    let subscribes = *state != Some(true);
    *state = None;
    let packet = if subscribes {
        subscribe(&filter, QoS::AtLeastOnce)
    } else {
        let filters = vec![filter.as_str().into()];
        Packet::Unsubscribe(Unsubscribe { packet_id: 1, properties: Properties::new(), filters })
    };
    for (_, packet) in machine.send(PUBLISHER, &[packet]) {
        if matches!(packet, Packet::Suback(_) | Packet::Unsuback(_)) {
            *state = Some(subscribes);
        }
    }
}

/// PUBREL for the oldest message that waits for it.
fn release(machine: &mut Machine, facts: &mut Facts) {
    if let Some((packet_id, _)) = facts.unreleased.pop_first() {
        machine.send(PUBLISHER, &[Packet::Pubrel(Acknowledgement::new(packet_id))]);
    }
}

/// The subscriber comes, says something, takes some messages to their ends, and leaves in the middle.
fn attend(machine: &mut Machine, facts: &mut Facts, id: u64, takes: u64, says: &[Packet]) {
    machine.open(id);
    let mut seen = machine.send(id, &[connect("subscriber")]);
    if seen.iter().any(|(_, packet)| matches!(packet, Packet::Connack(_))) {
        facts.sessions.insert("subscriber");
    }
    seen.extend(machine.send(id, says));
    facts.subscribed |= seen.iter().any(|(_, packet)| matches!(packet, Packet::Suback(_)));
    let published: Vec<Publish> = seen
        .into_iter()
        .filter_map(|(_, packet)| if let Packet::Publish(publish) = packet { Some(publish) } else { None })
        .collect();
    for publish in published.iter().take(takes as usize) {
        let acknowledgement = Acknowledgement::new(publish.packet_id.unwrap_or(0));
        facts.messages[number(publish)].received = true;
        if publish.qos == QoS::AtLeastOnce {
            machine.send(id, &[Packet::Puback(acknowledgement)]);
            continue;
        }
        let answer = machine.send(id, &[Packet::Pubrec(acknowledgement.clone())]);
        if answer.iter().any(|(_, packet)| matches!(packet, Packet::Pubrel(_))) {
            facts.messages[number(publish)].released = true;
            // Every other one is left there.
            if number(publish).is_multiple_of(2) {
                machine.send(id, &[Packet::Pubcomp(acknowledgement)]);
            }
        }
    }
    machine.close(id);
}

/// Compares what a new process finds on the disk with the facts.
pub fn verify(disk: &Disk, facts: &Facts) -> Result<(), String> {
    let mut machine = match Machine::start(disk) {
        Ok(machine) => machine,
        // The power may go before there is a store at all. Nobody has been promised anything then.
        Err(_) if facts.sessions.is_empty() => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let greet = |machine: &mut Machine, id, name| {
        machine.open(id);
        let seen = machine.send(id, &[connect(name)]);
        let present =
            seen.iter().any(|(_, packet)| matches!(packet, Packet::Connack(c) if c.session_present));
        if present || !facts.sessions.contains(name) {
            Ok(seen)
        } else {
            Err(format!("the Session of {name} is lost"))
        }
    };

    // Whatever the subscriber is sent is new to it, or at least not known to be old.
    let seen = greet(&mut machine, 1, "subscriber")?;
    let delivered: Vec<usize> = seen
        .iter()
        .filter_map(
            |(_, packet)| if let Packet::Publish(publish) = packet { Some(number(publish)) } else { None },
        )
        .collect();
    facts.judge_messages(&delivered)?;

    greet(&mut machine, 2, "publisher")?;
    for message in facts.unreleased.values() {
        let seen = machine.send(2, &[publish(*message, QoS::ExactlyOnce, TOPIC, false, true)]);
        if !matches!(&seen[..], [(2, Packet::Pubrec(_))]) {
            return Err(format!("message {message} of QoS 2 is taken over twice: {seen:?}"));
        }
    }

    machine.open(3);
    machine.send(3, &[connect("third")]);
    for (filter, state) in &facts.filters {
        let seen = machine.send(3, &[publish(0, QoS::AtLeastOnce, filter, false, false)]);
        let delivered = seen.iter().any(|(id, packet)| *id == 2 && matches!(packet, Packet::Publish(_)));
        if state.is_some_and(|state| state != delivered) {
            return Err(format!(
                "the Subscription to {filter}: delivered {delivered}, acknowledged {state:?}"
            ));
        }
    }
    for topic in facts.retained.keys() {
        let seen = machine.send(3, &[subscribe(topic, QoS::AtMostOnce)]);
        let found =
            seen.iter().find_map(|(_, p)| if let Packet::Publish(p) = p { Some(number(p)) } else { None });
        facts.judge_retained(topic, found)?;
    }
    Ok(())
}
