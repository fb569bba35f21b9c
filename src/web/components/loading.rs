//! The content of the stage while loading, and after a failure.

use leptos::prelude::*;

use super::text_button::TextButton;
use crate::page::protocol::Progress;
use crate::page::state::{Failure, PageState, fraction};
use crate::page::words::advice;
use crate::web::session::i18n::use_i18n;

/// Shows the progress of loading, or a failure, instead of `children` until the engine is ready.
#[component]
pub fn UntilReady(
    state: RwSignal<PageState>,
    /// Called to start the engine again after a failure.
    #[prop(into)]
    on_retry: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    // The children stay when another engine is ready.
    let is_ready = Memo::new(move |_| state.with(PageState::is_ready));
    move || match is_ready.get() {
        true => children().into_any(),
        false => view! { <NotReady state on_retry /> }.into_any(),
    }
}

#[component]
fn NotReady(state: RwSignal<PageState>, on_retry: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    move || match state.get() {
        PageState::Loading(progress) => view! { <LoadingBar progress /> }.into_any(),
        PageState::Failed(failure) => view! { <FailureCard failure on_retry /> }.into_any(),
        PageState::Unsupported(message) => view! {
            <p
                class="failure"
                role="alert"
                data-testid="error"
                data-code="unsupported"
                prop:textContent=move || i18n.message(&message)
            ></p>
        }
        .into_any(),
        PageState::Ready(_) => ().into_any(),
    }
}

/// The progress bar of loading.
#[component]
fn LoadingBar(progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let text = advice::stage(&progress);
    let value = fraction(&progress).map(|share| format!("{share:.3}"));
    view! {
        <div class="loading" data-testid="progress">
            <label for="loading" prop:textContent=move || i18n.message(&text)></label>
            <progress id="loading" max="1" value=value></progress>
        </div>
    }
}

/// The error that replaces the bar if loading or the engine failed.
#[component]
fn FailureCard(failure: Failure, on_retry: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let (title, remedy) = (failure.title(), failure.remedy());
    view! {
        <div class="failure" role="alert" data-testid="error" data-code=failure.code.name()>
            <h2 prop:textContent=move || i18n.message(&title)></h2>
            <p prop:textContent=move || i18n.message(&remedy)></p>
            <Detail detail=failure.detail />
            <TextButton
                key="retry"
                testid="retry"
                class="button button--primary"
                on_press=move |_| on_retry.run(())
            />
        </div>
    }
}

/// The technical description of a failure, in English in every language.
#[component]
pub fn Detail(detail: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    detail.map(|detail| {
        view! {
            <p class="detail" data-testid="detail">
                <span prop:textContent=move || i18n.text("detail")></span>
                " "
                <span lang="en" dir="ltr" prop:textContent=detail></span>
            </p>
        }
    })
}
