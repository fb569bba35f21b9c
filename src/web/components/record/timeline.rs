//! The chart over time, and its controls.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::super::text_button::TextButton;
use super::table::Table;
use super::values::Values;
use crate::emotion::Emotion;
use crate::page::colours::face_colour;
use crate::page::record::chart::{Chart, PLOT, Span};
use crate::page::words::verdict;
use crate::web::session::i18n::{I18n, use_i18n};
use crate::web::session::record::Record;

/// Number of steps of the slider.
const SLIDER_STEPS: f64 = 200.0;
/// Probabilities that have a horizontal grid line.
const LEVELS: [f64; 3] = [0.0, 0.5, 1.0];

/// The chart of a face with seven lines, and its controls.
#[component]
pub fn Timeline(record: Record) -> impl IntoView {
    let i18n = use_i18n();
    let chart = Memo::new(move |_| record.chart());
    let face = Memo::new(move |_| record.face());
    let share = Memo::new(move |_| {
        let (window, second) = (record.window()?, record.second()?);
        Some(window.percent(second) / 100.0)
    });
    let label = move || {
        let (face, window) = (
            face.get()?,
            chart.with(|it| it.as_ref().map(|it| it.window))?,
        );
        let (from, until) = (i18n.clock(window.from), i18n.clock(window.until));
        let about = [
            ("number", face.into()),
            ("from", from.into()),
            ("until", until.into()),
        ];
        Some(i18n.format("record-chart", &about))
    };
    let ticks = move || {
        let window = chart.with(|it| it.as_ref().map(|it| it.window));
        let ticks = window.map(|window| window.ticks()).unwrap_or_default();
        let place = |second: f64| window.map_or(0.0, |window| window.percent(second));
        ticks
            .into_iter()
            .map(|second| {
                let left = format!("{:.2}%", place(second));
                view! { <span class="timeline__tick" style:left=left prop:textContent=i18n.clock(second)></span> }
            })
            .collect_view()
    };
    let levels = LEVELS.map(|level| {
        let top = format!("{:.0}%", 100.0 * (1.0 - level));
        view! {
            <span class="level" style:top=top prop:textContent=move || i18n.share(level, 0)></span>
        }
    });
    let cursor = move || share.get().map(|share| format!("{:.2}%", 100.0 * share));
    let drag = move |event: PointerEvent| {
        let Some(plot) = event.current_target() else {
            return;
        };
        let width = plot.unchecked_ref::<web_sys::HtmlElement>().offset_width();
        if event.buttons() & 1 == 1 && width > 0 {
            record.select_share(f64::from(event.offset_x()) / f64::from(width));
        }
    };
    view! {
        <div
            class="timeline"
            data-testid="timeline"
            data-face=move || face.get()
            data-colour=move || face.get().map(face_colour)
        >
            <Choices record />
            // Time runs from left to right in every script, as in media players.
            <div class="timeline__grid" dir="ltr">
                <div class="timeline__levels" aria-hidden="true">{levels}</div>
                <div class="timeline__plot" on:pointerdown=drag on:pointermove=drag>
                    <svg
                        viewBox=format!("0 0 {} {}", PLOT.0, PLOT.1)
                        preserveAspectRatio="none"
                        role="img"
                        aria-label=label
                    >
                        {LEVELS.map(|level| {
                            let y = PLOT.1 * (1.0 - level);
                            view! { <path class="rule" d=format!("M0 {y}H{}", PLOT.0) /> }
                        })}
                        {Emotion::ALL.map(|emotion| line(emotion, chart))}
                    </svg>
                    <span class="timeline__cursor" style:left=cursor aria-hidden="true"></span>
                </div>
                <div class="timeline__labels" aria-hidden="true">
                    {Emotion::ALL.map(|emotion| direct_label(i18n, emotion, chart))}
                </div>
                <div class="timeline__ticks" aria-hidden="true">{ticks}</div>
                <Slider record share />
            </div>
            <Values record />
            <Table record chart />
        </div>
    }
}

fn line(emotion: Emotion, chart: Memo<Option<Chart>>) -> impl IntoView {
    let path = move || {
        chart.with(|chart| {
            chart
                .as_ref()
                .map(|chart| chart.lines[emotion.index()].path.clone())
        })
    };
    let class = format!("line line--{}", emotion.label());
    view! { <path class=class d=path data-testid=format!("line-{}", emotion.label()) /> }
}

