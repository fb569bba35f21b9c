//! A button with a text and no icon.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::web::session::i18n::use_i18n;

/// A button with the text of one message.
#[component]
pub fn TextButton<F: FnMut(MouseEvent) + 'static>(
    /// Key of the message.
    key: &'static str,
    /// Value of `data-testid`.
    testid: &'static str,
    /// CSS classes.
    #[prop(default = "button button--small")]
    class: &'static str,
    /// Whether it is disabled.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called when it is clicked.
    on_press: F,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button type="button" class=class data-testid=testid disabled=disabled on:click=on_press prop:textContent=move || i18n.text(key)></button>
    }
}
