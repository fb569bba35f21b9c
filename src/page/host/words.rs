//! The messages that the element uses besides the page's own: `www/locales/*/embed.ftl`.

use crate::page::words::Language;

/// Returns the messages of a language, for [`crate::page::words::add_messages`].
pub fn files(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../../www/locales/en/embed.ftl"),
        Language::German => include_str!("../../../www/locales/de/embed.ftl"),
        Language::French => include_str!("../../../www/locales/fr/embed.ftl"),
        Language::Spanish => include_str!("../../../www/locales/es/embed.ftl"),
        Language::Arabic => include_str!("../../../www/locales/ar/embed.ftl"),
        Language::Chinese => include_str!("../../../www/locales/zh/embed.ftl"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::host::purpose::Purpose;
    use crate::page::words::{add_messages, format};

    fn keys(language: Language) -> Vec<&'static str> {
        let lines = files(language).lines();
        let lines = lines.filter(|line| !line.starts_with(['#', ' ']));
        lines
            .filter_map(|line| line.split_once(" = "))
            .map(|it| it.0)
            .collect()
    }

    #[test]
    fn every_language_says_the_same_and_every_purpose() {
        add_messages(files);
        for language in Language::ALL {
            assert_eq!(keys(language), keys(Language::English), "{language:?}");
            for purpose in Purpose::ALL {
                assert_ne!(format(language, purpose.key(), &[]), purpose.key());
            }
        }
        let german = format(Language::German, "purpose-game", &[]);
        assert_ne!(german, format(Language::English, "purpose-game", &[]));
    }
}
