//! Numbers, percents and durations as the page's language writes them, by the browser's
//! `Intl`.

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::Session;
use crate::page::words;
use crate::page::words::Language;

impl Session {
    /// A number with so many digits after its point: "1,234.5".
    pub fn number(self, value: f64, digits: u8) -> String {
        write(self.language.get(), Style::Number(Some(digits)), value)
    }

    /// A probability, 0 to 1, in percent with one decimal: "97.3%".
    pub fn percent(self, probability: f32) -> String {
        self.share(f64::from(probability), 1)
    }

    /// A share, 0 to 1, in percent with so many digits after its point.
    pub fn share(self, share: f64, digits: u8) -> String {
        write(self.language.get(), Style::Percent(digits), share)
    }

    /// A duration: "0.7 ms", "8 ms", "1.2 s", "2 min 5 s".
    pub fn duration(self, millis: f64) -> String {
        let unit = |unit, digits, value| {
            let style = Style::Unit { unit, digits };
            write(self.language.get(), style, value)
        };
        // Rounded first, so that nothing is said to take 60 seconds or 1000 milliseconds.
        let seconds = (millis / 1000.0).round();
        if seconds >= 60.0 {
            let minutes = unit("minute", 0, (seconds / 60.0).floor());
            format!("{minutes} {}", unit("second", 0, seconds % 60.0))
        } else if millis >= 999.5 {
            unit("second", 1, millis / 1000.0)
        } else if millis >= 9.95 {
            unit("millisecond", 0, millis)
        } else {
            unit("millisecond", 1, millis)
        }
    }

    /// Bytes in megabytes with one decimal: "4.2 MB".
    pub fn megabytes(self, bytes: u64) -> String {
        let style = Style::Unit {
            unit: "megabyte",
            digits: 1,
        };
        write(self.language.get(), style, bytes as f64 / 1e6)
    }
}

/// Has the numbers inside of messages written here as well.
pub(super) fn write_messages_numbers() {
    words::write_numbers_by(|language, value, digits| {
        write(language, Style::Number(digits), value)
    });
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Style {
    Number(Option<u8>),
    Percent(u8),
    Unit { unit: &'static str, digits: u8 },
}

thread_local! {
    /// `format` functions: making one takes longer than calling it some hundred times.
    static WRITERS: RefCell<HashMap<(Language, Style), Option<Function>>> = RefCell::default();
}

/// Plain digits where the browser refuses.
fn write(language: Language, style: Style, value: f64) -> String {
    WRITERS.with_borrow_mut(|writers| {
        let writer = writers
            .entry((language, style))
            .or_insert_with(|| writer(language, style));
        let written = writer
            .as_ref()
            .and_then(|writer| writer.call1(&JsValue::UNDEFINED, &value.into()).ok())
            .and_then(|text| text.as_string());
        written.unwrap_or_else(|| value.to_string())
    })
}

/// The browser's own variant of the language, which knows the region's habits, else the plain one.
/// A browser may name a locale that `Intl` then throws on.
fn writer(language: Language, style: Style) -> Option<Function> {
    let tags = window().navigator().languages();
    let regional = tags
        .iter()
        .filter_map(|tag| tag.as_string())
        .find(|tag| Language::from_tag(tag) == Some(language));
    let plain = language.tag().to_owned();
    let mut tags = regional.into_iter().chain([plain]);
    tags.find_map(|tag| format_function(&tag, style).ok())
}

fn format_function(tag: &str, style: Style) -> Result<Function, JsValue> {
    let options = Object::new();
    let set = |name: &str, value: JsValue| Reflect::set(&options, &name.into(), &value);
    let set_digits = |digits: u8| {
        set("minimumFractionDigits", digits.into())?;
        set("maximumFractionDigits", digits.into())
    };
    match style {
        Style::Number(None) => true,
        Style::Number(Some(digits)) => set_digits(digits)?,
        Style::Percent(digits) => set("style", "percent".into()).and(set_digits(digits))?,
        Style::Unit { unit, digits } => {
            set("style", "unit".into())?;
            set("unit", unit.into())?;
            set_digits(digits)?
        }
    };
    let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
    let kind: Function = Reflect::get(&intl, &"NumberFormat".into())?.dyn_into()?;
    let format = Reflect::construct(&kind, &Array::of2(&tag.into(), &options))?;
    Reflect::get(&format, &"format".into())?.dyn_into()
}
