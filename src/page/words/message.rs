//! A message that is not formatted yet: a key and its arguments, so that a displayed message
//! changes with the language.

use std::borrow::Cow;

use fluent_bundle::types::{FluentNumber, FluentNumberOptions};

use super::{FluentValue, Language};
use crate::page::words;

/// An argument of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A name, or any text that is the same in every language.
    Text(String),
    /// A count, which selects the plural form.
    Count(f64),
    /// A measured number with a fixed number of decimals.
    Decimal {
        /// The number.
        value: f64,
        /// Number of decimals.
        digits: u8,
    },
    /// The text of another message without arguments, given by its key.
    Message(&'static str),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self::Count(f64::from(count))
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Self::Count(count as f64)
    }
}

/// A key of `www/locales` with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    key: Cow<'static, str>,
    arguments: Vec<(&'static str, Value)>,
}

impl Message {
    /// Creates a message without arguments.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self {
            key: key.into(),
            arguments: vec![],
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// Returns the key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Formats the message in a language.
    pub fn text(&self, language: Language) -> String {
        let arguments: Vec<_> = self
            .arguments
            .iter()
            .map(|(name, value)| (*name, spoken(value, language)))
            .collect();
        words::format(language, &self.key, &arguments)
    }
}

/// Returns a number with a fixed number of decimals, as an argument.
pub fn decimal(value: f64, digits: u8) -> FluentValue<'static> {
    let digits = Some(usize::from(digits));
    FluentValue::Number(FluentNumber::new(
        value,
        FluentNumberOptions {
            minimum_fraction_digits: digits,
            maximum_fraction_digits: digits,
            ..FluentNumberOptions::default()
        },
    ))
}

fn spoken(value: &Value, language: Language) -> FluentValue<'_> {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Count(count) => (*count).into(),
        Value::Decimal { value, digits } => decimal(*value, *digits),
        Value::Message(key) => words::format(language, key, &[]).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_follows_the_language() {
        let message = Message::new("said-face-number")
            .with("number", 2_u32)
            .with("verdict", Value::Message("verdict-happy"));
        assert_eq!(message.text(Language::English), "Face 2 looks happy.");
        assert_eq!(
            message.text(Language::German),
            "Gesicht 2 sieht fröhlich aus."
        );
        assert_eq!(message.key(), "said-face-number");
    }

    #[test]
    fn decimals_keep_their_digits() {
        let message = |value| {
            Message::new("loading-model-share")
                .with("received", Value::Decimal { value, digits: 1 })
                .with(
                    "total",
                    Value::Decimal {
                        value: 4.4,
                        digits: 1,
                    },
                )
        };
        let text = message(2.0).text(Language::English);
        assert_eq!(text, "Fetching the model… 2.0 of 4.4 MB");
    }
}
