//! The card of one face.

use leptos::prelude::*;

use super::bars::Bars;
use super::baseline::BaselineRow;
use super::quality::QualityHint;
use crate::page::colours::face_colour;
use crate::page::words::verdict;
use crate::page::words::verdict::Verdict;
use crate::web::session::Reading;
use crate::web::session::baseline::Baselines;
use crate::web::session::i18n::use_i18n;

/// The reading of one face. The card is kept from frame to frame, so that its bars move smoothly.
#[component]
pub fn FaceCard(
    reading: RwSignal<Option<Reading>>,
    baseline: Baselines,
    /// Whether the face can be compared with its neutral expression.
    can_compare: Signal<bool>,
    /// Number of the face, from 1.
    number: u32,
    /// Called with the number when the visitor calls it no face.
    on_dismiss: impl Fn(u32) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let face = Signal::derive(move || {
        reading.with(|reading| {
            reading
                .as_ref()
                .and_then(|reading| reading.analysis.face(number).cloned())
        })
    });
    let judged = move || face.with(|face| face.as_ref().map(|it| it.verdict()));
    let phrase = move || {
        face.with(|face| {
            face.as_ref()
                .map(|face| i18n.message(&verdict::phrase(face)))
        })
    };
    let notes = move || {
        face.with(|face| -> Vec<String> {
            let Some(face) = face else {
                return vec![];
            };
            let turned = 90 * u32::from(face.landmarks.quarter_turns());
            let turned =
                (turned > 0).then(|| i18n.format("face-turned", &[("degrees", turned.into())]));
            let added = face.is_added.then(|| i18n.text("face-added"));
            turned.into_iter().chain(added).collect()
        })
    };
    let millis = move || face.with(|face| i18n.measured(face.as_ref()?.millis));
    view! {
        <article
            class="face"
            data-testid="face"
            data-colour=face_colour(number)
        >
            <h2 class="face__head">
                <span class="face__number">
                    <span class="unseen" prop:textContent=move || i18n.format("face-number", &[("number", number.into())])></span>
                    <span aria-hidden="true" prop:textContent=move || i18n.number(number.into(), 0)></span>
                </span>
                <span
                    class="face__verdict"
                    class:face__verdict--unsure=move || judged() == Some(Verdict::Unsure)
                    data-testid="verdict"
                    prop:textContent=phrase
                ></span>
                <span class="face__millis" data-testid="millis" prop:textContent=millis></span>
            </h2>
            <div class="face__notes">
                {move || notes().into_iter().map(|note| view! {
                    <span class="face__note" prop:textContent=note></span>
                }).collect_view()}
                <button
                    type="button"
                    class="link"
                    data-testid="face-dismiss"
                    aria-label=move || i18n.format("face-dismiss-number", &[("number", number.into())])
                    on:click=move |_| on_dismiss(number)
                    prop:textContent=move || i18n.text("face-dismiss")
                ></button>
            </div>
            <QualityHint face />
            <Bars face />
            <BaselineRow baseline is_offered=can_compare number />
        </article>
    }
}
