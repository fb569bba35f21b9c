//! Seven probabilities as bars with numbers.

use leptos::prelude::*;

use crate::emotion::Emotion;
use crate::pipeline::FaceReading;
use crate::web::session::Session;
use crate::web::verdict::{self, Verdict};

/// Seven probabilities as bars with numbers, in label order, so that no row jumps while a camera
/// runs. The one that is named is bold and marked besides its colour; where none is, none stands out.
#[component]
pub fn Bars(session: Session, face: Signal<Option<FaceReading>>) -> impl IntoView {
    let rows = Emotion::ALL.map(|emotion| row(session, emotion, face));
    view! { <ul class="bars">{rows}</ul> }
}

fn row(session: Session, emotion: Emotion, face: Signal<Option<FaceReading>>) -> impl IntoView {
    let probability = Signal::derive(move || {
        face.with(|face| face.as_ref().map(|face| face.probabilities.get(emotion)))
    });
    let logit = move || {
        face.with(|face| {
            face.as_ref()
                .map(|face| face.logits[emotion.index()].to_string())
        })
    };
    let is_named = move || {
        face.with(|face| {
            face.as_ref()
                .is_some_and(|face| face.verdict() == Verdict::LooksLike(emotion))
        })
    };
    let scale = move || format!("scaleX({:.4})", probability.get().unwrap_or(0.0));
    view! {
        <li
            class="bar"
            class:bar--top=is_named
            data-testid=format!("bar-{}", emotion.label())
            data-probability=move || probability.get().map(|probability| probability.to_string())
            data-logit=logit
        >
            <span class="bar__name">{move || session.say(verdict::name_key(emotion))}</span>
            <span class="bar__track" aria-hidden="true">
                <span class="bar__fill" style:transform=scale></span>
            </span>
            <span class="bar__number">
                {move || probability.get().map(|share| session.percent(share))}
            </span>
        </li>
    }
}

/// The same seven rows without a reading: what will stand there.
#[component]
pub fn EmptyBars(session: Session) -> impl IntoView {
    let rows = Emotion::ALL.map(|emotion| {
        view! {
            <li class="bar">
                <span class="bar__name">{move || session.say(verdict::name_key(emotion))}</span>
                <span class="bar__track"></span>
                <span class="bar__number"></span>
            </li>
        }
    });
    view! { <ul class="bars bars--empty" aria-hidden="true">{rows}</ul> }
}
