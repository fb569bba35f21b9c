//! One sentence above the stage, with its remedy.

use leptos::prelude::*;

use super::loading::Detail;
use super::text_button::TextButton;
use crate::web::session::Session;
use crate::web::session::i18n::use_i18n;

/// One sentence above the stage, with its remedy.
#[component]
pub fn NoticeBar(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        session.notice.get().map(|notice| {
            let (class, role, testid) = if notice.is_error {
                ("notice notice--error", "alert", "error")
            } else {
                ("notice", "status", "notice")
            };
            let restart = notice.offers_camera.then(|| {
                view! {
                    <TextButton
                        key="camera-start"
                        testid="camera-restart"
                        on_press=move |_| session.start_camera()
                    />
                }
            });
            view! {
                <div class=class role=role data-testid=testid data-code=notice.code>
                    <div class="notice__text">
                        <p prop:textContent=move || i18n.message(&notice.message)></p>
                        <Detail detail=notice.detail />
                    </div>
                    <div class="notice__actions">
                        {restart}
                        <TextButton
                            key="close"
                            testid="notice-close"
                            class="button button--small button--plain"
                            on_press=move |_| session.notice.set(None)
                        />
                    </div>
                </div>
            }
        })
    }
}
