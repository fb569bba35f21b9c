//! The panel beside the picture.

use leptos::prelude::*;

use super::face::bars::EmptyBars;
use super::face::card::FaceCard;
use crate::web::session::Session;
use crate::web::session::i18n::use_i18n;

/// The panel beside the picture: a card for each face.
#[component]
pub fn Readings(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let numbers = session.numbers();
    let any = Memo::new(move |_| {
        let read = session.reading.with(Option::is_some);
        read.then(|| numbers.with(|numbers| !numbers.is_empty()))
    });
    let left_out = Memo::new(move |_| {
        session
            .reading
            .with(|reading| reading.as_ref().map_or(0, |it| it.analysis.left_out))
    });
    let timing = move || {
        session.reading.with(|reading| {
            reading.as_ref().map(|it| {
                let detect = i18n.duration(it.analysis.detect_millis);
                let network = i18n.duration(it.analysis.network_millis);
                let arguments = [("detect", detect.into()), ("network", network.into())];
                i18n.format("timing", &arguments)
            })
        })
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
                        <p class="readings__hint" data-testid="no-face" prop:textContent=move || i18n.text("no-face-hint")></p>
                        <EmptyBars />
                    </div>
                }
                .into_any(),
                Some(true) => view! {
                    <For
                        each=move || numbers.get()
                        key=|number| *number
                        children=move |number| view! { <FaceCard session number /> }
                    />
                }
                .into_any(),
            }}
            <Show when=move || left_out.get() != 0>
                <p class="readings__hint" data-testid="left-out" prop:textContent=move || i18n.format("left-out", &[("count", left_out.get().into())])></p>
            </Show>
            <p class="readings__timing" data-testid="timing" prop:textContent=timing></p>
        </section>
    }
}
