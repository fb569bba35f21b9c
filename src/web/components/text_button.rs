//! A button of words alone.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::web::session::i18n::use_i18n;

/// A button that says one message.
#[component]
pub fn TextButton<F: FnMut(MouseEvent) + 'static>(
    /// The message's key.
    key: &'static str,
    /// Its name for tests.
    testid: &'static str,
    /// How it looks.
    #[prop(default = "button button--small")]
    class: &'static str,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it does.
    on_press: F,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button type="button" class=class data-testid=testid disabled=disabled on:click=on_press prop:textContent=move || i18n.text(key)></button>
    }
}
