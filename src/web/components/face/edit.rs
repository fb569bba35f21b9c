//! Faces that the visitor adds, and changes that are taken back.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

use crate::page::corrections::Correction;
use crate::page::geometry::BoxInPercent;
use crate::vision::Rect;
use crate::web::components::text_button::TextButton;
use crate::web::session::Source;
use crate::web::session::i18n::use_i18n;
use crate::web::session::stage::StageState;

/// Side of the box to begin with, in shorter sides of the picture.
const FIRST_SIDE: f32 = 0.3;
/// Smallest side of a box, in shorter sides of the picture; a shorter drag is a tap.
const LEAST_SIDE: f32 = 0.04;
/// How far a press of an arrow key moves the box, in shorter sides of the picture.
const STEP: f32 = 0.02;
/// Factor of the side for a press of the plus key.
const GROWTH: f32 = 1.1;

/// Buttons to add a face, to turn the photo and to take the last change back.
#[component]
pub fn EditBar(
    stage: StageState,
    /// Called to turn the photo by a quarter, clockwise.
    on_turn: impl Fn() + Copy + Send + Sync + 'static,
    /// Called to take the last change back.
    on_undo: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let has_picture = Memo::new(move |_| stage.reading.with(Option::is_some));
    let undo = Memo::new(move |_| {
        stage
            .corrections
            .with(|it| it.last())
            .map(|last| match last {
                Correction::Dismissed(_) => "undo-dismissed",
                Correction::Added(_) => "undo-added",
            })
    });
    view! {
        <Show when=move || has_picture.get()>
            <TextButton
                key="face-add"
                testid="face-add"
                on_press=move |_| stage.drawing.update(|it| *it = !*it)
            />
        </Show>
        <Show when=move || stage.source.with(Source::is_photo)>
            <TextButton key="turn" testid="turn" on_press=move |_| on_turn() />
        </Show>
        {move || undo.get().map(|key| view! {
            <TextButton key testid="undo" on_press=move |_| on_undo() />
        })}
        <Show when=move || stage.drawing.get()>
            <p class="edit__how" id="face-add-how" prop:textContent=move || i18n.text("face-add-how")></p>
        </Show>
    }
}

/// Over the picture, where the visitor draws a box around a face that was missed: by dragging, with a
/// tap, or with keys.
#[component]
pub fn DrawLayer(
    stage: StageState,
    /// Called with the box, in pixels of the picture.
    on_add: impl Fn(Rect) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <Show when=move || stage.drawing.get()>
            <DrawArea stage on_add />
        </Show>
    }
}

#[component]
fn DrawArea(
    stage: StageState,
    on_add: impl Fn(Rect) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let area = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            let _ = area.focus();
        }
    });
    let size = move || {
        let size = |reading: &Option<_>| {
            reading
                .as_ref()
                .map(|it: &crate::web::session::Reading| (it.width as f32, it.height as f32))
        };
        stage.reading.with_untracked(size).unwrap_or((1.0, 1.0))
    };
    let shorter = move || {
        let (width, height) = size();
        width.min(height)
    };
    let square = RwSignal::new({
        let ((width, height), side) = (size(), FIRST_SIDE * shorter());
        Rect::from_centre(width / 2.0, height / 2.0, side, side)
    });
    let from = StoredValue::new(None::<(f32, f32)>);
    let place = move |event: &PointerEvent| {
        let area: HtmlElement = event.current_target()?.dyn_into().ok()?;
        let (wide, high) = (area.offset_width(), area.offset_height());
        let (width, height) = size();
        let x = event.offset_x() as f32 / wide.max(1) as f32;
        let x = if stage.is_mirrored() { 1.0 - x } else { x };
        Some((
            x * width,
            event.offset_y() as f32 / high.max(1) as f32 * height,
        ))
    };
    let drawn = move |event: &PointerEvent| {
        let (x, y) = place(event)?;
        let (from_x, from_y) = from.get_value()?;
        let side = (x - from_x).abs().max((y - from_y).abs());
        let (centre_x, centre_y) = (
            from_x + (x - from_x).signum() * side / 2.0,
            from_y + (y - from_y).signum() * side / 2.0,
        );
        Some(match side < LEAST_SIDE * shorter() {
            true => Rect::from_centre(
                from_x,
                from_y,
                square.get_untracked().width,
                square.get_untracked().width,
            ),
            false => Rect::from_centre(centre_x, centre_y, side, side),
        })
    };
    let on_key = move |event: KeyboardEvent| {
        let Rect { width: side, .. } = square.get_untracked();
        let (x, y) = square.get_untracked().centre();
        let step = STEP * shorter();
        let ahead = if stage.is_mirrored() { -step } else { step };
        let (x, y, side) = match event.key().as_str() {
            "ArrowLeft" => (x - ahead, y, side),
            "ArrowRight" => (x + ahead, y, side),
            "ArrowUp" => (x, y - step, side),
            "ArrowDown" => (x, y + step, side),
            "+" | "=" => (x, y, side * GROWTH),
            "-" => (x, y, side / GROWTH),
            "Enter" | " " => {
                event.prevent_default();
                return on_add(square.get_untracked());
            }
            "Escape" => return stage.drawing.set(false),
            _ => return,
        };
        event.prevent_default();
        let (width, height) = size();
        let side = side.clamp(LEAST_SIDE * shorter(), shorter());
        square.set(Rect::from_centre(
            x.clamp(0.0, width),
            y.clamp(0.0, height),
            side,
            side,
        ));
    };
    let percent = move |pick: fn(BoxInPercent) -> f32| {
        move || {
            let (width, height) = size();
            let mirrored = stage.is_mirrored();
            let place = BoxInPercent::new(square.get(), width as u32, height as u32, mirrored)?;
            Some(format!("{:.3}%", pick(place)))
        }
    };
    view! {
        <div
            node_ref=area
            class="draw"
            tabindex="0"
            role="application"
            aria-label=move || i18n.text("face-add-area")
            aria-describedby="face-add-how"
            data-testid="draw"
            on:keydown=on_key
            on:pointerdown=move |event| {
                from.set_value(place(&event));
                if let Some(area) = area.get_untracked() {
                    let _ = area.set_pointer_capture(event.pointer_id());
                }
            }
            on:pointermove=move |event| {
                if let Some(rect) = drawn(&event) {
                    square.set(rect);
                }
            }
            on:pointerup=move |event| {
                if let Some(rect) = drawn(&event) {
                    on_add(rect);
                }
                from.set_value(None);
            }
            on:pointercancel=move |_| from.set_value(None)
        >
            <div
                class="draw__square"
                style:left=percent(|it| it.left)
                style:top=percent(|it| it.top)
                style:width=percent(|it| it.width)
                style:height=percent(|it| it.height)
            ></div>
        </div>
    }
}
