//! The boxes over the faces of the picture.

use leptos::prelude::*;

use crate::page::colours::face_colour;
use crate::page::geometry::BoxInPercent;
use crate::vision::Rect;
use crate::web::session::Source;
use crate::web::session::i18n::use_i18n;
use crate::web::session::stage::StageState;

/// A button over every place of a photo that may hold a face, which has it read.
#[component]
pub fn MaybeBoxes(
    stage: StageState,
    /// Called with the box to read, in pixels of the picture.
    on_add: impl Fn(Rect) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let places = Memo::new(move |_| {
        stage.reading.with(|reading| {
            let Some(reading) = reading else {
                return vec![];
            };
            let place = |rect: &Rect| {
                let place = BoxInPercent::new(*rect, reading.width, reading.height, false)?;
                Some((place, *rect))
            };
            reading.analysis.maybe.iter().filter_map(place).collect()
        })
    });
    move || {
        let one = |(place, rect): (BoxInPercent, Rect)| {
            view! {
                <button
                    type="button"
                    class="maybe"
                    data-testid="maybe"
                    style:left=format!("{:.3}%", place.left)
                    style:top=format!("{:.3}%", place.top)
                    style:width=format!("{:.3}%", place.width)
                    style:height=format!("{:.3}%", place.height)
                    title=move || i18n.text("maybe-read")
                    aria-label=move || i18n.text("maybe-read")
                    on:click=move |_| on_add(rect)
                >
                    <span class="maybe__mark" aria-hidden="true">"?"</span>
                </button>
            }
        };
        places.get().into_iter().map(one).collect_view()
    }
}

/// A box over every face, in the face's colour and with its number.
#[component]
pub fn Boxes(stage: StageState) -> impl IntoView {
    let i18n = use_i18n();
    let numbers = stage.numbers();
    let is_stream = move || stage.source.with(Source::is_stream);
    let one = move |number: u32| {
        let place = Memo::new(move |_| {
            stage.reading.with(|reading| {
                let reading = reading.as_ref()?;
                let rect = reading.analysis.face(number)?.rect_in_frame;
                let mirrored = stage.is_mirrored();
                BoxInPercent::new(rect, reading.width, reading.height, mirrored)
            })
        });
        let percent = move |pick: fn(BoxInPercent) -> f32| {
            move || place.get().map(|placed| format!("{:.3}%", pick(placed)))
        };
        // A transform in units of the picture, so that moving the box causes no new layout.
        let moved = move || {
            let BoxInPercent { left, top, .. } = place.get()?;
            Some(format!("translate({left:.3}cqw, {top:.3}cqh)"))
        };
        view! {
            <div
                class="box"
                class:box--glides=is_stream
                data-testid="face-box"
                data-colour=face_colour(number)
                aria-hidden="true"
                hidden=move || place.get().is_none()
                style:transform=moved
                style:width=percent(|placed| placed.width)
                style:height=percent(|placed| placed.height)
            >
                <span class="box__number" prop:textContent=move || i18n.number(number.into(), 0)></span>
            </div>
        }
    };
    view! { <For each=move || numbers.get() key=|number| *number children=one /> }
}
