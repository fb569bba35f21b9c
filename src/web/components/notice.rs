//! One sentence above the stage, with its remedy.

use leptos::prelude::*;

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
                        "Start camera"
                    </button>
                }
            });
            view! {
                <div class=class role=role data-testid=testid data-code=notice.code>
                    <p>{notice.message}</p>
                    <div class="notice__actions">
                        {restart}
                        <button
                            type="button"
                            class="button button--small button--plain"
                            data-testid="notice-close"
                            on:click=move |_| session.notice.set(None)
                        >
                            "Close"
                        </button>
                    </div>
                </div>
            }
        })
    }
}
