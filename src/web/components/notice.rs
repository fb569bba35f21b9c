//! One sentence above the stage, with its remedy.

use leptos::prelude::*;

use super::loading::Detail;
use super::press::Press;
use crate::web::session::Session;

/// One sentence above the stage, with its remedy.
#[component]
pub fn NoticeBar(session: Session) -> impl IntoView {
    move || {
        session.notice.get().map(|notice| {
            let (class, role, testid) = if notice.is_error {
                ("notice notice--error", "alert", "error")
            } else {
                ("notice", "status", "notice")
            };
            let restart = notice.offers_camera.then(|| {
                view! {
                    <Press
                        session
                        key="camera-start"
                        testid="camera-restart"
                        press=move |_| session.start_camera()
                    />
                }
            });
            view! {
                <div class=class role=role data-testid=testid data-code=notice.code>
                    <div class="notice__text">
                        <p prop:textContent=move || session.speak(&notice.message)></p>
                        <Detail session detail=notice.detail />
                    </div>
                    <div class="notice__actions">
                        {restart}
                        <Press
                            session
                            key="close"
                            testid="notice-close"
                            class="button button--small button--plain"
                            press=move |_| session.notice.set(None)
                        />
                    </div>
                </div>
            }
        })
    }
}
