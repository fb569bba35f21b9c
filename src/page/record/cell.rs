//! One cell of an exported table, as both formats write it.

use serde::{Serialize, Serializer};

/// One cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Nothing,
    /// A text.
    Text(String),
    /// A number, as both formats write it.
    Number(String),
}

impl From<f32> for Cell {
    fn from(value: f32) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Self::Number(value.to_string())
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(digits) => match (digits.parse::<i64>(), digits.parse::<f64>()) {
                (Ok(whole), _) => serializer.serialize_i64(whole),
                (_, Ok(real)) => serializer.serialize_f64(real),
                _ => serializer.serialize_none(),
            },
        }
    }
}

impl Cell {
    /// Returns the cell as a field of CSV (<https://www.rfc-editor.org/rfc/rfc4180>).
    pub fn into_csv(self) -> String {
        let text = match self {
            Self::Nothing => return String::new(),
            Self::Number(digits) => return digits,
            Self::Text(text) => text,
        };
        // File names are not trusted, and spreadsheets run cells that begin with these characters.
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let text = if is_formula { format!("'{text}") } else { text };
        if text.contains([',', '"', '\r', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    }
}

/// Returns a time in seconds, to the millisecond.
pub fn seconds(value: f64) -> Cell {
    Cell::Number(format!("{value:.3}"))
}

/// Returns a length in pixels, to the tenth.
pub fn pixels(value: f32) -> Cell {
    Cell::Number(format!("{value:.1}"))
}
