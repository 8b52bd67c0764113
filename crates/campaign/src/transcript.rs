//! What happened in a run, in lines for people.

use crate::workload::ClientName;
use protocol::Packet;
use simulator::LinkId;
use std::fmt::{self, Display, Write as _};
use std::time::Duration;

/// The lines of a run. Same workload, same driver, same Server: same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    text: String,
}

impl Transcript {
    /// Adds a line.
    pub(crate) fn line(&mut self, at: Duration, what: impl Display) {
        // Writing to a String never fails.
        let _ = writeln!(self.text, "{:>5}.{:03} {what}", at.as_secs(), at.subsec_millis());
    }

    /// Adds a packet.
    pub(crate) fn packet(
        &mut self,
        at: Duration,
        client: ClientName,
        link: LinkId,
        arrow: &str,
        packet: &Packet,
    ) {
        self.line(at, format_args!("  {client}#{} {arrow} {packet}{}", link.0, Payload(packet)));
    }

    /// The text; each line begins with the time in seconds since the beginning.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A number that differs for different texts (FNV-1a), to compare runs of different processes.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.text.bytes().fold(0xCBF2_9CE4_8422_2325, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
    }
}

/// The beginning of the payload of a PUBLISH, escaped.
struct Payload<'a>(&'a Packet);

impl Display for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Packet::Publish(publish) = self.0 else { return Ok(()) };
        if publish.payload.is_empty() {
            return Ok(());
        }
        let beginning = &publish.payload[..publish.payload.len().min(12)];
        write!(f, " \"{}\"", String::from_utf8_lossy(beginning).escape_debug())
    }
}
