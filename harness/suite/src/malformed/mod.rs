//! Malformed packets by construction: each packet that a Client sends, each of its fields, each way to be wrong, in both versions.
//!
//! A case is one packet with one fault. Its positive twin, the same packet without the fault, is accepted by the same listener just before. What the
//! fault breaks is said twice, by the strict decoder and by what the kind of change is expected to break; a change on which the two differ is not a case.
//! A stream that ends in the middle of a packet breaks nothing; those cases only see that the Server lives on.
//! Deliberately not here: packets that are wrong only because of what the Session holds (scenarios), and changes that the standard allows.

mod bases;
mod demands;
mod disconnecting;
mod play;
mod reauthenticating;

pub use bases::Base;
pub use demands::Demand;
pub use play::play;

use crate::plan::{short, slug};
use bytes::{Bytes, BytesMut};
use catalogue::RequirementId;
use protocol::wire::{Frame, Malformation, malformations};
use protocol::{Connect, DecodeError, Decoder, Limits, Packet, Version, encode};
use std::collections::BTreeSet;
use tester::Namespace;

/// One packet with one fault.
#[derive(Debug, Clone)]
pub struct Case {
    /// The stable name, such as `5.0/malformed/subscribe/flags-0000`.
    pub id: String,
    /// What is wrong, in words.
    pub title: String,
    /// The version that is spoken.
    pub version: Version,
    /// The packet that is made wrong.
    pub base: Base,
    /// What makes it wrong.
    pub fault: Fault,
    /// What the fault breaks.
    pub requirements: Vec<RequirementId>,
    /// What the standard demands of the Server.
    pub demand: Demand,
}

/// What makes a packet wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A change of its frame.
    Change(Malformation),
    /// It is another packet altogether, which has no place there.
    Instead(&'static [u8]),
    /// It is right, but comes instead of CONNECT.
    BeforeConnect,
    /// It is right, but a second CONNECT.
    SecondConnect,
}

impl Case {
    /// The bytes to send in place of the packet that is right. `None` if the change does not fit, which for a case that was planned cannot be.
    #[must_use]
    pub fn bytes(&self, packet: &Packet) -> Option<Bytes> {
        match &self.fault {
            Fault::Change(change) => {
                let frame = Frame::from_packet(packet, self.version).ok()?;
                change.apply(&frame).map(|changed| changed.to_bytes())
            }
            Fault::Instead(bytes) => Some(Bytes::from_static(bytes)),
            Fault::BeforeConnect | Fault::SecondConnect => {
                let mut bytes = BytesMut::new();
                encode(packet, self.version, &mut bytes).ok()?;
                Some(bytes.freeze())
            }
        }
    }

    /// The packet whose place the fault takes, as reports name it.
    #[must_use]
    pub fn packet_name(&self) -> &'static str {
        self.base.name()
    }
}

/// All cases, in a fixed order.
#[must_use]
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for version in Version::ALL {
        for base in Base::all(version) {
            changes(version, base, &mut cases);
        }
        misplaced(version, &mut cases);
    }
    let mut names = BTreeSet::new();
    cases.retain(|case| names.insert(case.id.clone()));
    cases
}

/// The changes of one packet that the strict decoder refuses for the reason that is expected of them.
fn changes(version: Version, base: Base, cases: &mut Vec<Case>) {
    let packet = base.packet(version, &Namespace::new(0), "twin", 1);
    let Ok(frame) = Frame::from_packet(&packet, version) else { return };
    for change in malformations(&frame) {
        let Some(changed) = change.apply(&frame) else { continue };
        let (requirements, demand) = if matches!(change, Malformation::CutStream(_)) {
            // The Client is gone in the middle of a packet; no statement says more than that others are still served.
            (Vec::new(), Demand::Open)
        } else {
            let Some(error) = refusal(&changed.to_bytes(), version, base) else { continue };
            let Some(found) = demands::of(&error, &change, &frame, version, base) else { continue };
            found
        };
        let name = change.name(&frame);
        cases.push(Case {
            id: format!("{}/malformed/{}/{}", short(version), base.name(), slug(&name)),
            title: format!("{} with a fault: {name}", base.title()),
            version,
            base,
            fault: Fault::Change(change),
            requirements,
            demand,
        });
    }
}

/// Why the strict decoder refuses the bytes as the first packet, or as the first after CONNECT; `None` if it takes them or waits for more.
fn refusal(bytes: &Bytes, version: Version, base: Base) -> Option<DecodeError> {
    let mut decoder = Decoder::for_server(Limits::default());
    if !base.is_connect() {
        let mut connect = BytesMut::new();
        encode(&Packet::Connect(Box::new(Connect::new(version, "c"))), version, &mut connect).ok()?;
        decoder.feed(connect.freeze());
        decoder.next_packet()?.ok()?;
    }
    decoder.feed(bytes.clone());
    decoder.next_packet()?.err()
}

/// Packets in the wrong direction or the wrong place, and types that do not exist.
fn misplaced(version: Version, cases: &mut Vec<Case>) {
    let v5 = version == Version::V500;
    let connack: &'static [u8] = if v5 { &[0x20, 3, 0, 0, 0] } else { &[0x20, 2, 0, 0] };
    let suback: &'static [u8] = if v5 { &[0x90, 4, 0, 1, 0, 0] } else { &[0x90, 3, 0, 1, 0] };
    let unsuback: &'static [u8] = if v5 { &[0xB0, 4, 0, 1, 0, 0] } else { &[0xB0, 2, 0, 1] };
    let mut instead = vec![
        ("CONNACK", connack, "not-from-client"),
        ("SUBACK", suback, "not-from-client"),
        ("UNSUBACK", unsuback, "not-from-client"),
        ("PINGRESP", &[0xD0, 0][..], "not-from-client"),
        ("type 0", &[0x00, 0][..], "forbidden-type"),
    ];
    if !v5 {
        instead.push(("type 15", &[0xF0, 0][..], "forbidden-type"));
    }
    let section = if v5 { "2.1.2" } else { "2.2.1" };
    for (name, bytes, rule) in instead {
        let rule = RequirementId::parse(&format!("{version}/RULE-{section}-{rule}"));
        cases.push(Case {
            id: format!("{}/malformed/wrong-direction/{}", short(version), slug(name)),
            title: format!("A Client sends {name}"),
            version,
            base: Base::Pingreq,
            fault: Fault::Instead(bytes),
            requirements: rule.into_iter().chain(demands::closing(version, false)).collect(),
            demand: if v5 { Demand::CloseIfNoticed } else { Demand::Close },
        });
    }
    for base in Base::all(version).into_iter().filter(|base| !base.is_connect() && *base != Base::Auth) {
        cases.push(Case {
            id: format!("{}/malformed/before-connect/{}", short(version), base.name()),
            title: format!("{} comes before CONNECT", base.title()),
            version,
            base,
            fault: Fault::BeforeConnect,
            requirements: demands::closing(version, false).collect(),
            demand: if v5 { Demand::CloseIfNoticed } else { Demand::Close },
        });
    }
    let second = if v5 { "5.0/MQTT-3.1.0-2" } else { "3.1.1/MQTT-3.1.0-2" };
    for base in Base::all(version).into_iter().filter(|base| base.is_connect()) {
        cases.push(Case {
            id: format!("{}/malformed/second-connect/{}", short(version), base.name()),
            title: format!("{} comes a second time on one Network Connection", base.title()),
            version,
            base,
            fault: Fault::SecondConnect,
            requirements: RequirementId::parse(second)
                .into_iter()
                .chain(demands::closing(version, false))
                .collect(),
            demand: Demand::Close,
        });
    }
}
