//! The buttons below the stage.

use leptos::html::Input;
use leptos::prelude::*;

use crate::web::session::{Session, Source};

/// Choose a photo, start and stop the camera, start over.
#[component]
pub fn Controls(session: Session) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        let file = input.files().and_then(|files| files.get(0));
        // So that choosing the same file again is a change again.
        input.set_value("");
        if let Some(file) = file {
            session.read_photo(file);
        }
    };
    let is_ready = move || session.state.with(|state| state.is_ready());
    let uses_camera = move || {
        session
            .source
            .with(|it| matches!(it, Source::Camera | Source::CameraAsked))
    };
    let shows_photo = move || session.source.with(|it| matches!(it, Source::Photo { .. }));
    view! {
        <div class="controls">
            <input
                node_ref=input
                id="file"
                class="unseen controls__file"
                type="file"
                accept="image/*"
                data-testid="file-input"
                on:change=chosen
            />
            <label class="button button--primary" for="file">
                {move || session.say(if shows_photo() { "choose-another" } else { "choose-photo" })}
            </label>
            <Show
                when=uses_camera
                fallback=move || view! {
                    <button
                        type="button"
                        class="button"
                        data-testid="camera-start"
                        disabled=move || !is_ready()
                        on:click=move |_| session.start_camera()
                    >
                        {move || session.say("camera-start")}
                    </button>
                }
            >
                <button
                    type="button"
                    class="button"
                    data-testid="camera-stop"
                    on:click=move |_| session.stop_camera()
                >
                    {move || session.say("camera-stop")}
                </button>
            </Show>
            <Show when=shows_photo>
                <button
                    type="button"
                    class="button button--plain"
                    data-testid="clear"
                    on:click=move |_| session.clear()
                >
                    {move || session.say("remove-photo")}
                </button>
            </Show>
        </div>
    }
}
