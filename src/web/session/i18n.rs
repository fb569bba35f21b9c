//! The page's language: the one in its URL (`?lang=de`), else the one chosen here before, else the
//! one that the visitor's browser prefers. Messages are those of [`crate::page::words`]; numbers,
//! percentages and durations are formatted by the browser's `Intl`.

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::page::record::clock::clock;
use crate::page::record::summary::Outcome;
use crate::page::words;
use crate::page::words::message::Message;
use crate::page::words::verdict::{self, Verdict};
use crate::page::words::{Argument, Language};
use crate::web::storage;

/// The current language, as a handle that components copy. Its methods track the language, so that
/// texts in reactive code follow a change.
#[derive(Clone, Copy)]
pub struct I18n {
    /// The current language.
    pub language: RwSignal<Language>,
}

/// Returns the handle of the current reactive owner.
#[inline(never)]
pub fn use_i18n() -> I18n {
    expect_context()
}

impl I18n {
    /// Creates a handle, and sets the formatting of numbers in messages to the browser's.
    pub fn new(language: Language) -> Self {
        words::set_number_formatter(|language, value, digits| {
            write(language, Style::Number(digits), value)
        });
        Self {
            language: RwSignal::new(language),
        }
    }

    /// Provides the handle to the components of the current owner, for [`use_i18n`].
    pub fn provide(self) {
        provide_context(self);
    }

    /// Returns the text of a key.
    pub fn text(self, key: &str) -> String {
        words::format(self.language.get(), key, &[])
    }

    /// Returns the text of a key with its arguments.
    pub fn format(self, key: &str, arguments: &[Argument<'_>]) -> String {
        words::format(self.language.get(), key, arguments)
    }

    /// Returns the text of a message.
    pub fn message(self, message: &Message) -> String {
        message.text(self.language.get())
    }

    /// Changes to the language of a tag and stores the choice. An unknown tag changes nothing.
    pub fn choose(self, tag: &str) {
        if let Some(language) = Language::from_tag(tag) {
            self.language.set(language);
            storage::keep(KEY, language.tag());
        }
    }

    /// Keeps the document's `lang` and `dir` attributes in step with the language.
    pub fn follow(self) {
        Effect::new(move || {
            let language = self.language.get();
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("lang", language.tag());
                let _ = root.set_attribute("dir", language.direction());
            }
        });
    }

    /// Formats a number with a fixed number of decimals: "1,234.5".
    pub fn number(self, value: f64, digits: u8) -> String {
        write(self.language.get(), Style::Number(Some(digits)), value)
    }

    /// Formats a probability, 0 to 1, in percent with one decimal: "97.3%".
    pub fn percent(self, probability: f32) -> String {
        self.share(f64::from(probability), 1)
    }

    /// Formats a share, 0 to 1, in percent with a fixed number of decimals.
    pub fn share(self, share: f64, digits: u8) -> String {
        write(self.language.get(), Style::Percent(digits), share)
    }

    /// Formats a measured duration in milliseconds; `None` if the browser's clock is too coarse for it.
    pub fn measured(self, millis: f64) -> Option<String> {
        (millis >= 0.05).then(|| self.duration(millis))
    }

    /// Formats a duration in milliseconds: "0.7 ms", "8 ms", "1.2 s", "2 min 5 s".
    pub fn duration(self, millis: f64) -> String {
        let unit = |unit, digits, value| {
            let style = Style::Unit { unit, digits };
            write(self.language.get(), style, value)
        };
        // Rounded first, so that no duration is shown as 60 seconds or 1000 milliseconds.
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

    /// Formats bytes in megabytes (10⁶ bytes) with one decimal: "4.2 MB".
    pub fn megabytes(self, bytes: u64) -> String {
        let style = Style::Unit {
            unit: "megabyte",
            digits: 1,
        };
        write(self.language.get(), style, bytes as f64 / 1e6)
    }

    /// Formats seconds as on a clock, rounded to the nearest: "0:07", "1:02:03".
    pub fn clock(self, seconds: f64) -> String {
        clock(seconds.round(), |number| self.number(number.into(), 0))
    }

    /// Returns the text of an outcome.
    pub fn outcome(self, outcome: Outcome) -> String {
        match outcome {
            Outcome::LooksLike(emotion) => self.text(verdict::key(Verdict::LooksLike(emotion))),
            Outcome::Unsure => self.text(verdict::key(Verdict::Unsure)),
            Outcome::NotJudged => self.text("record-not-judged"),
        }
    }
}

/// Storage key of the chosen language.
const KEY: &str = "moue-language";
/// Query parameter of the page's URL.
const PARAMETER: &str = "lang";

/// Returns the language to start with.
pub fn preferred() -> Language {
    let chosen = crate::web::address_parameter(PARAMETER)
        .as_deref()
        .and_then(Language::from_tag);
    chosen
        .or_else(|| storage::read(KEY).as_deref().and_then(Language::from_tag))
        .unwrap_or_else(browsers_own)
}

/// Returns the first of the browser's languages that the page has, else English.
pub fn browsers_own() -> Language {
    let languages = window().navigator().languages();
    let tags: Vec<String> = languages.iter().filter_map(|tag| tag.as_string()).collect();
    Language::best(tags.iter().map(String::as_str))
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Style {
    Number(Option<u8>),
    Percent(u8),
    Unit { unit: &'static str, digits: u8 },
}

thread_local! {
    /// Cached `format` functions: creating one takes longer than calling it about a hundred times.
    static WRITERS: RefCell<HashMap<(Language, Style), Option<Function>>> = RefCell::default();
}

/// Formats a number with the browser's `Intl`, or plainly if that fails.
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

/// Creates a `format` function for the browser's regional variant of the language, else for the
/// plain language. A browser may list a locale on which `Intl` throws.
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
