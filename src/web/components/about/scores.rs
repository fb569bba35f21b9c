//! The table of the accuracy for each expression.

use leptos::prelude::*;

use crate::emotion::Emotion;
use crate::page::words::verdict;
use crate::spec::manifest::MeasuredAccuracy;
use crate::web::session::i18n::{I18n, use_i18n};

/// A table with a row for each expression; nothing if that was not measured.
#[component]
pub fn Scores(measured: MeasuredAccuracy) -> impl IntoView {
    let i18n = use_i18n();
    measured.confusion?;
    let rows = Emotion::ALL.map(|emotion| row(i18n, emotion, &measured));
    let heads = [
        ("about-expression", ""),
        ("about-recall", "scores__number"),
        ("about-precision", "scores__number"),
        ("about-mistaken", ""),
        ("about-images", "scores__number"),
    ];
    let heads = heads.map(|(key, class)| {
        view! { <th scope="col" class=class prop:textContent=move || i18n.text(key)></th> }
    });
    Some(view! {
        <div
            class="scores"
            role="region"
            tabindex="0"
            aria-label=move || i18n.text("about-table")
        >
            <table data-testid="about-scores">
                <caption prop:textContent=move || i18n.text("about-table")></caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}

fn row(i18n: I18n, emotion: Emotion, measured: &MeasuredAccuracy) -> impl IntoView + use<> {
    let class = measured.class(emotion);
    let share = move |share: Option<f64>| {
        move || share.map_or_else(|| "–".to_owned(), |share| i18n.share(share, 1))
    };
    let plain = |share: Option<f64>| share.map(|share| share.to_string());
    let (recall, precision) = match class {
        Some(class) => (class.recall, class.precision),
        None => (None, None),
    };
    let mistaken = move || {
        let other = class.and_then(|class| class.mistaken_for);
        other.map(|other| i18n.text(verdict::name_key(other)))
    };
    let images = move || class.map(|class| i18n.number(class.images.into(), 0));
    view! {
        <tr
            data-testid=format!("about-{}", emotion.label())
            data-recall=plain(recall)
            data-precision=plain(precision)
        >
            <th scope="row" prop:textContent=move || i18n.text(verdict::name_key(emotion))></th>
            <td class="scores__number" prop:textContent=share(recall)></td>
            <td class="scores__number" prop:textContent=share(precision)></td>
            <td prop:textContent=mistaken></td>
            <td class="scores__number" prop:textContent=images></td>
        </tr>
    }
}
