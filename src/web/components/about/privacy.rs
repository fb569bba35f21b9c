//! The promise about the visitor's picture, and what the answers are not for.

use leptos::prelude::*;

use super::model::AboutModel;
use crate::page::protocol::ModelInfo;
use crate::page::state::PageState;
use crate::web::components::stream::consent::ConsentWithdraw;
use crate::web::session::Session;
use crate::web::session::i18n::{I18n, use_i18n};

/// Digits of the checksum that are shown; enough to compare with the published one.
const SHORT_SHA256: usize = 12;

/// The promise, and how to check it.
#[component]
pub fn Promise() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details class="promise" data-testid="privacy">
            <summary>
                <span prop:textContent=move || i18n.text("promise")></span>
                " "
                <span class="promise__how" prop:textContent=move || i18n.text("promise-check")></span>
            </summary>
            <p prop:textContent=move || i18n.text("promise-how")></p>
        </details>
    }
}

/// What the answers are worth, and what they are not for.
#[component]
pub fn About(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let model = move || {
        session.state.with(|state| match state {
            PageState::Ready(info) => Some(model_line(i18n, &info.model)),
            _ => None,
        })
    };
    view! {
        <div class="about">
            <p>
                <strong prop:textContent=move || i18n.text("about-lead")></strong>
                " "
                <span prop:textContent=move || i18n.text("about-short")></span>
            </p>
            <AboutModel state=session.state />
            <ConsentWithdraw session />
            <p class="about__model" data-testid="model">{model}</p>
        </div>
    }
}

/// Each part by itself, so that Latin names and numbers stay in place from right to left.
fn model_line(i18n: I18n, model: &ModelInfo) -> impl IntoView + use<> {
    let sha256 = model.sha256.get(..SHORT_SHA256).unwrap_or(&model.sha256);
    let mut parts = vec![model.name.clone(), i18n.megabytes(model.bytes)];
    if let Some(measured) = &model.held_out {
        let share = i18n.share(measured.after, 1);
        parts.push(i18n.format("model-accuracy", &[("share", share.into())]));
    }
    parts.push(format!("sha256 {sha256}…"));
    let last = parts.len() - 1;
    let parts = parts.into_iter().enumerate();
    let parts = parts.map(|(at, part)| {
        view! {
            <bdi prop:textContent=part></bdi>
            {(at < last).then(|| view! { <span>" · "</span> })}
        }
    });
    parts.collect_view()
}
