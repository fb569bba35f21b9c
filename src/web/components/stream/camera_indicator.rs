//! The light that says that the camera is on, with the button that turns it off.

use leptos::prelude::*;

use crate::web::components::icon::{Icon, IconKind};
use crate::web::session::Session;
use crate::web::session::i18n::use_i18n;

/// Stands over the picture for as long as the camera is on.
#[component]
pub fn CameraIndicator(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || session.is_camera_on()>
            <div
                class="light"
                data-testid="light"
                data-state=move || if session.camera.paused.get() { "paused" } else { "on" }
            >
                <p class="light__text">
                    <span class="light__dot" aria-hidden="true"></span>
                    <Icon kind=IconKind::Camera />
                    <span role="status" prop:textContent=move || text(session)></span>
                </p>
                <button
                    type="button"
                    class="light__stop"
                    data-testid="light-stop"
                    on:click=move |_| session.stop_camera()
                >
                    <Icon kind=IconKind::Stop />
                    <span prop:textContent=move || i18n.text("light-stop")></span>
                </button>
            </div>
        </Show>
    }
}

/// Says it in the tab's title too, from now on.
pub fn follow_in_title(session: Session) {
    let i18n = session.i18n;
    Effect::new(move || {
        let page = i18n.text("page-title");
        let title = if session.is_camera_on() {
            format!("● {} · {page}", text(session))
        } else {
            page
        };
        document().set_title(&title);
    });
}

fn text(session: Session) -> String {
    let i18n = session.i18n;
    i18n.text(if session.camera.paused.get() {
        "light-paused"
    } else {
        "light-on"
    })
}
