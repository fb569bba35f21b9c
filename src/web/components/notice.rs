//! The notice above the stage, with its remedy.

use leptos::prelude::*;

use super::loading::Detail;
use super::text_button::TextButton;
use crate::web::session::Notice;
use crate::web::session::i18n::use_i18n;

/// The notice above the stage, with its remedy.
#[component]
pub fn NoticeBar(
    notice: RwSignal<Option<Notice>>,
    /// Called to start the camera again, after a notice that offers it.
    #[prop(into)]
    on_camera: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        notice.get().map(|shown| {
            let (class, role, testid) = if shown.is_error {
                ("notice notice--error", "alert", "error")
            } else {
                ("notice", "status", "notice")
            };
            let restart = shown.offers_camera.then(|| {
                view! {
                    <TextButton
                        key="camera-start"
                        testid="camera-restart"
                        on_press=move |_| on_camera.run(())
                    />
                }
            });
            view! {
                <div class=class role=role data-testid=testid data-code=shown.code>
                    <div class="notice__text">
                        <p prop:textContent=move || i18n.message(&shown.message)></p>
                        <Detail detail=shown.detail />
                    </div>
                    <div class="notice__actions">
                        {restart}
                        <TextButton
                            key="close"
                            testid="notice-close"
                            class="button button--small button--plain"
                            on_press=move |_| notice.set(None)
                        />
                    </div>
                </div>
            }
        })
    }
}
