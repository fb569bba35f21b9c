//! The page's messages in all of its languages: the files of `www/locales`, in Fluent's syntax
//! (<https://projectfluent.org>), compiled in, so that a change of language needs no request.
//!
//! A message has a key; numbers and names are passed as arguments. Every language has every key: a
//! test compares them with English. A missing message falls back to English, and an unknown key to
//! the key itself, so that a text is never empty.

pub mod advice;
pub mod announcer;
pub mod message;
pub mod notice;
pub mod verdict;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

pub use fluent_bundle::FluentValue;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, the default and the fallback.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Arabic, written from right to left.
    Arabic,
    /// Chinese, simplified.
    Chinese,
}

/// Includes the files of one language, one for each part of the page.
macro_rules! files {
    ($folder:literal) => {
        [
            include_str!(concat!("../../../www/locales/", $folder, "/page.ftl")),
            include_str!(concat!("../../../www/locales/", $folder, "/live.ftl")),
            include_str!(concat!("../../../www/locales/", $folder, "/inputs.ftl")),
            include_str!(concat!("../../../www/locales/", $folder, "/reading.ftl")),
            include_str!(concat!("../../../www/locales/", $folder, "/record.ftl")),
            include_str!(concat!("../../../www/locales/", $folder, "/offline.ftl")),
        ]
    };
}

impl Language {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Arabic,
        Self::Chinese,
    ];

    /// Returns the BCP 47 tag, as used in `lang` attributes.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Arabic => "ar",
            Self::Chinese => "zh",
        }
    }

    /// Returns the name of the language in the language itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Arabic => "العربية",
            Self::Chinese => "中文",
        }
    }

    /// Returns the direction of its script, as used in `dir` attributes.
    pub fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// Returns the language of a tag, ignoring its region and script: "de-AT" is German. `None` if
    /// the page does not have the language.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// Returns the first of the wanted languages that the page has, else English.
    pub fn best<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Self {
        wanted
            .into_iter()
            .find_map(Self::from_tag)
            .unwrap_or_default()
    }

    fn files(self) -> [&'static str; 6] {
        match self {
            Self::English => files!("en"),
            Self::German => files!("de"),
            Self::French => files!("fr"),
            Self::Spanish => files!("es"),
            Self::Arabic => files!("ar"),
            Self::Chinese => files!("zh"),
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

/// Formats a number for a language, with the given number of decimals if there is one.
pub type WriteNumber = fn(Language, f64, Option<u8>) -> String;

/// Returns the content of a Fluent file in a language.
pub type MessageFile = fn(Language) -> &'static str;

thread_local! {
    /// The messages of each language, parsed when the language is first used.
    static BUNDLES: RefCell<HashMap<Language, Bundle>> = RefCell::default();
    /// Further messages of front ends other than the page.
    static MORE: Cell<Option<MessageFile>> = const { Cell::new(None) };
    static WRITE_NUMBER: Cell<WriteNumber> = const { Cell::new(plainly) };
    /// The language of the message that is being formatted.
    static SPEAKING: Cell<Language> = const { Cell::new(Language::English) };
}

/// Adds the messages of one more file for each language. Call it before the first message is
/// formatted: languages that are already parsed are not changed.
pub fn add_messages(file: MessageFile) {
    MORE.set(Some(file));
}

/// Sets the function that formats the numbers in messages, in the digits of the language.
pub fn set_number_formatter(write: WriteNumber) {
    WRITE_NUMBER.set(write);
}

fn plainly(_: Language, value: f64, digits: Option<u8>) -> String {
    match digits {
        Some(digits) => format!("{value:.*}", usize::from(digits)),
        None => value.to_string(),
    }
}

/// The name and value of an argument: a number, which can select a plural form, or a text.
pub type Argument<'a> = (&'static str, FluentValue<'a>);

/// Formats the message of a key: in `language`, else in English, else the key itself.
pub fn format(language: Language, key: &str, arguments: &[Argument<'_>]) -> String {
    let mut values = FluentArgs::with_capacity(arguments.len());
    for (name, value) in arguments {
        values.set(*name, value.clone());
    }
    [language, Language::English]
        .into_iter()
        .find_map(|language| say_in(language, key, &values))
        .unwrap_or_else(|| key.to_owned())
}

fn say_in(language: Language, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
    BUNDLES.with_borrow_mut(|bundles| {
        SPEAKING.set(language);
        let bundle = bundles.entry(language).or_insert_with(|| bundle(language));
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = vec![];
        let text = bundle.format_pattern(pattern, Some(arguments), &mut errors);
        // A missing argument appears as its name in the text.
        Some(text.into_owned())
    })
}

/// Parses the files of a language. Lines that cannot be parsed are left out; a test detects them.
fn bundle(language: Language) -> Bundle {
    let locale = language.tag().parse::<LanguageIdentifier>();
    let mut bundle = Bundle::new(vec![locale.unwrap_or_default()]);
    // Isolation marks keep numbers and names in place in a right-to-left script.
    bundle.set_use_isolating(language.direction() == "rtl");
    bundle.set_formatter(Some(number));
    let more = MORE.get().map(|file| file(language));
    for text in language.files().into_iter().chain(more) {
        let file = match FluentResource::try_new(text.to_owned()) {
            Ok(file) | Err((file, _)) => file,
        };
        bundle.add_resource_overriding(file);
    }
    bundle
}

/// The bundles' formatter: formats numbers with the function of [`set_number_formatter`] and leaves
/// everything else to Fluent.
fn number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let digits = number.options.maximum_fraction_digits;
    let digits = digits.map(|digits| digits.min(20) as u8);
    Some(WRITE_NUMBER.get()(SPEAKING.get(), number.value, digits))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Returns each key with the names of its arguments, over all files of a language.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for text in language.files() {
            FluentResource::try_new(text.to_owned())
                .map_err(|(_, errors)| format!("{language:?}: {errors:?}"))
                .unwrap();
            let mut key = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" =")
                    && !name.starts_with([' ', '*', '.', '}'])
                {
                    key = name.trim().to_owned();
                    let before = found.insert(key.clone(), BTreeSet::new());
                    assert!(before.is_none(), "{language:?} says {key} twice");
                }
                for part in line.split('$').skip(1) {
                    let end = part.find(|c: char| !c.is_alphanumeric() && c != '-');
                    let name = &part[..end.unwrap_or(part.len())];
                    found.get_mut(&key).unwrap().insert(name.to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_language_says_everything_that_english_says() {
        let english = messages(Language::English);
        for language in Language::ALL {
            assert_eq!(messages(language), english, "{language:?}");
        }
    }

    #[test]
    fn the_visitors_first_language_that_is_spoken_counts() {
        assert_eq!(Language::best(["nl", "de-AT", "en"]), Language::German);
        assert_eq!(Language::best(["zh-Hant-TW"]), Language::Chinese);
        assert_eq!(Language::best(["tlh", ""]), Language::English);
        assert_eq!(Language::best([]), Language::English);
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
        }
    }

    #[test]
    fn numbers_choose_the_plural_and_what_is_missing_is_said_somehow() {
        let faces = |language, count: i32| format(language, "faces", &[("count", count.into())]);
        assert_eq!(faces(Language::English, 1), "1 face");
        assert_eq!(faces(Language::English, 3), "3 faces");
        assert_eq!(faces(Language::German, 3), "3 Gesichter");
        assert_ne!(faces(Language::Arabic, 2), faces(Language::Arabic, 11));
        assert_eq!(format(Language::French, "no-such-key", &[]), "no-such-key");
    }
}
