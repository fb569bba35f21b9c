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
            <QualityHint face />
            <Bars face />
            <BaselineRow baseline is_offered=can_compare number />
        </article>
    }
}
