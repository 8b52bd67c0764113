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
        "bash -c 'exec 3<>/dev/tcp/{host}/{port}; {} >&3; timeout 2 cat <&3 | od -An -tx1'",
        printf(bytes)
    )
}

/// The command that writes these bytes, for bash and inside of single quotes.
#[must_use]
pub fn printf(bytes: &[u8]) -> String {
    format!("printf \"{}\"", octal(bytes))
}

/// Each byte as three octal digits, more than which no escape takes, so that letters and digits may stand for themselves.
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
