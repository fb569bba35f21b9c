//! The promise about the visitor's picture, and what the answers are not for.

use leptos::prelude::*;

use super::consent::ConsentWithdraw;
use crate::web::advice::megabytes;
use crate::web::protocol::ModelInfo;
use crate::web::session::Session;
use crate::web::state::PageState;

/// Digits of the checksum that are shown; enough to compare with the published one.
const SHORT_SHA256: usize = 12;

/// The promise, and how to check it.
#[component]
pub fn Promise() -> impl IntoView {
    view! {
        <details class="promise" data-testid="privacy">
            <summary>
                <span>"Your picture never leaves this device."</span>
                " "
                <span class="promise__how">"How to check"</span>
            </summary>
            <p>
                "Finding faces and reading them happens in this tab. Once the model is here, the page \
                 makes no request: open your browser's developer tools, choose Network and drop a \
                 photo, or switch the network off and go on. Nothing is stored either; close the tab \
                 and the picture is gone."
            </p>
        </details>
    }
}

/// What the answers are worth, and what they are not for.
#[component]
pub fn About(session: Session) -> impl IntoView {
    let model = move || {
        session.state.with(|state| match state {
            PageState::Ready(info) => Some(model_line(&info.model)),
            _ => None,
        })
    };
    view! {
        <footer class="about">
            <p>
                <strong>"A guess about a face, not about a feeling. "</strong>
                "The network names what an expression looks like, and is often wrong. It is not for \
                 judging pupils, staff, applicants or anyone who has not agreed to it."
            </p>
            <ConsentWithdraw session />
            <p class="about__model" data-testid="model">{model}</p>
        </footer>
    }
}

fn model_line(model: &ModelInfo) -> String {
    let accuracy = model
        .private_test_accuracy
        .map_or_else(String::new, |accuracy| {
            format!(
                " · names {:.1}% of FER2013's PrivateTest as its labellers did",
                100.0 * accuracy
            )
        });
    let sha256 = model.sha256.get(..SHORT_SHA256).unwrap_or(&model.sha256);
    format!(
        "{} · {} MB{accuracy} · sha256 {sha256}…",
        model.name,
        megabytes(model.bytes)
    )
}
