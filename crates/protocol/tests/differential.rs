//! Our decoder against two independent ones, on valid packets and on every malformation of them.
//!
//! Each disagreement falls into a class: which peer, what we say, what it says. A class that no row of [`explained::EXPLAINED`] covers
//! fails the test, and so does a row that covers none.

#[path = "peers/explained.rs"]
mod explained;
mod peers;

use bytes::{Bytes, BytesMut};
use explained::EXPLAINED;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use protocol::wire::{dissect, malformations};
use protocol::{Packet, PacketType, Properties, Role, Version, arbitrary, decode, encode};
use std::collections::BTreeMap;
use std::panic::catch_unwind;

fn ours(bytes: &[u8], version: Version, sender: Role) -> (String, Option<Packet>) {
    let is_connect = bytes.first().is_some_and(|first| first >> 4 == 1);
    let stream = if is_connect { None } else { Some(version) };
    match decode(&Bytes::copy_from_slice(bytes), stream, sender) {
        Ok(Packet::Connect(connect)) if connect.version != version => ("other version".to_owned(), None),
        Ok(packet) => ("taken".to_owned(), Some(packet)),
        Err(error) => (error.requirement.to_string(), None),
    }
}

/// Properties in the order of their identifiers: a peer that keeps them in named fields loses the order.
fn sorted(mut packet: Packet) -> Packet {
    let sort = |properties: &mut Properties| properties.0.sort_by_key(|property| property.id());
    if let Some(properties) = packet.properties_mut() {
        sort(properties);
    }
    if let Packet::Connect(connect) = &mut packet
        && let Some(will) = &mut connect.will
    {
        sort(&mut will.properties);
    }
    packet
}

/// What the peer says, in comparison with the packet that we have read.
fn theirs(
    peer: fn(&[u8], Version) -> peers::Answer,
    bytes: &[u8],
    version: Version,
    sender: Role,
    packet: Option<&Packet>,
) -> String {
    match catch_unwind(|| peer(bytes, version)) {
        Err(_) => "panics".to_owned(),
        Ok(Err(error)) => format!("refused: {error}"),
        Ok(Ok(written)) => match (packet, ours(&written, version, sender).1) {
            (Some(packet), Some(again)) if sorted(packet.clone()) == sorted(again.clone()) => {
                "taken".to_owned()
            }
            (Some(_), _) => "taken, and read differently".to_owned(),
            (None, _) => "taken".to_owned(),
        },
    }
}

#[test]
fn every_disagreement_with_the_peers_is_explained() {
    // The panics of peers are expected.
    std::panic::set_hook(Box::new(|_| {}));
    let mut classes: BTreeMap<(&str, String, String), (usize, String)> = BTreeMap::new();
    let mut runner = TestRunner::deterministic();
    for version in Version::ALL {
        for sender in [Role::Client, Role::Server] {
            let strategy = arbitrary::packet(version, sender);
            for _ in 0..150 {
                let packet = strategy.new_tree(&mut runner).expect("a packet").current();
                let mut buffer = BytesMut::new();
                encode(&packet, version, &mut buffer).expect("a short packet");
                let frame = dissect(&buffer, Some(version));
                let changed = malformations(&frame).into_iter().filter_map(|malformation| {
                    Some((malformation.name(&frame), malformation.apply(&frame)?.to_bytes()))
                });
                for (name, bytes) in
                    std::iter::once(("as it is".to_owned(), buffer.clone().freeze())).chain(changed)
                {
                    compare(&mut classes, &name, &bytes, version, sender);
                }
            }
        }
    }
    let _ = std::panic::take_hook();
    let mut used = vec![0; EXPLAINED.len()];
    let mut unexplained = Vec::new();
    for ((peer, ours, theirs), (count, example)) in &classes {
        let row = EXPLAINED.iter().position(|row| {
            let ours_fits = row.ours.iter().any(|pattern| explained::fits(pattern, ours));
            row.peer == *peer && ours_fits && theirs == row.theirs
        });
        match row {
            Some(row) => used[row] += count,
            None => unexplained.push(format!("{peer}: {ours} / {theirs} ({count} times, {example})")),
        }
    }
    assert!(unexplained.is_empty(), "{} unexplained:\n{}", unexplained.len(), unexplained.join("\n"));
    let stale: Vec<_> =
        EXPLAINED.iter().zip(used).filter(|(_, used)| *used == 0).map(|(row, _)| row).collect();
    assert!(stale.is_empty(), "these rows explain nothing: {stale:#?}");
}

fn compare(
    classes: &mut BTreeMap<(&'static str, String, String), (usize, String)>,
    name: &str,
    bytes: &Bytes,
    version: Version,
    sender: Role,
) {
    let (ours, packet) = ours(bytes, version, sender);
    let packet_type = bytes.first().and_then(|first| PacketType::from_value(first >> 4));
    let kind = packet_type.map_or("type 0", PacketType::name);
    for (peer, answer) in [
        ("mqttbytes", peers::mqttbytes as fn(&[u8], Version) -> _),
        ("mqtt-protocol-core", peers::mqtt_protocol_core),
    ] {
        let theirs = theirs(answer, bytes, version, sender, packet.as_ref());
        let agree = (ours == "taken") == (theirs == "taken") && theirs != "panics";
        if !agree {
            let ours = if ours == "taken" { format!("taken: {version} {kind}") } else { ours.clone() };
            let example = format!("{version} {kind} {name}: {bytes:02X?}");
            let class = classes.entry((peer, ours, theirs)).or_insert((0, example));
            class.0 += 1;
        }
    }
}
