//! The indicator that the camera is on, with the button that turns it off.

use leptos::prelude::*;

use crate::web::components::icon::{Icon, IconKind};
use crate::web::session::i18n::{I18n, use_i18n};
use crate::web::session::stage::StageState;

/// The indicator over the picture, shown as long as the camera is on.
#[component]
pub fn CameraIndicator(
    stage: StageState,
    /// Called to turn the camera off.
    #[prop(into)]
    on_stop: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || stage.is_camera_on()>
            <div
                class="light"
                data-testid="light"
                data-state=move || if stage.camera.paused.get() { "paused" } else { "on" }
            >
                <p class="light__text">
                    <span class:light__dot=true aria-hidden="true"></span>
                    <Icon kind=IconKind::Camera />
                    <span role="status" prop:textContent=move || text(i18n, stage)></span>
                </p>
                <button
                    type="button"
                    class="light__stop"
                    data-testid="light-stop"
                    on:click=move |_| on_stop.run(())
                >
                    <Icon kind=IconKind::Stop />
                    <span prop:textContent=move || i18n.text("light-stop")></span>
                </button>
            </div>
        </Show>
    }
}

/// Keeps the document's title in step with the camera, so that the tab also shows that it is on.
pub fn follow_in_title(i18n: I18n, stage: StageState) {
    Effect::new(move || {
        let page = i18n.text("page-title");
        let title = if stage.is_camera_on() {
            format!("● {} · {page}", text(i18n, stage))
        } else {
            page
        };
        document().set_title(&title);
    });
}

fn text(i18n: I18n, stage: StageState) -> String {
    i18n.text(if stage.camera.paused.get() {
        "light-paused"
    } else {
        "light-on"
    })
}
