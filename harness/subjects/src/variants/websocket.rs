//! What a Server behind WebSocket may do with frames (chapter 6, RFC 6455).

use crate::around::Twist;
use crate::variant;
use bytes::Bytes;
use tester::websocket::frame::{BINARY, CONTINUATION, Frame, PING};

/// The payload of a binary frame in pieces of so many bytes; other frames have none.
fn pieces(frame: &Frame, length: usize) -> Option<Vec<Bytes>> {
    let whole = frame.opcode == BINARY && !frame.payload.is_empty();
    whole.then(|| frame.payload.chunks(length).map(Bytes::copy_from_slice).collect())
}

variant! {
    "websocket-frames-of-three-bytes", "Packets go out in binary frames of three bytes, which need not end with a packet (6.0.0-2)",
    websocket: Twist {
        frame_out: Some(|frame| match pieces(&frame, 3) {
            Some(pieces) => pieces.into_iter().map(|piece| Frame::new(BINARY, piece)).collect(),
            None => vec![frame],
        }),
        ..Twist::NONE
    },
}

variant! {
    "websocket-fragments-and-pings", "Messages go out in fragments, with Ping frames between them (RFC 6455 section 5.4)",
    websocket: Twist {
        frame_out: Some(|frame| {
            let Some(pieces) = pieces(&frame, 2) else { return vec![frame] };
            let last = pieces.len() - 1;
            let fragment = |(index, payload)| {
                let opcode = if index == 0 { BINARY } else { CONTINUATION };
                [Frame { ends: index == last, opcode, payload }, Frame::new(PING, &b"?"[..])]
            };
            pieces.into_iter().enumerate().flat_map(fragment).collect()
        }),
        ..Twist::NONE
    },
}
