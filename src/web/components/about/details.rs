//! The details view with live performance figures.

use leptos::prelude::*;

use crate::page::state::PageState;
use crate::web::components::icon::{Icon, IconKind};
use crate::web::session::details::Details;
use crate::web::session::i18n::use_i18n;

/// The switch that shows or hides the details.
#[component]
pub fn DetailsSwitch(
    details: Details,
    is_reading: impl Fn() -> bool + Copy + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let shown = details.shown;
    view! {
        <button
            type="button"
            class="button button--small"
            data-testid="details"
            aria-controls="details"
            aria-expanded=move || shown.get().to_string()
            on:click=move |_| details.toggle(is_reading)
        >
            <span prop:textContent=move || i18n.text("details")></span>
            <Icon kind=IconKind::More />
        </button>
    }
}

/// The panel with the figures.
#[component]
pub fn DetailsPanel(details: Details, state: RwSignal<PageState>) -> impl IntoView {
    let i18n = use_i18n();
    let figures = details.figures;
    let rate = move |rate: Option<f64>| {
        let rate = rate.map(|rate| i18n.number(rate, 1))?;
        Some(i18n.format("details-per-second", &[("rate", rate.into())]))
    };
    let time = move |millis: Option<f64>| millis.map(|millis| i18n.duration(millis));
    let size = move || {
        let (width, height) = figures.get().size?;
        let [width, height] = [width, height].map(|side| i18n.number(side.into(), 0));
        let sides = [("width", width.into()), ("height", height.into())];
        Some(i18n.format("details-pixels", &sides))
    };
    let engine = move || state.with(|state| Some(state.info()?.engine.name().to_owned()));
    let in_flight = move || {
        let count = i18n.number(figures.get().in_flight as f64, 0);
        Some(i18n.format("details-of-one", &[("count", count.into())]))
    };
    // The message key is also the value of `data-testid`.
    let row = move |(key, value): (&'static str, Signal<Option<String>>)| {
        view! {
            <div>
                <dt prop:textContent=move || i18n.text(key)></dt>
                <dd data-testid=key prop:textContent=move || value.get().unwrap_or_else(|| "–".to_owned())></dd>
            </div>
        }
    };
    let rows = move || {
        let values: [(_, Signal<Option<String>>); 9] = [
            (
                "details-display",
                Signal::derive(move || rate(figures.get().display)),
            ),
            (
                "details-readings",
                Signal::derive(move || rate(figures.get().readings)),
            ),
            (
                "details-capture",
                Signal::derive(move || time(figures.get().capture)),
            ),
            (
                "details-detect",
                Signal::derive(move || time(figures.get().detect)),
            ),
            (
                "details-network",
                Signal::derive(move || time(figures.get().network)),
            ),
            (
                "details-total",
                Signal::derive(move || time(figures.get().total)),
            ),
            ("details-in-flight", Signal::derive(in_flight)),
            ("details-size", Signal::derive(size)),
            ("details-engine", Signal::derive(engine)),
        ];
        values.map(row)
    };
    view! {
        <div id="details">
            <Show when=move || details.shown.get()>
                <dl class="details" data-testid="details-panel">{rows()}</dl>
            </Show>
        </div>
    }
}
