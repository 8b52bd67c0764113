//! Who our Clients say they are, where a Server does not serve just anybody.
//!
//! A CONNECT that has nothing to say about it gets the credentials of the run; a scenario that is about User Name, Password or enhanced authentication is left
//! as it is. The password is sent, and nothing else is done with it: in transcripts stand asterisks.

use super::Tester;
use crate::stop::Stop;
use bytes::Bytes;
use protocol::{Connect, Packet, PacketType, Role};

impl Tester {
    /// Gives a CONNECT that does not say who it is the credentials of the run.
    pub fn introduce(&self, connect: &mut Connect) {
        let says = connect.user_name.is_some()
            || connect.password.is_some()
            || connect.properties.authentication_method().is_some();
        if let Some(credentials) = self.testbed.credentials().filter(|_| !says) {
            credentials.put_into(connect);
        }
    }

    /// With credentials in it, a CONNECT that is wrong by what it has to say about them may be right.
    ///
    /// # Errors
    /// [`Stop::NotApplicable`] if it is.
    pub fn still_wrong(&self, bytes: &Bytes) -> Result<(), Stop> {
        let is_right = || protocol::decode(bytes, None, Role::Client).is_ok();
        if self.testbed.credentials().is_some()
            && bytes.first().is_some_and(|first| first >> 4 == PacketType::Connect as u8)
            && is_right()
        {
            let why = "with the credentials that this Server wants, the CONNECT is not wrong";
            return Err(Stop::NotApplicable(why.to_owned()));
        }
        Ok(())
    }

    /// What the transcript may show of what was sent.
    pub(super) fn presentable(&mut self, bytes: Bytes, packet: Option<Packet>) -> (Bytes, Option<Packet>) {
        let Some(credentials) = self.testbed.credentials() else { return (bytes, packet) };
        let Some(masked) = credentials.mask(&bytes) else { return (bytes, packet) };
        let packet = packet.map(|packet| match packet {
            Packet::Connect(mut connect) => {
                connect.password = connect.password.map(|password| vec![b'*'; password.len()].into());
                Packet::Connect(connect)
            }
            other => other,
        });
        self.transcript.masked += 1;
        (masked, packet)
    }
}
