//! The camera: opened by an explicit click, and really closed.

use gloo::events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack,
};

use super::advice::CameraError;

/// An open camera whose picture plays in a video element. Dropping it stops every track and clears
/// the element, which also puts the camera's light out.
pub struct Camera {
    stream: MediaStream,
    video: HtmlVideoElement,
    _ended: Vec<EventListener>,
}

impl Camera {
    /// Asks for a camera. The browser asks the visitor, so this may take long.
    ///
    /// # Errors
    /// Every [`CameraError`].
    pub async fn request() -> Result<MediaStream, CameraError> {
        let window = web_sys::window().ok_or(CameraError::NoInterface)?;
        let navigator = window.navigator();
        let offered = Reflect::get(&navigator, &"mediaDevices".into());
        if !offered.is_ok_and(|devices| devices.is_truthy()) {
            return Err(if window.is_secure_context() {
                CameraError::NoInterface
            } else {
                CameraError::InsecurePage
            });
        }
        let devices = navigator
            .media_devices()
            .map_err(|error| camera_error(&error))?;
        let constraints = MediaStreamConstraints::new();
        constraints.set_audio(&JsValue::FALSE);
        constraints.set_video(&video_constraints());
        let promise = devices
            .get_user_media_with_constraints(&constraints)
            .map_err(|error| camera_error(&error))?;
        let stream = JsFuture::from(promise)
            .await
            .map_err(|error| camera_error(&error))?;
        stream.dyn_into().map_err(|_| CameraError::NoInterface)
    }

    /// Plays `stream` in `video`, and calls `on_ended` should the camera go away by itself.
    pub fn play(
        stream: MediaStream,
        video: HtmlVideoElement,
        on_ended: impl Fn() + Clone + 'static,
    ) -> Self {
        let ended = tracks(&stream)
            .map(|track| {
                let on_ended = on_ended.clone();
                EventListener::new(&track, "ended", move |_| on_ended())
            })
            .collect();
        video.set_src_object(Some(&stream));
        // `autoplay` starts it too; the promise only reports an interruption by a quick stop.
        if let Ok(promise) = video.play() {
            wasm_bindgen_futures::spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
        Self {
            stream,
            video,
            _ended: ended,
        }
    }

    /// Where it plays.
    pub fn video(&self) -> &HtmlVideoElement {
        &self.video
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        stop(&self.stream);
        self.video.set_src_object(None);
    }
}

/// Stops every track of a stream.
pub fn stop(stream: &MediaStream) {
    for track in tracks(stream) {
        track.stop();
    }
}

fn tracks(stream: &MediaStream) -> impl Iterator<Item = MediaStreamTrack> + use<> {
    stream
        .get_tracks()
        .into_iter()
        .filter_map(|track| track.dyn_into().ok())
}

/// A front camera of moderate size; every value is a wish that no camera fails on.
fn video_constraints() -> JsValue {
    let constraints = web_sys::MediaTrackConstraints::new();
    constraints.set_facing_mode(&"user".into());
    constraints.set_width(&1280.into());
    constraints.set_height(&720.into());
    constraints.into()
}

fn camera_error(error: &JsValue) -> CameraError {
    match error.dyn_ref::<DomException>() {
        Some(exception) => CameraError::from_exception(&exception.name(), &exception.message()),
        None => CameraError::Other(format!("{error:?}")),
    }
}
