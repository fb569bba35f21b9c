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
            let key = problem.map_or("unsure-help", help_key);
            view! {
                <p class="quality" data-testid="quality" data-quality=name prop:textContent=move || i18n.text(key)></p>
            }
        })
    }
}

/// Returns the message key of the text that replaces the expression's name.
pub fn title_key(problem: Problem) -> &'static str {
    match problem {
        Problem::TooSmall => "quality-too-small",
        Problem::TooDark => "quality-too-dark",
        Problem::TooBright => "quality-too-bright",
        Problem::LowContrast => "quality-low-contrast",
        Problem::Blurred => "quality-blurred",
        Problem::TurnedAway => "quality-turned-away",
        Problem::Tilted => "quality-tilted",
    }
}

fn help_key(problem: Problem) -> &'static str {
    match problem {
        Problem::TooSmall => "quality-too-small-help",
        Problem::TooDark => "quality-too-dark-help",
        Problem::TooBright => "quality-too-bright-help",
        Problem::LowContrast => "quality-low-contrast-help",
        Problem::Blurred => "quality-blurred-help",
        Problem::TurnedAway => "quality-turned-away-help",
        Problem::Tilted => "quality-tilted-help",
    }
}
