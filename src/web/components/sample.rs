//! The sample, for a visitor who wants to see a result before giving anything.

use gloo::file::ObjectUrl;
use leptos::prelude::*;

use crate::web::session::i18n::use_i18n;
use crate::web::session::{Session, sample};

/// A button with the sample's picture.
#[component]
pub fn SampleButton(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let url = sample::file().ok().map(|file| {
        let blob = gloo::file::Blob::from(web_sys::Blob::from(file));
        ObjectUrl::from(blob)
    });
    let src = url.as_ref().map(|url| url.to_string());
    // The address lives as long as the button.
    let _kept = StoredValue::new_local(url);
    view! {
        <button
            type="button"
            class="sample"
            data-testid="sample"
            on:click=move |_| session.read_sample()
        >
            <img class="sample__picture" src=src alt="" width="84" height="48" />
            <span prop:textContent=move || i18n.text("sample-try")></span>
        </button>
    }
}
