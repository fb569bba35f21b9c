//! One sentence above the stage, with its remedy.

use leptos::prelude::*;

use super::loading::Detail;
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
                    <button
                        type="button"
                        class="button button--small"
                        data-testid="camera-restart"
                        on:click=move |_| session.start_camera()
                    >
                        {move || session.say("camera-start")}
                    </button>
                }
            });
            view! {
                <div class=class role=role data-testid=testid data-code=notice.code>
                    <div class="notice__text">
                        <p>{move || session.speak(&notice.message)}</p>
                        <Detail session detail=notice.detail />
                    </div>
                    <div class="notice__actions">
                        {restart}
                        <button
                            type="button"
                            class="button button--small button--plain"
                            data-testid="notice-close"
                            on:click=move |_| session.notice.set(None)
                        >
                            {move || session.say("close")}
                        </button>
                    </div>
                </div>
            }
        })
    }
}
