//! The light that says that the camera is on, with the button that turns it off.

use leptos::prelude::*;

use super::icon::{Icon, Sign};
use crate::web::session::Session;

/// Stands over the picture, and in the tab's title, for as long as the camera is on.
#[component]
pub fn Light(session: Session) -> impl IntoView {
    let text = move || {
        session.say(if session.camera.paused.get() {
            "light-paused"
        } else {
            "light-on"
        })
    };
    Effect::new(move || {
        let page = session.say("page-title");
        let title = if session.is_camera_on() {
            format!("● {} · {page}", text())
        } else {
            page
        };
        document().set_title(&title);
    });
    view! {
        <Show when=move || session.is_camera_on()>
            <div
                class="light"
                data-testid="light"
                data-state=move || if session.camera.paused.get() { "paused" } else { "on" }
            >
                <p class="light__text">
                    <span class="light__dot" aria-hidden="true"></span>
                    <Icon sign=Sign::Camera />
                    <span role="status">{text}</span>
                </p>
                <button
                    type="button"
                    class="light__stop"
                    data-testid="light-stop"
                    on:click=move |_| session.stop_camera()
                >
                    <Icon sign=Sign::Stop />
                    {move || session.say("light-stop")}
                </button>
            </div>
        </Show>
    }
}
