//! The buttons below the stage.

use js_sys::Reflect;
use leptos::html::Input;
use leptos::prelude::*;

use super::text_button::TextButton;
use web_sys::FileList;

use crate::web::session::i18n::use_i18n;
use crate::web::session::{Session, Source};

/// Buttons to choose photos, a video or a folder, to start and stop the camera, and to start over.
#[component]
pub fn Controls(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<Input>::new();
    let folder = NodeRef::<Input>::new();
    let is_ready = move || session.state.with(|state| state.is_ready());
    let uses_camera = move || {
        session
            .stage
            .source
            .with(|it| matches!(it, Source::Camera | Source::CameraAsked))
    };
    let shows_files = Memo::new(move |_| {
        let shown = session
            .stage
            .source
            .with(|it| matches!(it, Source::Photo { .. } | Source::Video { .. }));
        shown || session.album.photos.with(|photos| !photos.is_empty())
    });
    let choose = move || {
        i18n.text(if shows_files.get() {
            "choose-another"
        } else {
            "choose-photo"
        })
    };
    view! {
        <div class="controls">
            <input
                node_ref=input
                id="file"
                class="unseen controls__file"
                type="file"
                accept="image/*,video/*"
                multiple
                data-testid="file-input"
                on:change=move |_| take_files(input, |files| session.read_chosen(files))
            />
            <label class="button button--primary" for="file" prop:textContent=choose></label>
            <Show
                when=uses_camera
                fallback=move || view! {
                    <TextButton
                        key="camera-start"
                        testid="camera-start"
                        class="button"
                        disabled=Signal::derive(move || !is_ready())
                        on_press=move |_| session.start_camera()
                    />
                }
            >
                <TextButton
                    key="camera-stop"
                    testid="camera-stop"
                    class="button"
                    on_press=move |_| session.stop_camera()
                />
            </Show>
            {chooses_folders().then(|| view! {
                <input
                    node_ref=folder
                    id="folder"
                    class="unseen controls__file"
                    type="file"
                    multiple
                    prop:webkitdirectory=true
                    data-testid="folder-input"
                    on:change=move |_| take_files(folder, |files| session.read_folder(files))
                />
                <label class="button" for="folder" prop:textContent=move || i18n.text("choose-folder")></label>
            })}
            <Show when=move || shows_files.get()>
                <TextButton
                    key="remove-photo"
                    testid="clear"
                    class="button button--plain"
                    on_press=move |_| session.clear()
                />
            </Show>
        </div>
    }
}

/// Passes the files of an input to `to` and empties it, so that choosing the same files again fires
/// a `change` event.
pub fn take_files(input: NodeRef<Input>, to: impl FnOnce(FileList)) {
    if let Some(input) = input.get_untracked() {
        if let Some(files) = input.files() {
            to(files);
        }
        input.set_value("");
    }
}

/// Whether the file input of this browser can choose a folder.
fn chooses_folders() -> bool {
    let input = document().create_element("input");
    input.is_ok_and(|input| Reflect::has(&input, &"webkitdirectory".into()).unwrap_or(false))
}
