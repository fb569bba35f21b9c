//! The panel beside the picture.

use leptos::prelude::*;

use super::bars::EmptyBars;
use super::face_card::FaceCard;
use crate::web::advice;
use crate::web::session::Session;
use crate::web::verdict;

/// The panel beside the picture: a card for each face.
#[component]
pub fn Readings(session: Session) -> impl IntoView {
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
                format!(
                    "Found in {}, read in {}",
                    verdict::duration(it.analysis.detect_millis),
                    verdict::duration(it.analysis.network_millis)
                )
            })
        })
    };
    view! {
        <section class="readings" aria-label="Readings" data-testid="readings">
            {move || match any.get() {
                None => view! {
                    <div class="face">
                        <p class="readings__hint">
                            "Seven expressions, each with its probability, will stand here for \
                             every face."
                        </p>
                        <EmptyBars />
                    </div>
                }
                .into_any(),
                Some(false) => view! {
                    <div class="face">
                        <p class="readings__hint" data-testid="no-face">{advice::NO_FACE}</p>
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
                <p class="readings__hint" data-testid="left-out">
                    {move || format!(
                        "{} more faces were found and left out. Crop the photo to read them.",
                        left_out.get()
                    )}
                </p>
            </Show>
            <p class="readings__timing" data-testid="timing">{timing}</p>
        </section>
    }
}
