//! What holds for all packets and all bytes: nothing is lost on the way, pieces do not matter, nothing panics.

use bytes::{Bytes, BytesMut};
use proptest::prelude::*;
use proptest::sample::Index;
use protocol::wire::{Frame, dissect, malformations};
use protocol::{
    Connect, DecodeError, Decoder, ErrorKind, Limits, Packet, Role, Version, arbitrary, decode, encode,
    encoded_len, topic,
};

fn bytes_of(packet: &Packet, version: Version) -> Bytes {
    let mut buffer = BytesMut::new();
    encode(packet, version, &mut buffer).expect("arbitrary packets are short");
    buffer.freeze()
}

fn decoder(version: Version, sender: Role) -> Decoder {
    match sender {
        Role::Server => Decoder::for_client(version, Limits::default()),
        Role::Client => {
            let mut decoder = Decoder::for_server(Limits::default());
            decoder.feed(bytes_of(&Packet::Connect(Box::new(Connect::new(version, "c"))), version));
            decoder.next_packet().expect("a whole packet").expect("a right one");
            decoder
        }
    }
}

fn drain(decoder: &mut Decoder, found: &mut Vec<Result<Packet, DecodeError>>) {
    while let Some(result) = decoder.next_packet() {
        let is_dead = result.is_err();
        if !is_dead || !found.iter().any(Result::is_err) {
            found.push(result);
        }
        if is_dead {
            return;
        }
    }
}

/// Feeds `bytes` in pieces that end at these places.
fn decode_in_pieces(
    mut decoder: Decoder,
    bytes: &[u8],
    cuts: impl IntoIterator<Item = usize>,
) -> Vec<Result<Packet, DecodeError>> {
    let mut found = Vec::new();
    let mut from = 0;
    for to in cuts.into_iter().chain([bytes.len()]) {
        decoder.feed(Bytes::copy_from_slice(&bytes[from..to]));
        drain(&mut decoder, &mut found);
        from = to;
    }
    found
}

