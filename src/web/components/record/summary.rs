//! The summary of the whole recording.

use leptos::prelude::*;

use crate::emotion::Emotion;
use crate::page::record::summary::{Outcome, Tally};
use crate::web::session::i18n::{I18n, use_i18n};
use crate::web::session::record::Record;

/// The summary in sentences and bars, for all faces or for the chosen one.
#[component]
pub fn SummaryPanel(record: Record) -> impl IntoView {
    let i18n = use_i18n();
    let tally = Memo::new(move |_| {
        let chosen = record.chosen.get();
        record.with(|history| {
            let summary = history.summary();
            let one = chosen.and_then(|number| summary.face(number));
            one.map_or_else(|| summary.total.clone(), |one| one.tally.clone())
        })
    });
    let whose = move || match record.chosen.get() {
        Some(number) => i18n.format("face-number", &[("number", number.into())]),
        None => i18n.text("summary-all"),
    };
    let rows = move || {
        Outcome::all()
            .filter(|outcome| {
                *outcome != Outcome::NotJudged
                    || tally.with(|it| it.share(Outcome::NotJudged) > Some(0.0))
            })
            .collect::<Vec<_>>()
    };
    view! {
        <section class="record__part summary" aria-labelledby="summary-title" data-testid="summary">
            <h3 id="summary-title" class="record__subtitle" prop:textContent=move || i18n.text("summary-title")></h3>
            <ul class="summary__words">
                <For
                    each=move || sentences(i18n, record, &tally.get())
                    key=|sentence| sentence.clone()
                    children=|sentence| view! { <li prop:textContent=sentence></li> }
                />
            </ul>
            <table class="shares">
                <caption prop:textContent=whose></caption>
                <thead>
                    <tr>
                        <th scope="col" prop:textContent=move || i18n.text("record-verdict")></th>
                        <th scope="col" colspan="2" prop:textContent=move || i18n.text("summary-share")></th>
                        <th scope="col" prop:textContent=move || i18n.text("summary-mean")></th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=rows
                        key=|outcome| outcome.index()
                        children=move |outcome| row(i18n, tally, outcome)
                    />
                </tbody>
            </table>
        </section>
    }
}

fn row(i18n: I18n, tally: Memo<Tally>, outcome: Outcome) -> impl IntoView {
    let share = Memo::new(move |_| tally.with(|tally| tally.share(outcome)));
    let mean = move || match outcome {
        Outcome::LooksLike(emotion) => mean_of(&tally.get(), emotion),
        Outcome::Unsure | Outcome::NotJudged => None,
    };
    let percent = move |share: Option<f64>| {
        share.map_or_else(|| "–".to_owned(), |share| i18n.share(share, 1))
    };
    let scale = move || format!("scaleX({:.4})", share.get().unwrap_or(0.0));
    view! {
        <tr
            data-testid=format!("share-{}", outcome.name())
            data-share=move || share.get().map(|it| it.to_string())
            data-mean=move || mean().map(|it| it.to_string())
        >
            <th scope="row" prop:textContent=move || i18n.outcome(outcome)></th>
            <td class="shares__bar" aria-hidden="true">
                <span class="bar__track"><span class="bar__fill" style:transform=scale></span></span>
            </td>
            <td prop:textContent=move || percent(share.get())></td>
            <td prop:textContent=move || percent(mean())></td>
        </tr>
    }
}

fn mean_of(tally: &Tally, emotion: Emotion) -> Option<f64> {
    tally.means().map(|means| means[emotion.index()])
}

/// Returns the summary in sentences. `tally` holds the counts of all faces or of one.
pub(super) fn sentences(i18n: I18n, record: Record, tally: &Tally) -> Vec<String> {
    let (recorded, faces, faceless) = record.with(|history| {
        let summary = history.summary();
        let faceless = summary.faceless_share().unwrap_or(0.0);
        (summary.recorded_seconds, summary.face_count, faceless)
    });
    let mut said = vec![
        i18n.format(
            "summary-length",
            &[("duration", i18n.duration(1000.0 * recorded).into())],
        ),
        i18n.format("summary-faces", &[("count", faces.into())]),
        i18n.format(
            "summary-faceless",
            &[("share", i18n.share(faceless, 0).into())],
        ),
    ];
    if let Some(longest) = tally.longest() {
        let share = tally.share(longest).unwrap_or(0.0);
        let about = [
            ("outcome", i18n.outcome(longest).into()),
            ("share", i18n.share(share, 0).into()),
        ];
        said.push(i18n.format("summary-longest", &about));
    }
    said.push(i18n.format("summary-changes", &[("count", tally.changes.into())]));
    said
}
