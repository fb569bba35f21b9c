//! What becomes of a camera or a video that nobody looks at.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::web::session::Session;

/// A camera that nobody has seen for so long is stopped.
const HIDDEN_MILLIS: u32 = 10_000;

/// Holds a video while its tab is hidden, and stops the camera when that lasts or the page is left,
/// for as long as the current owner lives.
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
    // A page that is kept for the back button must not keep the camera.
    let left = EventListener::new(&window(), "pagehide", move |_| session.stop_camera_unseen());
    let listeners = StoredValue::new_local(vec![seen, left]);
    on_cleanup(move || listeners.update_value(Vec::clear));
}
