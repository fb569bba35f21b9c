//! The numbers of the moment that is looked at.

use leptos::prelude::*;

use super::timeline::swatch;
use crate::emotion::Emotion;
use crate::page::words::verdict;
use crate::web::session::Session;

/// What the shown face looked like in the moment that is looked at.
#[component]
pub fn Values(session: Session) -> impl IntoView {
    let record = session.record;
    let sample = Memo::new(move |_| record.sample());
    let number = Memo::new(move |_| record.face());
    let face = move || {
        let number = number.get()?;
        Some(session.tell("face-number", &[("number", number.into())]))
    };
    let digits = move || Some(session.number(number.get()?.into(), 0));
    let said = move || match sample.get() {
        Some((_, outcome)) => session.outcome(outcome),
        None => session.say("record-out-of-sight"),
    };
    let row = move |(at, (name, key)): (usize, (&str, &'static str))| {
        let value = move || sample.get().map(|(it, _)| it.probabilities[at]);
        view! {
            <div
                class="value"
                data-testid=format!("scrub-{name}")
                data-probability=move || value().map(|it| it.to_string())
            >
                <dt>{Emotion::from_index(at).map(swatch)} <span prop:textContent=move || session.say(key)></span></dt>
                <dd prop:textContent=move || value().map_or_else(|| "–".to_owned(), |it| session.percent(it))></dd>
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
                <span class="values__time" prop:textContent=move || record.second().map(|it| session.clock(it))></span>
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
