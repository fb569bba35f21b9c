//! Hints about why no expression is named, and what helps.

use leptos::prelude::*;

use crate::emotion::Verdict;
use crate::pipeline::FaceReading;
use crate::vision::quality::Problem;
use crate::web::session::i18n::use_i18n;

/// A line below the verdict if no expression is named: how to get a better picture, or that no
/// expression stands out.
#[component]
pub fn QualityHint(face: Signal<Option<FaceReading>>) -> impl IntoView {
    let i18n = use_i18n();
    let withheld = Memo::new(move |_| {
        face.with(|face| {
            let face = face.as_ref()?;
            (face.verdict() == Verdict::Unsure).then_some(face.problem)
        })
    });
    move || {
        withheld.get().map(|problem| {
            let name = problem.map_or("unsure", Problem::name);
            let key = problem.map_or("unsure-help".to_owned(), |_| format!("quality-{name}-help"));
            view! {
                <p class="quality" data-testid="quality" data-quality=name prop:textContent=move || i18n.text(&key)></p>
            }
        })
    }
}
