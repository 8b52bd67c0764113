//! WebSocket (chapter 6 of both standards): what is wrong in the answer to the handshake, and in frames. It concerns only the configuration in which the
//! Server is behind WebSocket.

use crate::around::{Twist, frame_length};
use crate::defect;
use tester::websocket::frame::{BINARY, CONTINUATION, Frame, TEXT};

/// The answer with this name of a subprotocol, or with none.
fn naming(answer: &str, subprotocol: Option<&str>) -> String {
    let mut lines: Vec<String> = answer
        .split("\r\n")
        .filter(|line| !line.to_ascii_lowercase().starts_with("sec-websocket-protocol:"))
        .map(str::to_owned)
        .collect();
    if let Some(name) = subprotocol {
        lines.insert(1, format!("Sec-WebSocket-Protocol: {name}"));
    }
    lines.join("\r\n")
}

/// The first subprotocol that the request offers.
fn first_offer(request: &str) -> Option<&str> {
    let offers = |line: &str| line.to_ascii_lowercase().starts_with("sec-websocket-protocol:");
    let (_, names) = request.split("\r\n").find(|line| offers(line))?.split_once(':')?;
    names.split(',').map(str::trim).next()
}

/// How many bytes of whole packets are in front, and how many belong to the first one.
fn whole_packets(bytes: &[u8]) -> (usize, usize) {
    let (mut at, mut first) = (0, 0);
    while let Some(length) = frame_length(&bytes[at..]).filter(|l| at + l <= bytes.len()) {
        at += length;
        if first == 0 {
            first = length;
        }
    }
    (at, first)
}

/// A binary frame with only so much of its payload.
fn cut(mut frame: Frame, length: usize) -> Vec<Frame> {
    if matches!(frame.opcode, BINARY | CONTINUATION) && length > 0 {
        frame.payload.truncate(length);
    }
    vec![frame]
}

defect! {
    "websocket-takes-text-frames", "Packets in text frames are accepted like those in binary frames",
    breaks: ["3.1.1/MQTT-6.0.0-1", "5.0/MQTT-6.0.0-1"],
    websocket: Twist {
        frame_in: Some(|frame| vec![Frame { opcode: if frame.opcode == TEXT { BINARY } else { frame.opcode }, ..frame }]),
        ..Twist::NONE
    },
}

defect! {
    "websocket-ignores-text-frames", "Text frames are ignored, and the Network Connection stays open",
    breaks: ["3.1.1/MQTT-6.0.0-1", "5.0/MQTT-6.0.0-1"],
    websocket: Twist {
        frame_in: Some(|frame| if frame.opcode == TEXT { Vec::new() } else { vec![frame] }),
        ..Twist::NONE
    },
}

defect! {
    "websocket-answers-in-text-frames", "Packets of the Server go out in text frames",
    breaks: ["3.1.1/MQTT-6.0.0-1", "5.0/MQTT-6.0.0-1"],
    websocket: Twist {
        frame_out: Some(|frame| vec![Frame { opcode: if frame.opcode == BINARY { TEXT } else { frame.opcode }, ..frame }]),
        ..Twist::NONE
    },
}

defect! {
    "websocket-one-packet-per-frame", "What follows the first packet in a frame is lost",
    breaks: ["3.1.1/MQTT-6.0.0-2", "5.0/MQTT-6.0.0-2"],
    websocket: Twist {
        frame_in: Some(|frame| { let (_, first) = whole_packets(&frame.payload); cut(frame, first) }),
        ..Twist::NONE
    },
}

defect! {
    "websocket-packet-ends-with-its-frame", "A packet that goes on in the next frame is refused, as if its frame had to hold it whole",
    breaks: ["3.1.1/MQTT-6.0.0-2", "5.0/MQTT-6.0.0-2"],
    websocket: Twist {
        frame_in: Some(|frame| {
            let (whole, _) = whole_packets(&frame.payload);
            let partial = frame.opcode == BINARY && frame.ends && whole < frame.payload.len();
            vec![Frame { opcode: if partial { TEXT } else { frame.opcode }, ..frame }]
        }),
        ..Twist::NONE
    },
}

defect! {
    "websocket-names-no-subprotocol", "The answer to the handshake names no subprotocol",
    breaks: ["3.1.1/MQTT-6.0.0-4", "5.0/MQTT-6.0.0-4"],
    websocket: Twist { answer: Some(|_, answer| naming(answer, None)), ..Twist::NONE },
}

defect! {
    "websocket-names-mqttv3.1", "The answer to the handshake names the subprotocol of MQTT 3.1",
    breaks: ["3.1.1/MQTT-6.0.0-4", "5.0/MQTT-6.0.0-4"],
    websocket: Twist { answer: Some(|_, answer| naming(answer, Some("mqttv3.1"))), ..Twist::NONE },
}

defect! {
    "websocket-names-the-first-subprotocol", "The answer to the handshake names whatever the Client offers first",
    breaks: ["3.1.1/MQTT-6.0.0-4", "5.0/MQTT-6.0.0-4"],
    websocket: Twist { answer: Some(|request, answer| naming(answer, first_offer(request))), ..Twist::NONE },
}
