//! The settings file of a package, which its author edits in a text editor.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::page::host::error::HostError;
use crate::page::host::purpose::check_purpose;
use crate::page::words::Language;

/// Name of the file in a package.
pub const SETTINGS_FILE: &str = "settings.json";
/// Most characters of a title; platforms cut longer ones.
const LONGEST_TITLE: usize = 200;
/// Most characters of the text above the element.
const LONGEST_TEXT: usize = 4000;

/// Why a settings file cannot be used.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// It is no JSON, or has another key or another kind of value.
    #[error("{SETTINGS_FILE}: {reason}; the keys are {}", Settings::KEYS.join(", "))]
    Syntax {
        /// What the JSON parser says, with line and column.
        reason: serde_json::Error,
    },
    /// The element refuses the purpose or its legal basis.
    #[error("{SETTINGS_FILE}: {} ({})", .0.message, .0.code)]
    Purpose(HostError),
    /// There are no words in this language.
    #[error(
        "{SETTINGS_FILE}: there are no words in the language {found:?}; leave \"language\" empty for that of the learner's browser, or give one of {}",
        Language::ALL.map(Language::tag).join(", ")
    )]
    Language {
        /// The language found.
        found: String,
    },
    /// A title has a line break or another character that is not to be seen.
    #[error(
        "{SETTINGS_FILE}: \"title\" has a line break or another control character; write it in one line"
    )]
    Title,
    /// A text is missing or too long.
    #[error("{SETTINGS_FILE}: \"{key}\" has {found} characters; give it {least} to {most}")]
    Length {
        /// Key of the text.
        key: &'static str,
        /// Number of characters found.
        found: usize,
        /// The fewest characters.
        least: usize,
        /// The most characters.
        most: usize,
    },
}

/// What the author of a package sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// Purpose for which expressions are read, as the element's attribute.
    pub purpose: String,
    /// Legal basis of the purpose, as the element's attribute; empty for none.
    pub legal_basis: String,
    /// Language of the element and of the page around it; empty for that of the learner's browser.
    pub language: String,
    /// Title of the page, and of the item in the platform's list.
    pub title: String,
    /// Text above the element; may be empty.
    pub text: String,
    /// Whether the platform is told that the page was opened and for how long. Never anything of a face.
    pub report: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            purpose: "self-reflection".to_owned(),
            legal_basis: String::new(),
            language: String::new(),
            title: "What does my face look like?".to_owned(),
            text: String::new(),
            report: false,
        }
    }
}

impl Settings {
    /// The keys of the file.
    pub const KEYS: [&str; 6] = [
        "purpose",
        "legal-basis",
        "language",
        "title",
        "text",
        "report",
    ];

    /// Reads and checks a settings file.
    ///
    /// # Errors
    /// A [`SettingsError`] that names what to change.
    pub fn parse(json: &str) -> Result<Self, SettingsError> {
        // Some editors begin a file with it.
        let json = json.strip_prefix('\u{feff}').unwrap_or(json);
        let settings: Self =
            serde_json::from_str(json).map_err(|reason| SettingsError::Syntax { reason })?;
        settings.check()?;
        Ok(settings)
    }

    /// Checks what a file may ask for.
    ///
    /// # Errors
    /// As [`Self::parse`], without [`SettingsError::Syntax`].
    pub fn check(&self) -> Result<(), SettingsError> {
        check_purpose(Some(&self.purpose), Some(&self.legal_basis))
            .map_err(SettingsError::Purpose)?;
        let language = self.language.trim();
        if !language.is_empty() && !Language::ALL.iter().any(|it| it.tag() == language) {
            return Err(SettingsError::Language {
                found: language.to_owned(),
            });
        }
        if self.title.trim().contains(char::is_control) {
            return Err(SettingsError::Title);
        }
        for (key, text, least, most) in [
            ("title", &self.title, 1, LONGEST_TITLE),
            ("text", &self.text, 0, LONGEST_TEXT),
        ] {
            let found = text.trim().chars().count();
            if !(least..=most).contains(&found) {
                return Err(SettingsError::Length {
                    key,
                    found,
                    least,
                    most,
                });
            }
        }
        Ok(())
    }

    /// Writes the file, with every key.
    ///
    /// # Errors
    /// Never with these types.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &str) -> String {
        Settings::parse(json).unwrap_err().to_string()
    }

    #[test]
    fn what_is_left_out_has_its_default_and_every_key_is_written() {
        let settings = Settings::parse(r#"{"title": "Mirror", "report": true}"#).unwrap();
        assert_eq!(settings.purpose, "self-reflection");
        let marked = Settings::parse("\u{feff}{\"title\": \"Mirror\", \"report\": true}");
        assert_eq!(marked.unwrap(), settings);
        assert!(settings.report);
        let json = settings.to_json().unwrap();
        for key in Settings::KEYS {
            assert!(json.contains(&format!("\"{key}\":")), "{json}");
        }
        assert_eq!(Settings::parse(&json).unwrap(), settings);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_remedy() {
        let typo = refused(r#"{"tittle": "Mirror"}"#);
        assert!(
            typo.contains("tittle") && typo.contains("legal-basis"),
            "{typo}"
        );
        assert!(refused("{").contains("line 1"), "{}", refused("{"));
        assert!(refused(r#"{"report": "yes"}"#).contains("boolean"));
        let purpose = refused(r#"{"purpose": "mood"}"#);
        assert!(purpose.contains("purpose-unknown"), "{purpose}");
        let workplace = refused(r#"{"purpose": "workplace"}"#);
        assert!(workplace.contains("purpose-prohibited"), "{workplace}");
        let basis = r#"{"purpose": "workplace", "legal-basis": "medical"}"#;
        assert!(Settings::parse(basis).is_ok());
        assert!(refused(r#"{"language": "tlh"}"#).contains("tlh"));
        assert!(refused(r#"{"title": " "}"#).contains("title"));
        assert!(refused(r#"{"title": "a\nb"}"#).contains("one line"));
        let long = format!(r#"{{"text": "{}"}}"#, "a".repeat(LONGEST_TEXT + 1));
        assert!(refused(&long).contains("4001"));
    }
}
