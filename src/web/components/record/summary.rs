//! What is said of the whole recording.

use leptos::prelude::*;

use crate::emotion::Emotion;
use crate::page::record::summary::{Outcome, Tally};
use crate::web::session::Session;

/// The whole recording in words and bars: of all faces, or of the one that was chosen.
#[component]
pub fn SummaryPanel(session: Session) -> impl IntoView {
    let record = session.record;
    let tally = Memo::new(move |_| {
        let chosen = record.chosen.get();
        record.with(|history| {
            let summary = history.summary();
            let one = chosen.and_then(|number| summary.face(number));
            one.map_or_else(|| summary.total.clone(), |one| one.tally.clone())
        })
    });
    let whose = move || match record.chosen.get() {
        Some(number) => session.tell("face-number", &[("number", number.into())]),
        None => session.say("summary-all"),
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
            <h3 id="summary-title" class="record__subtitle" prop:textContent=move || session.say("summary-title")></h3>
            <ul class="summary__words">
                <For
                    each=move || sentences(session, &tally.get())
                    key=|sentence| sentence.clone()
                    children=|sentence| view! { <li prop:textContent=sentence></li> }
                />
            </ul>
            <table class="shares">
                <caption prop:textContent=whose></caption>
                <thead>
                    <tr>
                        <th scope="col" prop:textContent=move || session.say("record-verdict")></th>
                        <th scope="col" colspan="2" prop:textContent=move || session.say("summary-share")></th>
                        <th scope="col" prop:textContent=move || session.say("summary-mean")></th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=rows
                        key=|outcome| outcome.index()
                        children=move |outcome| row(session, tally, outcome)
                    />
                </tbody>
            </table>
        </section>
    }
}

fn row(session: Session, tally: Memo<Tally>, outcome: Outcome) -> impl IntoView {
    let share = Memo::new(move |_| tally.with(|tally| tally.share(outcome)));
    let mean = move || match outcome {
        Outcome::LooksLike(emotion) => mean_of(&tally.get(), emotion),
        Outcome::Unsure | Outcome::NotJudged => None,
    };
    let percent = move |share: Option<f64>| {
        share.map_or_else(|| "–".to_owned(), |share| session.share(share, 1))
    };
    let scale = move || format!("scaleX({:.4})", share.get().unwrap_or(0.0));
    view! {
        <tr
            data-testid=format!("share-{}", outcome.name())
            data-share=move || share.get().map(|it| it.to_string())
            data-mean=move || mean().map(|it| it.to_string())
        >
            <th scope="row" prop:textContent=move || session.outcome(outcome)></th>
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

/// The recording in words, of all faces or of the one that `tally` is of.
pub(super) fn sentences(session: Session, tally: &Tally) -> Vec<String> {
    let (recorded, faces, faceless) = session.record.with(|history| {
        let summary = history.summary();
        let faceless = summary.faceless_share().unwrap_or(0.0);
        (summary.recorded_seconds, summary.face_count, faceless)
    });
    let mut said = vec![
        session.tell(
            "summary-length",
            &[("duration", session.duration(1000.0 * recorded).into())],
        ),
        session.tell("summary-faces", &[("count", faces.into())]),
        session.tell(
            "summary-faceless",
            &[("share", session.share(faceless, 0).into())],
        ),
    ];
    if let Some(longest) = tally.longest() {
        let share = tally.share(longest).unwrap_or(0.0);
        let about = [
            ("outcome", session.outcome(longest).into()),
            ("share", session.share(share, 0).into()),
        ];
        said.push(session.tell("summary-longest", &about));
    }
    said.push(session.tell("summary-changes", &[("count", tally.changes.into())]));
    said
}
