//! The row of a face's card for comparing with the person's neutral face.

use leptos::prelude::*;

use crate::web::session::baseline::Baselines;
use crate::web::session::i18n::use_i18n;

/// The button that starts, cancels or removes the comparison, and its countdown; shown while a
/// camera runs and if the model supports it.
#[component]
pub fn BaselineRow(
    baseline: Baselines,
    /// Whether the face can be compared.
    #[prop(into)]
    is_offered: Signal<bool>,
    /// Number of the face.
    number: u32,
) -> impl IntoView {
    let i18n = use_i18n();
    let left = move || {
        let watched = baseline.watched.get();
        watched
            .filter(|(of, _)| *of == number)
            .map(|(_, left)| left)
    };
    let is_watched = Memo::new(move |_| left().is_some());
    let is_busy = move || baseline.watched.with(Option::is_some);
    let is_kept = Memo::new(move |_| baseline.is_kept(number));
    let state = move || match (is_watched.get(), is_kept.get()) {
        (true, _) => "watching",
        (false, true) => "on",
        (false, false) => "off",
    };
    let text = move || match state() {
        "watching" => {
            let seconds = i18n.number(left().unwrap_or_default().ceil(), 0);
            i18n.format("baseline-hold", &[("seconds", seconds.into())])
        }
        "on" => i18n.text("baseline-on"),
        _ if baseline.lost.get() == Some(number) => i18n.text("baseline-lost"),
        _ => i18n.text("baseline-about"),
    };
    let act = move |_| match untrack(state) {
        "watching" => baseline.cancel(),
        "on" => baseline.drop_face(number),
        _ => baseline.start(number),
    };
    // One button for all three actions, so that it keeps the keyboard focus.
    view! {
        <Show when=move || is_offered.get()>
            <div class="baseline" data-baseline=state>
                <button
                    type="button"
                    class="button button--small"
                    data-testid=move || match state() {
                        "watching" => "baseline-cancel",
                        "on" => "baseline-drop",
                        _ => "baseline",
                    }
                    aria-describedby=format!("baseline-{number}")
                    disabled=move || is_busy() && !is_watched.get()
                    on:click=act
                    prop:textContent=move || i18n.text(match state() {
                        "watching" => "baseline-cancel",
                        "on" => "baseline-drop",
                        _ => "baseline-start",
                    })
                ></button>
                // Prevents screen readers from reading the countdown every second.
                <p
                    class="baseline__text"
                    class:baseline__text--quiet=move || state() == "off"
                    id=format!("baseline-{number}")
                    aria-live=move || if is_watched.get() { "off" } else { "polite" }
                    data-testid=move || match state() {
                        "watching" => "baseline-hold",
                        "on" => "baseline-on",
                        _ => "baseline-about",
                    }
                    prop:textContent=text
                ></p>
            </div>
        </Show>
    }
}
