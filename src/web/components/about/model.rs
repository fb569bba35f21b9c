//! The model card: what the model is, its measured accuracy, its weaknesses, and forbidden uses.

use leptos::prelude::*;

use super::scores::Scores;
use crate::page::protocol::ModelInfo;
use crate::page::state::PageState;
use crate::web::session::i18n::use_i18n;

/// Number of training images: those of FER2013's Training split and of the further data sources.
const TRAINING_IMAGES: u32 = 62_193;

/// The model card, collapsed at first.
#[component]
pub fn AboutModel(state: RwSignal<PageState>) -> impl IntoView {
    let i18n = use_i18n();
    let model = Memo::new(move |_| state.with(|state| Some(state.info()?.model.clone())));
    let say = move |key: &'static str| move || i18n.text(key);
    let failures = [
        "about-fails-disgust",
        "about-fails-people",
        "about-fails-missed",
        "about-fails-turned",
        "about-fails-context",
    ];
    let failures = failures.map(|key| view! { <li prop:textContent=say(key)></li> });
    let law = ["about-law-ban", "about-law-inform", "about-law-note"];
    let law = law.map(|key| view! { <p prop:textContent=say(key)></p> });
    view! {
        <details class="card" data-testid="about-model">
            <summary prop:textContent=say("about-title")></summary>
            <div class="card__text">
                <h2 prop:textContent=say("about-what-title")></h2>
                <p prop:textContent=say("about-what")></p>
                <h2 prop:textContent=say("about-trained-title")></h2>
                <p prop:textContent=move || i18n.format("about-trained", &[("count", TRAINING_IMAGES.into())])></p>
                {move || model.get().map(|model| view! { <Measured model /> })}
                <h2 prop:textContent=say("about-fails-title")></h2>
                <ul>
                    {failures}
                </ul>
                <h2 prop:textContent=say("about-not-title")></h2>
                <p prop:textContent=say("about-not")></p>
                <h2 prop:textContent=say("about-law-title")></h2>
                {law}
            </div>
        </details>
    }
}

/// The accuracy, overall and for each expression.
#[component]
fn Measured(model: ModelInfo) -> impl IntoView {
    let i18n = use_i18n();
    let measured = *model.held_out?;
    let (images, right) = (measured.images, measured.after);
    let sentence = move || {
        let arguments = [
            ("count", images.into()),
            ("right", i18n.share(right, 1).into()),
            ("wrong", i18n.share(1.0 - right, 1).into()),
        ];
        i18n.format("about-accuracy", &arguments)
    };
    Some(view! {
        <h2 prop:textContent=move || i18n.text("about-accuracy-title")></h2>
        <p data-testid="about-accuracy" data-accuracy=right.to_string() prop:textContent=sentence></p>
        <p prop:textContent=move || i18n.text("about-probability")></p>
        <Scores measured />
    })
}