fn direct_label(i18n: I18n, emotion: Emotion, chart: Memo<Option<Chart>>) -> impl IntoView {
    let top = Memo::new(move |_| {
        chart.with(|chart| {
            chart
                .as_ref()
                .and_then(|chart| chart.lines[emotion.index()].label)
        })
    });
    view! {
        <span
            class="line-label"
            style:visibility=move || top.get().is_none().then_some("hidden")
            style:top=move || top.get().map(|top| format!("{top:.1}%"))
        >
            {swatch(emotion)}
            <span prop:textContent=move || i18n.text(verdict::name_key(emotion))></span>
        </span>
    }
}

/// A sample of an expression's line, for labels.
pub(super) fn swatch(emotion: Emotion) -> impl IntoView {
    let class = format!("line line--{}", emotion.label());
    view! {
        <svg class="swatch" viewBox="0 0 28 8" aria-hidden="true">
            <path class=class d="M1 4H27" />
        </svg>
    }
}

/// The choice of the face and the time span, and the buttons to follow the recording or discard it.
#[component]
fn Choices(record: Record) -> impl IntoView {
    let i18n = use_i18n();
    let faces = Memo::new(move |_| record.faces());
    let choose_face = move |event| {
        record.chosen.set(event_target_value(&event).parse().ok());
    };
    let choose_span = move |event| {
        record
            .span
            .set(Span::from_name(&event_target_value(&event)).unwrap_or_default());
    };
    let span_words = move |span: Span| match span {
        Span::Minute => i18n.text("record-span-minute"),
        Span::FiveMinutes => i18n.text("record-span-five-minutes"),
        Span::Whole => i18n.text("record-span-whole"),
    };
    view! {
        <div class="timeline__head">
            <h2 id="record-title" class="record__title" prop:textContent=move || i18n.text("record-title")></h2>
            <label class="choice">
                <span prop:textContent=move || i18n.text("record-face")></span>
                <select data-testid="record-face" on:change=choose_face>
                    <option value="" selected=move || record.chosen.get().is_none() prop:textContent=move || i18n.text("record-follow")></option>
                    <For
                        each=move || faces.get()
                        key=|number| *number
                        children=move |number| view! {
                            <option
                                value=number.to_string()
                                selected=move || record.chosen.get() == Some(number)
                                prop:textContent=move || i18n.format("face-number", &[("number", number.into())])
                            ></option>
                        }
                    />
                </select>
            </label>
            <label class="choice">
                <span prop:textContent=move || i18n.text("record-span")></span>
                <select data-testid="record-span" on:change=choose_span>
                    {Span::ALL.map(|span| view! {
                        <option value=span.name() selected=move || record.span.get() == span prop:textContent=move || span_words(span)></option>
                    })}
                </select>
            </label>
            <TextButton
                key="record-live"
                testid="record-live"
                disabled=Signal::derive(move || record.selected.get().is_none())
                on_press=move |_| record.selected.set(None)
            />
            <TextButton
                key="record-discard"
                testid="record-discard"
                class="button button--small button--plain"
                on_press=move |_| record.discard()
            />
        </div>
    }
}

/// A slider that selects a moment with the keyboard.
#[component]
fn Slider(record: Record, share: Memo<Option<f64>>) -> impl IntoView {
    let i18n = use_i18n();
    let value = move || {
        share
            .get()
            .map_or(0.0, |share| (SLIDER_STEPS * share).round())
    };
    let words = move || {
        let second = i18n.clock(record.second()?);
        let said = match record.sample() {
            Some((_, outcome)) => i18n.outcome(outcome),
            None => i18n.text("record-out-of-sight"),
        };
        Some(format!("{second}: {said}"))
    };
    let moved = move |event| {
        if let Ok(step) = event_target_value(&event).parse::<f64>() {
            record.select_share(step / SLIDER_STEPS);
        }
    };
    view! {
        <input
            class="timeline__slider"
            type="range"
            min="0"
            max=SLIDER_STEPS.to_string()
            step="1"
            prop:value=move || value().to_string()
            aria-label=move || i18n.text("record-moment")
            aria-valuetext=words
            data-testid="scrub"
            on:input=moved
        />
    }
}
