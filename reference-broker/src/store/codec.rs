//! How records are written: numbers in big-endian order, so that keys sort as what they stand for; texts and bytes with their length before
//! them; moments in nanoseconds.

use bytes::{Buf, Bytes};
use bytestring::ByteString;
use protocol::{Properties, Property, QoS, Time};

/// Writes a record.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.u8(u8::from(value));
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.0.extend(value.to_be_bytes());
    }

    /// A moment; what is beyond the year 2554 is as good as that.
    pub(crate) fn time(&mut self, time: Time) {
        self.u64(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Bytes of at most 4 GiB, which no packet exceeds.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.0.extend(bytes);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A value that may be missing.
    pub(crate) fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.bool(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// The Properties that an Application Message or a Will can have.
    pub(crate) fn properties(&mut self, properties: &Properties) {
        for property in properties.iter() {
            match property {
                Property::PayloadFormatIndicator(value) => {
                    self.u8(1);
                    self.u8(*value);
                }
                Property::MessageExpiryInterval(value) => {
                    self.u8(2);
                    self.u32(*value);
                }
                Property::ContentType(text) => {
                    self.u8(3);
                    self.text(text);
                }
                Property::ResponseTopic(text) => {
                    self.u8(8);
                    self.text(text);
                }
                Property::CorrelationData(data) => {
                    self.u8(9);
                    self.bytes(data);
                }
                Property::WillDelayInterval(value) => {
                    self.u8(24);
                    self.u32(*value);
                }
                Property::UserProperty((name, value)) => {
                    self.u8(38);
                    self.text(name);
                    self.text(value);
                }
                // No other Property is one of a message; the decoder and PUBLISH refuse them.
                _ => {}
            }
        }
        self.u8(0);
    }
}

/// What is wrong with a record.
pub(crate) type Fault = &'static str;

/// Reads a record.
#[derive(Debug)]
pub(crate) struct Reader(pub(crate) Bytes);

impl Reader {
    pub(crate) fn u8(&mut self) -> Result<u8, Fault> {
        self.0.try_get_u8().map_err(|_| "it is too short")
    }

    pub(crate) fn bool(&mut self) -> Result<bool, Fault> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err("a truth value is neither 0 nor 1"),
        }
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Fault> {
        self.0.try_get_u16().map_err(|_| "it is too short")
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Fault> {
        self.0.try_get_u32().map_err(|_| "it is too short")
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Fault> {
        self.0.try_get_u64().map_err(|_| "it is too short")
    }

    pub(crate) fn time(&mut self) -> Result<Time, Fault> {
        self.u64().map(Time::from_nanos)
    }

    pub(crate) fn bytes(&mut self) -> Result<Bytes, Fault> {
        let length = usize::try_from(self.u32()?).unwrap_or(usize::MAX);
        if length > self.0.len() {
            return Err("it is too short");
        }
        Ok(self.0.split_to(length))
    }

    pub(crate) fn text(&mut self) -> Result<ByteString, Fault> {
        ByteString::try_from(self.bytes()?).map_err(|_| "a text is not UTF-8")
    }

    pub(crate) fn qos(&mut self) -> Result<QoS, Fault> {
        QoS::from_bits(self.u8()?).ok_or("there is no such QoS")
    }

    pub(crate) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        if self.bool()? { read(self).map(Some) } else { Ok(None) }
    }

    pub(crate) fn properties(&mut self) -> Result<Properties, Fault> {
        let mut properties = Properties::new();
        loop {
            properties.push(match self.u8()? {
                0 => return Ok(properties),
                1 => Property::PayloadFormatIndicator(self.u8()?),
                2 => Property::MessageExpiryInterval(self.u32()?),
                3 => Property::ContentType(self.text()?),
                8 => Property::ResponseTopic(self.text()?),
                9 => Property::CorrelationData(self.bytes()?),
                24 => Property::WillDelayInterval(self.u32()?),
                38 => Property::UserProperty((self.text()?, self.text()?)),
                _ => return Err("a message has no such Property"),
            });
        }
    }

    /// Nothing may be left.
    pub(crate) fn end(&self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err("it is too long") }
    }
}
