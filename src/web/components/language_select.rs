//! The choice of the page's language.

use leptos::prelude::*;

use crate::page::words::Language;
use crate::web::session::i18n::use_i18n;

/// A native `<select>` of the languages, each by its own name.
#[component]
pub fn LanguageSelect() -> impl IntoView {
    let i18n = use_i18n();
    let options = Language::ALL.map(|language| {
        view! {
            <option
                value=language.tag()
                lang=language.tag()
                selected=move || i18n.language.get() == language
            >
                {language.own_name()}
            </option>
        }
    });
    view! {
        <label class="language">
            <svg class="language__mark" viewBox="0 0 24 24" aria-hidden="true">
                <circle cx="12" cy="12" r="9" />
                <path d="M3.5 9h17M3.5 15h17M12 3c5 5.4 5 12.6 0 18M12 3c-5 5.4-5 12.6 0 18" />
            </svg>
            <span class="unseen" prop:textContent=move || i18n.text("language")></span>
            <select
                data-testid="language"
                prop:value=move || i18n.language.get().tag()
                on:change=move |event| i18n.choose(&event_target_value(&event))
            >
                {options}
            </select>
        </label>
    }
}
