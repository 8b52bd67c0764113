//! Evidence for the tools of others, read back.

#[path = "../../record/tests/records/mod.rs"]
mod records;

use record::{Check, Untrusted};
use record::{Direction, EventKind, Transcript};
use render::export::{pcapng, script};

/// The packets of a capture: time in microseconds, and bytes from the IP header on.
fn packets(capture: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let word = |at: usize| u32::from_le_bytes(capture[at..at + 4].try_into().unwrap());
    let mut at = 0;
    let mut out = Vec::new();
    while at < capture.len() {
        let length = word(at + 4) as usize;
        assert_eq!(length % 4, 0);
        assert_eq!(word(at + length - 4) as usize, length, "a block ends with its length");
        if word(at) == 6 {
            let time = u64::from(word(at + 12)) << 32 | u64::from(word(at + 16));
            out.push((time, capture[at + 28..at + 28 + word(at + 20) as usize].to_vec()));
        }
        at += length;
    }
    out
}

fn sum(bytes: &[u8]) -> u32 {
    let words =
        bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u32::from(*low)));
    let sum: u32 = words.sum();
    let folded = (sum >> 16) + (sum & 0xFFFF);
    (folded >> 16) + (folded & 0xFFFF)
}

/// What one side of the first connection sent, put together by its sequence numbers.
fn stream(packets: &[(u64, Vec<u8>)], from_port: u16, to_port: u16) -> Vec<u8> {
    let mut next = None;
    let mut out = Vec::new();
    for (_, packet) in packets {
        let port = |at: usize| u16::from_be_bytes(packet[at..at + 2].try_into().unwrap());
        if (port(20), port(22)) != (from_port, to_port) {
            continue;
        }
        let sequence = u32::from_be_bytes(packet[24..28].try_into().unwrap());
        let flags = packet[33];
        assert!(next.is_none_or(|next| next == sequence), "no gap and nothing twice");
        next = Some(sequence + u32::try_from(packet.len() - 40).unwrap() + u32::from(flags & 3 != 0));
        out.extend(&packet[40..]);
    }
    out
}

#[test]
fn a_capture_holds_the_recorded_bytes_in_order_and_every_checksum_is_right() {
    for check in [records::redelivery(), records::second_connect()] {
        let packets = packets(&pcapng::render(&check).unwrap());

        for (_, packet) in &packets {
            assert_eq!(usize::from(u16::from_be_bytes([packet[2], packet[3]])), packet.len());
            assert_eq!(sum(&packet[..20]), 0xFFFF);
            let mut pseudo = packet[12..20].to_vec();
            pseudo.extend([0, 6]);
            pseudo.extend(u16::try_from(packet.len() - 20).unwrap().to_be_bytes());
            pseudo.extend(&packet[20..]);
            assert_eq!(sum(&pseudo), 0xFFFF);
        }
        assert!(packets.windows(2).all(|pair| pair[0].0 <= pair[1].0), "time does not go back");
        let transcript = check.transcript.as_ref().unwrap();
        for (port, connection) in (49_152..).zip(&transcript.connections) {
            let recorded = |direction| {
                let events = transcript
                    .events
                    .iter()
                    .filter(|event| event.connection == connection.name && event.direction == direction);
                events.flat_map(record::Event::wire).collect::<Vec<u8>>()
            };
            assert_eq!(stream(&packets, port, 1883), recorded(Direction::ToServer));
            assert_eq!(stream(&packets, 1883, port), recorded(Direction::FromServer));
        }
    }
}

#[test]
fn a_packet_larger_than_a_segment_is_divided() {
    let mut check = records::redelivery();
    let events = &mut check.transcript.as_mut().unwrap().events;
    let mut wire = vec![0x30, 0xA4, 0x9C, 0x01, 0, 1, b't'];
    wire.resize(4 + 20_004, b'x');
    events[4] = events[4].clone().with_wire(&wire);

    let packets = packets(&pcapng::render(&check).unwrap());

    assert!(packets.iter().all(|(_, packet)| packet.len() <= 1500));
    assert!(stream(&packets, 1883, 49_152).ends_with(&wire));
}

#[test]
fn a_check_without_packets_gives_neither() {
    let check = Check { transcript: None, ..records::redelivery() };

    assert!(pcapng::render(&check).is_none());
    assert!(script::render(&check, "").is_none());
}

#[test]
fn a_script_sends_what_was_sent_and_answers_with_the_identifier_of_today() {
    let mut check = records::redelivery();
    let transcript = check.transcript.as_mut().unwrap();
    let mut acknowledgement = transcript.events[9].clone().with_wire(&[0x40, 2, 0, 7]);
    acknowledgement.direction = Direction::ToServer;
    acknowledgement.mark = None;
    transcript.events.push(acknowledgement);

    let text = script::render(&check, "mqtt://192.0.2.7:1884").unwrap();

    assert!(text.contains("(\"open\", \"A2\")") && text.contains("(\"closed\", \"A\")"), "{text}");
    assert!(text.contains(r#"("send", "A2", b"@\x02\x00\x07", 0)"#), "{text}");
    assert!(text.contains("192.0.2.7:1884"));
}

#[test]
fn a_script_holds_nothing_but_ascii_and_as_many_lines_whatever_the_subject_sends() {
    let lines = |nasty: &[u8]| {
        let record = records::hostile(nasty);
        let text = script::render(&record.checks[0], "x; rm -rf /:1").unwrap();
        assert!(text.chars().all(|character| character == '\n' || matches!(character, ' '..='~')));
        assert!(text.contains("127.0.0.1:1883"));
        text.lines().count()
    };
    let expected = lines(b"harmless");
    for nasty in record::hostile::corpus() {
        assert_eq!(lines(&nasty), expected, "{:?}", Untrusted::new(nasty));
    }
}

#[test]
fn a_reset_of_ours_ends_the_connection_for_good() {
    let mut check = records::second_connect();
    let transcript: &mut Transcript = check.transcript.as_mut().unwrap();
    transcript.events[4].kind = EventKind::Reset;
    transcript.events[4].bytes.clear();

    let packets = packets(&pcapng::render(&check).unwrap());
    let text = script::render(&check, "").unwrap();

    assert_eq!(packets.last().unwrap().1[33], 0x14, "RST and ACK");
    assert!(text.contains("(\"reset\", \"A\")"), "{text}");
}
