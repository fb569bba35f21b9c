//! How well each expression is named, as a table.

use leptos::prelude::*;

use crate::emotion::Emotion;
use crate::page::words::verdict;
use crate::spec::manifest::MeasuredAccuracy;
use crate::web::session::Session;

/// A row for each expression; nothing where that was not measured.
#[component]
pub fn Scores(session: Session, measured: MeasuredAccuracy) -> impl IntoView {
    measured.confusion?;
    let rows = Emotion::ALL.map(|emotion| row(session, emotion, &measured));
    let heads = [
        ("about-expression", ""),
        ("about-recall", "scores__number"),
        ("about-precision", "scores__number"),
        ("about-mistaken", ""),
        ("about-images", "scores__number"),
    ];
    let heads = heads.map(|(key, class)| {
        view! { <th scope="col" class=class prop:textContent=move || session.say(key)></th> }
    });
    Some(view! {
        <div
            class="scores"
            role="region"
            tabindex="0"
            aria-label=move || session.say("about-table")
        >
            <table data-testid="about-scores">
                <caption prop:textContent=move || session.say("about-table")></caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}

fn row(session: Session, emotion: Emotion, measured: &MeasuredAccuracy) -> impl IntoView + use<> {
    let class = measured.class(emotion);
    let share = move |share: Option<f64>| {
        move || share.map_or_else(|| "–".to_owned(), |share| session.share(share, 1))
    };
    let plain = |share: Option<f64>| share.map(|share| share.to_string());
    let (recall, precision) = match class {
        Some(class) => (class.recall, class.precision),
        None => (None, None),
    };
    let mistaken = move || {
        let other = class.and_then(|class| class.mistaken_for);
        other.map(|other| session.say(verdict::name_key(other)))
    };
    let images = move || class.map(|class| session.number(class.images.into(), 0));
    view! {
        <tr
            data-testid=format!("about-{}", emotion.label())
            data-recall=plain(recall)
            data-precision=plain(precision)
        >
            <th scope="row" prop:textContent=move || session.say(verdict::name_key(emotion))></th>
            <td class="scores__number" prop:textContent=share(recall)></td>
            <td class="scores__number" prop:textContent=share(precision)></td>
            <td prop:textContent=mistaken></td>
            <td class="scores__number" prop:textContent=images></td>
        </tr>
    }
}
