//! Pauses a video and stops the camera when the page is not visible.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::web::session::Session;

/// Time in milliseconds after which the camera of a hidden page is stopped.
const HIDDEN_MILLIS: u32 = 10_000;

/// Pauses a video while its tab is hidden, and stops the camera when the tab stays hidden or the
/// page is left. Runs as long as the current reactive owner lives.
pub fn follow(session: Session) {
    let mut hidden: Option<Timeout> = None;
    let seen = EventListener::new(&document(), "visibilitychange", move |_| {
        if let Some(timer) = hidden.take() {
            timer.cancel();
        }
        let is_hidden = document().hidden();
        session.playback.see(!is_hidden);
        if is_hidden {
            hidden = Some(Timeout::new(HIDDEN_MILLIS, move || {
                session.stop_camera_unseen();
            }));
        }
    });
    // A page that is kept in the back/forward cache must not keep the camera.
    let left = EventListener::new(&window(), "pagehide", move |_| session.stop_camera_unseen());
    let listeners = StoredValue::new_local(vec![seen, left]);
    on_cleanup(move || listeners.update_value(Vec::clear));
}
