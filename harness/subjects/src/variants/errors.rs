//! Choices about errors: 5.0 demands the close; a DISCONNECT before it is optional (4.13.1).

use crate::variant;
use protocol::Packet;
use transport::Effect;

variant! {
    "closes-without-disconnect", "The Server never sends DISCONNECT before it closes (4.13.1)",
    effect: |_, _, effect| match effect {
        Effect::Send { packet: Packet::Disconnect(_), .. } => vec![],
        effect => vec![effect],
    },
}
