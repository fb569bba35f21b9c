//! What stands on the stage while loading, and when loading failed.

use leptos::prelude::*;

use super::text_button::TextButton;
use crate::page::protocol::Progress;
use crate::page::state::{Failure, PageState, fraction};
use crate::page::words::advice;
use crate::web::session::Session;
use crate::web::session::i18n::use_i18n;

/// What stands in the place of `children` until the engine is ready.
#[component]
pub fn UntilReady(session: Session, children: ChildrenFn) -> impl IntoView {
    let i18n = use_i18n();
    move || match session.state.get() {
        PageState::Loading(progress) => view! { <LoadingBar progress /> }.into_any(),
        PageState::Failed(failure) => view! { <FailureCard session failure /> }.into_any(),
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
        PageState::Ready(_) => children().into_any(),
    }
}

/// The bar that fills while engine and model arrive.
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

/// What stands in the place of the bar when loading or the engine failed.
#[component]
fn FailureCard(session: Session, failure: Failure) -> impl IntoView {
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
                on_press=move |_| session.retry()
            />
        </div>
    }
}

/// What programs say about a failure, which is English in every language.
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
