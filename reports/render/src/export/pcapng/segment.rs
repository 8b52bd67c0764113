//! IPv4 packets with TCP segments (RFC 791, RFC 9293) of connections that never were: right lengths, checksums and sequence numbers.

pub(super) const FIN: u8 = 0x01;
pub(super) const SYN: u8 = 0x02;
pub(super) const RST: u8 = 0x04;
pub(super) const PSH: u8 = 0x08;
pub(super) const ACK: u8 = 0x10;

/// 192.0.2.0/24 is reserved for documentation (RFC 5737), so that nobody takes these for real addresses.
const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [192, 0, 2, 2];

/// The port by which Wireshark knows MQTT.
const MQTT: u16 = 1883;
/// The first of the ports that are for nobody in particular (RFC 6335).
const FIRST_PORT: u16 = 49_152;

/// Who sends a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Client,
    Server,
}

impl Side {
    pub(super) const fn other(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }
}

/// One TCP connection.
#[derive(Debug)]
pub(super) struct Stream {
    port: u16,
    /// The next sequence number of the Client and of the Server.
    next: [u32; 2],
    /// Whether that side has sent its FIN, or the connection was reset.
    over: [bool; 2],
    is_open: bool,
    identification: u16,
}

impl Stream {
    pub(super) fn new(index: u16) -> Stream {
        Stream {
            port: FIRST_PORT.saturating_add(index),
            next: [1_000, 5_000],
            over: [false; 2],
            is_open: false,
            identification: 0,
        }
    }

    /// Opens it; false if it was open already.
    pub(super) fn open(&mut self) -> bool {
        !std::mem::replace(&mut self.is_open, true)
    }

    /// Whether this side can not send any more.
    pub(super) fn is_over(&self, side: Side) -> bool {
        self.over[side as usize]
    }

    /// The next packet of this side.
    pub(super) fn segment(&mut self, side: Side, flags: u8, data: &[u8]) -> Vec<u8> {
        let (own, peer) = (side as usize, side.other() as usize);
        let acknowledged = if flags & ACK == 0 { 0 } else { self.next[peer] };
        let ports = match side {
            Side::Client => [self.port, MQTT],
            Side::Server => [MQTT, self.port],
        };
        let addresses = match side {
            Side::Client => [CLIENT, SERVER],
            Side::Server => [SERVER, CLIENT],
        };
        let mut tcp = Vec::with_capacity(20 + data.len());
        tcp.extend(ports[0].to_be_bytes());
        tcp.extend(ports[1].to_be_bytes());
        tcp.extend(self.next[own].to_be_bytes());
        tcp.extend(acknowledged.to_be_bytes());
        // A header of five words, the flags, a window of 65,535 bytes, no checksum yet, nothing urgent.
        tcp.extend([5 << 4, flags, 0xFF, 0xFF, 0, 0, 0, 0]);
        tcp.extend(data);
        // Segments are at most 1,480 bytes long.
        let length = u16::try_from(tcp.len()).unwrap_or(u16::MAX);
        let mut pseudo = [addresses[0], addresses[1]].concat();
        pseudo.extend([0, 6]);
        pseudo.extend(length.to_be_bytes());
        pseudo.extend(&tcp);
        tcp[16..18].copy_from_slice(&checksum(&pseudo).to_be_bytes());

        let mut packet = vec![0x45, 0];
        packet.extend((length + 20).to_be_bytes());
        packet.extend(self.identification.to_be_bytes());
        // Not to be fragmented, 64 hops, TCP, no checksum yet.
        packet.extend([0x40, 0, 64, 6, 0, 0]);
        packet.extend(addresses.concat());
        let sum = checksum(&packet);
        packet[10..12].copy_from_slice(&sum.to_be_bytes());
        packet.extend(tcp);

        self.identification = self.identification.wrapping_add(1);
        let counted = u32::from(flags & (SYN | FIN) != 0);
        self.next[own] = self.next[own].wrapping_add(data.len() as u32 + counted);
        if flags & RST != 0 {
            self.over = [true; 2];
        } else if flags & FIN != 0 {
            self.over[own] = true;
        }
        packet
    }
}

/// The complement of the sum of 16-bit words (RFC 1071).
pub(super) fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u64 = bytes
        .chunks(2)
        .map(|pair| u64::from(pair[0]) << 8 | pair.get(1).map_or(0, |byte| u64::from(*byte)))
        .sum();
    while sum > 0xFFFF {
        sum = (sum >> 16) + (sum & 0xFFFF);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::{ACK, FIN, PSH, SYN, Side, Stream, checksum};

    #[test]
    fn the_checksum_agrees_with_the_example_of_rfc_1071() {
        assert_eq!(checksum(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
    }

    #[test]
    fn what_one_side_acknowledges_is_what_the_other_sends_next() {
        let mut stream = Stream::new(0);
        let number = |packet: &[u8], at: usize| u32::from_be_bytes(packet[at..at + 4].try_into().unwrap());
        stream.segment(Side::Client, SYN, &[]);
        stream.segment(Side::Server, SYN | ACK, &[]);
        let data = stream.segment(Side::Client, PSH | ACK, b"four");
        let acknowledgement = stream.segment(Side::Server, ACK, &[]);
        let end = stream.segment(Side::Client, FIN | ACK, &[]);

        assert_eq!(number(&acknowledgement, 28), number(&data, 24) + 4);
        assert_eq!(number(&end, 24), number(&acknowledgement, 28));
        assert!(stream.is_over(Side::Client) && !stream.is_over(Side::Server));
        for packet in [data, acknowledgement, end] {
            assert_eq!(checksum(&packet[..20]), 0);
            let mut pseudo = packet[12..20].to_vec();
            pseudo.extend([0, 6]);
            pseudo.extend(u16::try_from(packet.len() - 20).unwrap().to_be_bytes());
            pseudo.extend(&packet[20..]);
            assert_eq!(checksum(&pseudo), 0);
        }
    }
}
