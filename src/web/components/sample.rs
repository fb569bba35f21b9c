//! The sample picture, for a visitor who wants to see a result before using a picture of their own.

use gloo::file::ObjectUrl;
use leptos::prelude::*;

use crate::web::session::i18n::use_i18n;
use crate::web::session::sample;

/// A button that shows the sample picture and reads it.
#[component]
pub fn SampleButton(#[prop(into)] on_press: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let url = sample::file().ok().map(|file| {
        let blob = gloo::file::Blob::from(web_sys::Blob::from(file));
        ObjectUrl::from(blob)
    });
    let src = url.as_ref().map(|url| url.to_string());
    // The object URL is valid as long as the button exists.
    let _kept = StoredValue::new_local(url);
    view! {
        <button
            type="button"
            class="sample"
            data-testid="sample"
            on:click=move |_| on_press.run(())
        >
            <img class="sample__picture" src=src alt="" width="84" height="48" />
            <span prop:textContent=move || i18n.text("sample-try")></span>
        </button>
    }
}
