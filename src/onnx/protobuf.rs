//! Just enough of protobuf's encoding to write a message
//! (<https://protobuf.dev/programming-guides/encoding/>).
//!
//! Written by hand, because the crates that derive messages change the features of what burn is
//! compiled from, which costs every builder a second build of it.

/// A message under construction.
#[derive(Clone, Debug, Default)]
pub struct ProtobufMessage(Vec<u8>);

/// Wire types: how a field's value is written.
const VARINT: u64 = 0;
const LENGTH_DELIMITED: u64 = 2;

impl ProtobufMessage {
    /// Adds an integer; negative ones take ten bytes, as `int64` requires.
    #[must_use]
    pub fn int(mut self, field: u64, value: i64) -> Self {
        self.varint(field << 3 | VARINT);
        self.varint(value.cast_unsigned());
        self
    }

    /// Adds bytes.
    #[must_use]
    pub fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | LENGTH_DELIMITED);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    /// Adds text.
    #[must_use]
    pub fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    /// Adds a message inside this one.
    #[must_use]
    pub fn message(self, field: u64, message: &Self) -> Self {
        self.bytes(field, &message.0)
    }

    /// Calls `add` for each value.
    #[must_use]
    pub fn each<T>(
        self,
        values: impl IntoIterator<Item = T>,
        add: impl Fn(Self, T) -> Self,
    ) -> Self {
        values.into_iter().fold(self, add)
    }

    /// Returns the encoded message.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_the_specification_shows() {
        assert_eq!(
            ProtobufMessage::default().int(1, 150).into_bytes(),
            [0x08, 0x96, 0x01]
        );
        assert_eq!(
            ProtobufMessage::default().text(2, "testing").into_bytes(),
            [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]
        );
        let inner = ProtobufMessage::default().int(1, 150);
        assert_eq!(
            ProtobufMessage::default().message(3, &inner).into_bytes(),
            [0x1a, 0x03, 0x08, 0x96, 0x01]
        );
        assert_eq!(
            ProtobufMessage::default().int(1, -2).into_bytes(),
            [
                0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01
            ]
        );
        assert_eq!(
            ProtobufMessage::default().int(16, 0).into_bytes(),
            [0x80, 0x01, 0x00]
        );
    }
}
