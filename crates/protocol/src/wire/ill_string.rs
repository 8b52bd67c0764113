//! Bytes that make a string wrong.

/// Bytes that no UTF-8 Encoded String may hold (section 1.5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IllString {
    /// U+0000.
    Nul,
    /// U+D800, a surrogate.
    Surrogate,
    /// U+DFFF, the last surrogate.
    LastSurrogate,
    /// "/" in two bytes.
    Overlong,
    /// A continuation byte without a first byte.
    Continuation,
    /// A sequence that ends too early.
    Cut,
    /// A code point above U+10FFFF.
    AboveUnicode,
    /// 0xFF, which never stands in UTF-8.
    NeverUsed,
}

impl IllString {
    /// All of them.
    pub const ALL: [IllString; 8] = [
        IllString::Nul,
        IllString::Surrogate,
        IllString::LastSurrogate,
        IllString::Overlong,
        IllString::Continuation,
        IllString::Cut,
        IllString::AboveUnicode,
        IllString::NeverUsed,
    ];

    /// The bytes.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            IllString::Nul => b"\x00",
            IllString::Surrogate => b"\xED\xA0\x80",
            IllString::LastSurrogate => b"\xED\xBF\xBF",
            IllString::Overlong => b"\xC0\xAF",
            IllString::Continuation => b"\x80",
            IllString::Cut => b"\xE2\x82",
            IllString::AboveUnicode => b"\xF4\x90\x80\x80",
            IllString::NeverUsed => b"\xFF",
        }
    }

    /// A short name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            IllString::Nul => "U+0000",
            IllString::Surrogate => "a surrogate (U+D800)",
            IllString::LastSurrogate => "a surrogate (U+DFFF)",
            IllString::Overlong => "an overlong form",
            IllString::Continuation => "a lone continuation byte",
            IllString::Cut => "a cut sequence",
            IllString::AboveUnicode => "a code point above U+10FFFF",
            IllString::NeverUsed => "the byte 0xFF",
        }
    }
}
