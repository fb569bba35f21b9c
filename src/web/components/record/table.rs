//! The points of the chart as a table.

use leptos::ev::Event;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::page::record::chart::Chart;
use crate::page::record::samples::Sample;
use crate::page::words::verdict;
use crate::web::session::i18n::{I18n, use_i18n};
use crate::web::session::record::Record;

/// The values of the chart's points, listed only while the table is open.
#[component]
pub fn Table(record: Record, chart: Memo<Option<Chart>>) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let toggled = move |event: Event| {
        let details = event.current_target();
        let is_open = details.map(|it| {
            it.unchecked_into::<web_sys::Element>()
                .has_attribute("open")
        });
        open.set(is_open.unwrap_or(false));
    };
    let points = move || {
        chart.with(|chart| {
            chart
                .as_ref()
                .map(|it| it.points.clone())
                .unwrap_or_default()
        })
    };
    view! {
        <details class="numbers" data-testid="timeline-table" on:toggle=toggled>
            <summary prop:textContent=move || i18n.text("record-table")></summary>
            <Show when=move || open.get()>
                <div
                    class="numbers__frame"
                    tabindex="0"
                    role="region"
                    aria-label=move || i18n.text("record-table")
                >
                    <table>
                        <caption prop:textContent=move || i18n.text("record-table-caption")></caption>
                        <thead>
                            <tr>
                                <th scope="col" prop:textContent=move || i18n.text("record-time")></th>
                                <th scope="col" prop:textContent=move || i18n.text("record-verdict")></th>
                                {verdict::probability_names().map(|(_, key)| view! {
                                    <th scope="col" prop:textContent=move || i18n.text(key)></th>
                                })}
                            </tr>
                        </thead>
                        <tbody>
                            <For
                                each=points
                                key=|it| (it.seconds.to_bits(), it.readings)
                                children=move |sample| row(record, i18n, sample)
                            />
                        </tbody>
                    </table>
                </div>
            </Show>
        </details>
    }
}

fn row(record: Record, i18n: I18n, sample: Sample) -> impl IntoView {
    let outcome = record.with(|history| Some(history.outcome(&sample)));
    let seconds = sample.middle_seconds();
    view! {
        <tr data-seconds=format!("{seconds:.3}")>
            <th scope="row" prop:textContent=move || i18n.number(seconds, 1)></th>
            <td prop:textContent=move || outcome.map(|it| i18n.outcome(it))></td>
            {sample.probabilities.into_iter().map(|value| view! {
                <td data-probability=value.to_string() prop:textContent=move || i18n.percent(value)></td>
            }).collect_view()}
        </tr>
    }
}
