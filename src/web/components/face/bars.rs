//! Probabilities as bars with numbers.

use leptos::prelude::*;

use crate::emotion::Emotion;
use crate::page::words::verdict;
use crate::page::words::verdict::Verdict;
use crate::pipeline::FaceReading;
use crate::web::session::i18n::{I18n, use_i18n};

/// Probabilities as bars with numbers: the seven expressions in label order, then `other`, so that
/// no row moves while a camera runs. The named expression is bold and marked, not only coloured; if
/// none is named, no row is highlighted.
#[component]
pub fn Bars(face: Signal<Option<FaceReading>>) -> impl IntoView {
    let i18n = use_i18n();
    let names = verdict::probability_names().into_iter().enumerate();
    let rows: Vec<_> = names
        .map(|(at, (name, key))| row(i18n, at, name, key, face))
        .collect();
    view! { <ul class="bars">{rows}</ul> }
}

fn row(
    i18n: I18n,
    at: usize,
    name: &str,
    key: &'static str,
    face: Signal<Option<FaceReading>>,
) -> impl IntoView {
    let probability =
        Signal::derive(move || face.with(|face| Some(face.as_ref()?.probabilities.as_array()[at])));
    let logit = move || face.with(|face| Some(face.as_ref()?.logits.get(at)?.to_string()));
    let is_named = move || {
        let emotion = Emotion::from_index(at);
        let verdict = face.with(|face| face.as_ref().map(FaceReading::verdict));
        emotion.is_some_and(|emotion| verdict == Some(Verdict::LooksLike(emotion)))
    };
    let scale = move || format!("scaleX({:.4})", probability.get().unwrap_or(0.0));
    view! {
        <li
            class="bar"
            class:bar--top=is_named
            data-testid=format!("bar-{name}")
            data-probability=move || probability.get().map(|probability| probability.to_string())
            data-logit=logit
        >
            <span class="bar__name" prop:textContent=move || i18n.text(key)></span>
            <span class="bar__track" aria-hidden="true">
                <span class="bar__fill" style:transform=scale></span>
            </span>
            <span class="bar__number" prop:textContent=move || probability.get().map(|share| i18n.percent(share))></span>
        </li>
    }
}

/// The same rows without a reading, as a placeholder.
#[component]
pub fn EmptyBars() -> impl IntoView {
    let i18n = use_i18n();
    let rows = verdict::probability_names().map(|(_, key)| {
        view! {
            <li class="bar">
                <span class="bar__name" prop:textContent=move || i18n.text(key)></span>
                <span class:bar__track=true></span>
                <span class:bar__number=true></span>
            </li>
        }
    });
    view! { <ul class="bars bars--empty" aria-hidden="true">{rows}</ul> }
}
