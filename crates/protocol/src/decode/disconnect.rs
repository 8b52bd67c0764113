//! DISCONNECT (section 3.14) and AUTH (section 3.15).

use super::acknowledge::reason_and_properties;
use super::fault::{Fault, protocol_error};
use super::properties;
use super::reader::Reader;
use super::rules;
use crate::{Auth, Disconnect, Properties, PropertyId, PropertyPlace, ReasonCode, Role, Version};
use catalogue::cite;

/// Reads a DISCONNECT. In 3.1.1 it is a fixed header and nothing else.
pub(super) fn read_disconnect(
    mut reader: Reader<'_>,
    version: Version,
    sender: Role,
) -> Result<Disconnect, Box<Fault>> {
    let (reason, properties) = match version {
        Version::V311 => (ReasonCode::SUCCESS, Properties::new()),
        Version::V500 => reason_and_properties(&mut reader, PropertyPlace::Disconnect, sender)?,
    };
    reader.finish()?;
    Ok(Disconnect { reason, properties })
}

/// Reads an AUTH.
///
/// Section 3.15.2.1 lets an AUTH without Properties be empty, while section 3.15.2.2.2 calls an AUTH without
/// Authentication Method a Protocol Error. The empty one is taken, whoever knows the Session may refuse it.
pub(super) fn read_auth(mut reader: Reader<'_>, sender: Role) -> Result<Auth, Box<Fault>> {
    if reader.is_at_end() {
        return Ok(Auth { reason: ReasonCode::SUCCESS, properties: Properties::new() });
    }
    let reason = ReasonCode(reader.byte("Authenticate Reason Code")?);
    let start = reader.at();
    let properties = properties::read(&mut reader, PropertyPlace::Auth, sender)?;
    if properties.get(PropertyId::AuthenticationMethod).is_none() {
        cite!("5.0/RULE-3.15-auth-without-method");
        let text = "there is no Authentication Method";
        return Err(protocol_error(rules::AUTH_WITHOUT_METHOD, start, text));
    }
    reader.finish()?;
    Ok(Auth { reason, properties })
}
