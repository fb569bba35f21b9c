//! The panel of readings beside the picture.

use leptos::prelude::*;

use super::face::bars::EmptyBars;
use super::face::card::FaceCard;
use crate::vision::quality::Darkness;
use crate::web::session::Source;
use crate::web::session::baseline::Baselines;
use crate::web::session::i18n::use_i18n;
use crate::web::session::stage::StageState;

/// The panel beside the picture: a card for each face.
#[component]
pub fn Readings(
    stage: StageState,
    baseline: Baselines,
    /// Whether faces can be compared with their neutral expression.
    #[prop(into)]
    can_compare: Signal<bool>,
    /// Called with the number of a face that the visitor calls none.
    on_dismiss: impl Fn(u32) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let numbers = stage.numbers();
    let reading = stage.reading;
    let any = Memo::new(move |_| {
        let read = reading.with(Option::is_some);
        read.then(|| numbers.with(|numbers| !numbers.is_empty()))
    });
    let left_out = Memo::new(move |_| {
        reading.with(|reading| reading.as_ref().map_or(0, |it| it.analysis.left_out))
    });
    let maybe = Memo::new(move |_| {
        reading.with(|reading| reading.as_ref().map_or(0, |it| it.analysis.maybe.len()))
    });
    let timing = move || {
        reading.with(|reading| {
            let analysis = &reading.as_ref()?.analysis;
            let detect = i18n.measured(analysis.detect_millis)?;
            let network = i18n.measured(analysis.network_millis)?;
            let arguments = [("detect", detect.into()), ("network", network.into())];
            Some(i18n.format("timing", &arguments))
        })
    };
    let hint = move || {
        let darkness = reading.with(|reading| reading.as_ref()?.analysis.darkness);
        match darkness.filter(|_| stage.is_camera_on()) {
            Some(Darkness::Black) => "no-face-black",
            Some(Darkness::Dark) => "no-face-dark",
            None if stage.source.with(Source::is_photo) => "no-face-photo",
            None => "no-face-hint",
        }
    };
    view! {
        <section class="readings" aria-label=move || i18n.text("readings") data-testid="readings">
            {move || match any.get() {
                None => view! {
                    <div class="face">
                        <p class="readings__hint" prop:textContent=move || i18n.text("readings-hint")></p>
                        <EmptyBars />
                    </div>
                }
                .into_any(),
                Some(false) => view! {
                    <div class="face">
                        <p class="readings__hint" data-testid="no-face" prop:textContent=move || i18n.text(hint())></p>
                        <EmptyBars />
                    </div>
                }
                .into_any(),
                Some(true) => view! {
                    <For
                        each=move || numbers.get()
                        key=|number| *number
                        children=move |number| view! { <FaceCard reading baseline can_compare number on_dismiss /> }
                    />
                }
                .into_any(),
            }}
            <Show when=move || left_out.get() != 0>
                <p class="readings__hint" data-testid="left-out" prop:textContent=move || i18n.format("left-out", &[("count", left_out.get().into())])></p>
            </Show>
            <Show when=move || maybe.get() != 0>
                <p class="readings__hint" data-testid="maybe-hint" prop:textContent=move || i18n.format("maybe-hint", &[("count", maybe.get().into())])></p>
            </Show>
            <p class="readings__timing" data-testid="timing" prop:textContent=timing></p>
        </section>
    }
}
