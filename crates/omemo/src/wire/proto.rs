//! As much of Protocol Buffers as OMEMO uses: numbers and byte strings, one level at a time, nothing recursive
//! ("Encoding", protobuf.dev).

/// Not the encoding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadEncoding;

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Wire type 0.
    Number(u64),
    /// Wire type 2.
    Bytes(&'a [u8]),
    /// Wire types 1 and 5, which no field of ours has.
    Other,
}

/// The fields of one message, in their order.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The number and value of the next field, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<(u32, Value<'a>)>, BadEncoding> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.number()?;
        let number = u32::try_from(tag >> 3).ok().filter(|number| *number > 0).ok_or(BadEncoding)?;
        let value = match tag & 7 {
            0 => Value::Number(self.number()?),
            1 => self.bytes(8).map(|_| Value::Other)?,
            2 => {
                let length = usize::try_from(self.number()?).map_err(|_| BadEncoding)?;
                Value::Bytes(self.bytes(length)?)
            }
            5 => self.bytes(4).map(|_| Value::Other)?,
            _ => return Err(BadEncoding),
        };
        Ok(Some((number, value)))
    }

    /// A varint of at most ten bytes.
    fn number(&mut self) -> Result<u64, BadEncoding> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = *self.bytes(1)? else { return Err(BadEncoding) };
            let part = u64::from(byte & 0x7F);
            // The tenth byte has room for one bit.
            if shift == 63 && part > 1 {
                return Err(BadEncoding);
            }
            number |= part << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(BadEncoding)
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8], BadEncoding> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(BadEncoding)?;
        self.rest = rest;
        Ok(bytes)
    }
}

/// Writes a field with a number.
pub(crate) fn put_number(out: &mut Vec<u8>, field: u32, number: u32) {
    put_varint(out, u64::from(field) << 3);
    put_varint(out, u64::from(number));
}

/// Writes a field with bytes.
pub(crate) fn put_bytes(out: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    put_varint(out, u64::from(field) << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
