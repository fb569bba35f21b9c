//! Something to say that is not said yet: a key and its arguments, so that it follows a change of
//! language for as long as it is shown.

use std::borrow::Cow;

use fluent_bundle::types::{FluentNumber, FluentNumberOptions};

use super::{FluentValue, Language};
use crate::page::words;

/// What a message is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A name, or anything that is the same in every language.
    Text(String),
    /// How many: chooses the plural.
    Count(f64),
    /// A measured number with so many digits after its point.
    Decimal {
        /// The number.
        value: f64,
        /// Digits after the point.
        digits: u8,
    },
    /// Another message without arguments, by its key.
    Said(&'static str),
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

/// A key of `www/locales` and what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    key: Cow<'static, str>,
    arguments: Vec<(&'static str, Value)>,
}

impl Message {
    /// The message of a key, about nothing yet.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self {
            key: key.into(),
            arguments: vec![],
        }
    }

    /// With one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// Its key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its text in a language.
    pub fn text(&self, language: Language) -> String {
        let arguments: Vec<_> = self
            .arguments
            .iter()
            .map(|(name, value)| (*name, spoken(value, language)))
            .collect();
        words::say(language, &self.key, &arguments)
    }
}

/// A number with so many digits after its point, as an argument.
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
        Value::Said(key) => words::say(language, key, &[]).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_follows_the_language() {
        let message = Message::new("said-face-number")
            .with("number", 2_u32)
            .with("verdict", Value::Said("verdict-happy"));
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
