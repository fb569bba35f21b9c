//! The keys that the page's sources ask for, as literals, against its English words.

use std::fs;
use std::path::PathBuf;

use moue::page::host;
use moue::page::words::{Language, add_messages, format};

#[test]
fn every_key_that_is_asked_for_exists() {
    add_messages(host::words::files);
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut folders = ["web", "embed"]
        .map(|room| PathBuf::from(sources).join(room))
        .to_vec();
    let mut asked = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for start in [
                "i18n.text(\"",
                "i18n.format(\"",
                "Message::new(\"",
                " key=\"",
            ] {
                for part in text.split(start).skip(1) {
                    let key = part.split('"').next().unwrap();
                    // A key without words is said as itself.
                    let said = format(Language::English, key, &[]);
                    assert_ne!(said, key, "{}: {key}", path.display());
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 100, "only {asked} keys were found");
}

#[test]
fn the_question_for_consent_names_the_buttons_that_end_it() {
    for language in Language::ALL {
        let question = format(language, "consent-stop", &[]);
        for key in ["light-on", "consent-withdraw"] {
            let button = format(language, key, &[]);
            assert!(
                question.contains(&button),
                "{language:?}: {button}: {question}"
            );
        }
    }
}
