//! The network's attention, drawn over each face.

use leptos::prelude::*;

use crate::pipeline::Attention;
use crate::web::session::i18n::use_i18n;
use crate::web::session::stage::StageState;

/// Opacity of a cell with the highest attention.
const MOST_OPAQUE: f32 = 0.85;
/// Blur between neighbouring cells, in cell widths.
const BLUR: &str = "0.42";

/// The switch of the attention view; shown if the model provides attention.
#[component]
pub fn AttentionSwitch(on: RwSignal<bool>, is_offered: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || is_offered.get()>
            <label class="tick">
                <input
                    type="checkbox"
                    data-testid="attention"
                    prop:checked=move || on.get()
                    on:change=move |event| on.set(event_target_checked(&event))
                />
                <span prop:textContent=move || i18n.text("attention-switch")></span>
            </label>
        </Show>
    }
}

/// The legend: the meaning of the colours, and the resolution of the map.
#[component]
pub fn AttentionLegend(stage: StageState, is_offered: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let size = Memo::new(move |_| {
        if !stage.attention.get() || !is_offered.get() {
            return None;
        }
        stage.reading.with(|reading| {
            let mut faces = reading.as_ref()?.analysis.faces.iter();
            let map = faces.find_map(|face| face.attention.as_ref())?;
            Some((map.width, map.height))
        })
    });
    move || {
        let (across, down) = size.get()?;
        let note = move || {
            let arguments = [("across", across.into()), ("down", down.into())];
            i18n.format("attention-note", &arguments)
        };
        Some(view! {
            <div class="attention-legend" data-testid="attention-legend">
                <p class="attention-legend__scale">
                    <span prop:textContent=move || i18n.text("attention-little")></span>
                    <span class:attention-legend__ramp=true aria-hidden="true"></span>
                    <span prop:textContent=move || i18n.text("attention-much")></span>
                </p>
                <p class="attention-legend__note" prop:textContent=note></p>
            </div>
        })
    }
}

/// The attention maps over the picture, while the switch is on.
#[component]
pub fn AttentionLayer(stage: StageState) -> impl IntoView {
    let numbers = stage.numbers();
    let one = move |number: u32| {
        // In a picture of the size `[width, height]`.
        let map = Memo::new(move |_| {
            stage.reading.with(|reading| {
                let reading = reading.as_ref()?;
                let map = reading.analysis.face(number)?.attention.clone()?;
                Some((map, reading.width as f32, reading.height as f32))
            })
        });
        move || {
            let (map, width, height) = map.get()?;
            let rect = map.square_in_frame;
            let left = match stage.is_mirrored() {
                true => width - rect.right(),
                false => rect.x,
            };
            let percent = |part: f32, whole: f32| format!("{:.3}%", 100.0 * part / whole);
            let values: Vec<String> = map.values.iter().map(|it| format!("{it:.3}")).collect();
            Some(view! {
                <svg
                    class="attention"
                    class:attention--mirrored=move || stage.is_mirrored()
                    aria-hidden="true"
                    data-testid="attention-map"
                    data-values=values.join(" ")
                    viewBox=format!("0 0 {} {}", map.width, map.height)
                    preserveAspectRatio="none"
                    style:left=percent(left, width)
                    style:top=percent(rect.y, height)
                    style:width=percent(rect.width, width)
                    style:height=percent(rect.height, height)
                >
                    <filter
                        id=format!("attention-{number}")
                        x="-50%"
                        y="-50%"
                        width="200%"
                        height="200%"
                    >
                        <feGaussianBlur stdDeviation=BLUR />
                    </filter>
                    <g filter=format!("url(#attention-{number})")>{places(&map)}</g>
                </svg>
            })
        }
    };
    view! {
        <Show when=move || stage.attention.get()>
            <div class="attention-layer">
                <For each=move || numbers.get() key=|number| *number children=one />
            </div>
        </Show>
    }
}

/// Returns a square for each cell of the map. The cells at the edge are repeated around it, so that
/// the blur does not fade there.
fn places(map: &Attention) -> Vec<impl IntoView + use<>> {
    let inside = |at: usize, count: usize| at.clamp(1, count.max(1)) - 1;
    let rows = (0..map.height + 2).flat_map(|y| (0..map.width + 2).map(move |x| (x, y)));
    rows.map(|(x, y)| {
        let at = inside(y, map.height) * map.width + inside(x, map.width);
        let value = map.values.get(at).copied().unwrap_or_default();
        view! {
            <rect
                x=(x as i32 - 1).to_string()
                y=(y as i32 - 1).to_string()
                width="1.02"
                height="1.02"
                fill-opacity=format!("{:.3}", MOST_OPAQUE * value)
            />
        }
    })
    .collect()
}
