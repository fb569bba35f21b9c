//! The values at the selected moment of a recording.

use leptos::prelude::*;

use super::timeline::swatch;
use crate::emotion::Emotion;
use crate::page::words::verdict;
use crate::web::session::i18n::use_i18n;
use crate::web::session::record::Record;

/// The reading of the shown face at the selected moment.
#[component]
pub fn Values(record: Record) -> impl IntoView {
    let i18n = use_i18n();
    let sample = Memo::new(move |_| record.sample());
    let number = Memo::new(move |_| record.face());
    let face = move || {
        let number = number.get()?;
        Some(i18n.format("face-number", &[("number", number.into())]))
    };
    let digits = move || Some(i18n.number(number.get()?.into(), 0));
    let said = move || match sample.get() {
        Some((_, outcome)) => i18n.outcome(outcome),
        None => i18n.text("record-out-of-sight"),
    };
    let row = move |(at, (name, key)): (usize, (&str, &'static str))| {
        let value = move || sample.get().map(|(it, _)| it.probabilities[at]);
        view! {
            <div
                class="value"
                data-testid=format!("scrub-{name}")
                data-probability=move || value().map(|it| it.to_string())
            >
                <dt>{Emotion::from_index(at).map(swatch)} <span prop:textContent=move || i18n.text(key)></span></dt>
                <dd prop:textContent=move || value().map_or_else(|| "–".to_owned(), |it| i18n.percent(it))></dd>
            </div>
        }
    };
    let rows = verdict::probability_names().into_iter().enumerate();
    view! {
        <div
            class="values"
            data-testid="scrub-values"
            data-seconds=move || record.second().map(|it| format!("{it:.3}"))
            data-verdict=move || sample.get().map(|(_, outcome)| outcome.name())
        >
            <p class="values__head">
                <span class="values__time" prop:textContent=move || record.second().map(|it| i18n.clock(it))></span>
                <span class="face__number" hidden=move || number.get().is_none()>
                    <span class="unseen" prop:textContent=face></span>
                    <span aria-hidden="true" prop:textContent=digits></span>
                </span>
                <strong prop:textContent=said></strong>
            </p>
            <dl class="values__list">{rows.map(row).collect_view()}</dl>
        </div>
    }
}