/// Failures are not written to a file: the seed that is printed is enough.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn decoding_undoes_encoding((version, sender, packet) in arbitrary::any_packet()) {
        let bytes = bytes_of(&packet, version);
        prop_assert_eq!(bytes.len(), encoded_len(&packet, version));
        prop_assert_eq!(decode(&bytes, Some(version), sender), Ok(packet));
    }

    #[test]
    fn a_stream_gives_the_same_packets_in_any_pieces(
        version in arbitrary::version(),
        packets in prop::collection::vec(arbitrary::publish(Version::V311, Role::Client), 1..4),
        more in prop::collection::vec(arbitrary::packet(Version::V500, Role::Server), 1..4),
        cuts in prop::collection::vec(any::<Index>(), 0..6),
    ) {
        let (version, sender, packets) = match version {
            Version::V311 => (version, Role::Client, packets),
            Version::V500 => (version, Role::Server, more),
        };
        let stream: Vec<u8> = packets.iter().flat_map(|packet| bytes_of(packet, version)).collect();
        let expected: Vec<_> = packets.into_iter().map(Ok).collect();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        prop_assert_eq!(&decode_in_pieces(decoder(version, sender), &stream, cuts), &expected);
        let every_byte = 1..stream.len();
        prop_assert_eq!(&decode_in_pieces(decoder(version, sender), &stream, every_byte), &expected);
    }

    #[test]
    fn every_split_of_changed_bytes_gives_the_same_outcome(
        (version, sender, packet) in arbitrary::any_packet(),
        change in any::<(Index, u8)>(),
    ) {
        let mut bytes = bytes_of(&packet, version).to_vec();
        let at = change.0.index(bytes.len());
        bytes[at] = change.1;
        let whole = decode_in_pieces(decoder(version, sender), &bytes, []);
        for cut in 1..bytes.len() {
            prop_assert_eq!(&decode_in_pieces(decoder(version, sender), &bytes, [cut]), &whole);
        }
        prop_assert_eq!(&decode_in_pieces(decoder(version, sender), &bytes, 1..bytes.len()), &whole);
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for decoder in [
            Decoder::for_server(Limits::default()),
            decoder(Version::V311, Role::Client),
            decoder(Version::V500, Role::Client),
            Decoder::for_client(Version::V311, Limits::default()),
            Decoder::for_client(Version::V500, Limits::default()),
        ] {
            let found = decode_in_pieces(decoder, &bytes, []);
            for error in found.into_iter().filter_map(Result::err) {
                prop_assert!(error.offset <= bytes.len());
                prop_assert!(!error.text.chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn whatever_is_taken_is_encoded_and_taken_again(
        (version, sender, packet) in arbitrary::any_packet(),
        changes in prop::collection::vec(any::<(Index, u8)>(), 1..4),
    ) {
        let mut bytes = bytes_of(&packet, version).to_vec();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(taken) = decode(&Bytes::from(bytes), Some(version), sender) {
            let version = match &taken {
                Packet::Connect(connect) => connect.version,
                _ => version,
            };
            prop_assert_eq!(decode(&bytes_of(&taken, version), Some(version), sender), Ok(taken));
        }
    }

    #[test]
    fn nothing_is_lost_by_dissecting(
        bytes in prop::collection::vec(any::<u8>(), 0..120),
        version in prop::option::of(arbitrary::version()),
    ) {
        let frame = dissect(&bytes, version);
        prop_assert_eq!(&frame.to_bytes()[..], &bytes[..]);
        prop_assert!(!frame.to_tree().chars().any(|character| character.is_control() && character != '\n'));
    }

    #[test]
    fn nothing_is_lost_by_dissecting_changed_packets(
        (version, _, packet) in arbitrary::any_packet(),
        changes in prop::collection::vec(any::<(Index, u8)>(), 0..4),
        cut in any::<Index>(),
    ) {
        let mut bytes = bytes_of(&packet, version).to_vec();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        for version in [None, Some(Version::V311), Some(Version::V500)] {
            prop_assert_eq!(&dissect(&bytes, version).to_bytes()[..], &bytes[..]);
        }
    }

    #[test]
    fn a_valid_packet_has_a_name_for_each_byte((version, _, packet) in arbitrary::any_packet()) {
        let frame = Frame::from_packet(&packet, version).expect("arbitrary packets are short");
        let mut next = 0;
        for placed in frame.layout() {
            prop_assert!(!["Unparsed", "Trailing bytes"].contains(&placed.field.name), "{}", frame.to_tree());
            prop_assert_eq!(placed.offset, next);
            next += match placed.field.value {
                protocol::wire::Value::Group(_) => 0,
                _ => placed.length,
            };
        }
        let mut settled = frame.clone();
        settled.make_lengths_honest();
        prop_assert_eq!(settled, frame);
    }

    #[test]
    fn every_filter_of_the_strategies_is_valid(filter in arbitrary::topic_filter(), name in arbitrary::topic_name()) {
        for version in Version::ALL {
            prop_assert!(topic::validate_filter(&filter, version).is_ok());
            prop_assert!(topic::validate_name(&name, version).is_ok());
        }
        prop_assert!(topic::matches(&name, &name));
        prop_assert_eq!(topic::matches("#", &name), !name.starts_with('$'));
        prop_assert_eq!(topic::matches("+/#", &name), topic::matches("#", &name));
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn malformations_are_named_apart_and_never_make_a_decoder_panic(
        (version, sender, packet) in arbitrary::any_packet(),
    ) {
        let frame = Frame::from_packet(&packet, version).expect("arbitrary packets are short");
        let original = frame.to_bytes();
        let mut names = std::collections::BTreeSet::new();
        for malformation in malformations(&frame) {
            let name = malformation.name(&frame);
            let changed = malformation.apply(&frame).expect("it fits").to_bytes();
            prop_assert_ne!(&changed, &original, "{}", name);
            prop_assert!(names.insert(name.clone()), "{} stands twice", name);
            let _ = decode(&changed, Some(version), sender);
            let found = decode_in_pieces(decoder(version, sender), &changed, []);
            let too_large = |result: &Result<_, DecodeError>| {
                matches!(result, Err(error) if error.kind == ErrorKind::PacketTooLarge)
            };
            prop_assert!(!found.iter().any(too_large));
        }
    }
}
