//! Shell: bytes become octal escapes of `printf`, so that nothing is ever interpolated.

use std::fmt::Write;

/// A line for bash that sends `bytes` to a TCP port and shows what comes back within two seconds.
///
/// `host` has to be made of letters, digits, dots, colons and hyphens; anything else is dropped.
#[must_use]
pub fn send_and_show(host: &str, port: u16, bytes: &[u8]) -> String {
    let host: String = host
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || matches!(character, '.' | ':' | '-'))
        .collect();
    format!(
        "bash -c 'exec 3<>/dev/tcp/{host}/{port}; printf \"{}\" >&3; timeout 2 cat <&3 | od -An -tx1'",
        octal(bytes)
    )
}

/// Each byte as three octal digits; letters and digits stand for themselves where no digit of an escape precedes them.
fn octal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4);
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "\\{byte:03o}");
        }
    }
    text
}
