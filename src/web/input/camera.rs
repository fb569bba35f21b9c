//! The camera. It is opened only by an explicit click, and stopping it switches the device off.

use gloo::events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlVideoElement, MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream,
    MediaStreamConstraints, MediaStreamTrack, MediaTrackConstraints,
};

use crate::page::words::advice::CameraError;
use crate::web::engine::loader;

/// An open camera whose picture plays in a video element. Dropping it stops every track and clears
/// the element, which also turns the camera's light off.
pub struct Camera {
    stream: MediaStream,
    video: HtmlVideoElement,
    /// Listeners for events of its tracks.
    _tracks: Vec<EventListener>,
    /// Listener for cameras that are connected or disconnected.
    _changed: Option<EventListener>,
}

/// A change of an open camera that the device or its system caused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraEvent {
    /// It was disconnected or stopped.
    Ended,
    /// It temporarily sends no picture: because of a switch, a cover, another program or sleep.
    Muted,
    /// It sends pictures again.
    Unmuted,
}

/// A camera of this device, as the browser lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraDevice {
    /// The browser's device id; different on every site.
    pub id: String,
    /// The device's label; empty in some browsers.
    pub name: String,
}

impl Camera {
    /// Asks for a camera: the one with `id` if it is available, else the front camera. The browser
    /// asks the visitor, so this may take long.
    ///
    /// # Errors
    /// Every [`CameraError`].
    pub async fn request(id: Option<&str>) -> Result<MediaStream, CameraError> {
        let window = web_sys::window().ok_or(CameraError::NoInterface)?;
        let Some(devices) = media_devices() else {
            return Err(if window.is_secure_context() {
                CameraError::NoInterface
            } else {
                CameraError::InsecurePage
            });
        };
        if !is_delegated() {
            return Err(CameraError::NotDelegated);
        }
        let mut opened = Err(CameraError::Missing);
        if let Some(id) = id {
            opened = open(&devices, &of_id(id)).await;
        }
        // It was disconnected, or its id has changed: fall back to any camera.
        if matches!(opened, Err(CameraError::Missing)) {
            opened = open(&devices, &front()).await;
        }
        match opened {
            Err(CameraError::Refused) if is_framed(&window) && !lists_camera().await => {
                Err(CameraError::NotDelegated)
            }
            opened => opened,
        }
    }

    /// Plays `stream` in `video`. Calls `on_event` when the camera changes by itself, and
    /// `on_changed` when a camera is connected or disconnected.
    pub fn play(
        stream: MediaStream,
        video: HtmlVideoElement,
        on_event: impl Fn(CameraEvent) + Clone + 'static,
        on_changed: impl Fn() + 'static,
    ) -> Self {
        const EVENTS: [(&str, CameraEvent); 3] = [
            ("ended", CameraEvent::Ended),
            ("mute", CameraEvent::Muted),
            ("unmute", CameraEvent::Unmuted),
        ];
        let listen = |track: MediaStreamTrack| {
            let on_event = on_event.clone();
            EVENTS.map(move |(name, event)| {
                let on_event = on_event.clone();
                EventListener::new(&track, name, move |_| on_event(event))
            })
        };
        let listeners = tracks(&stream).flat_map(listen).collect();
        video.set_src_object(Some(&stream));
        let changed = media_devices()
            .map(|devices| EventListener::new(&devices, "devicechange", move |_| on_changed()));
        let camera = Self {
            stream,
            video,
            _tracks: listeners,
            _changed: changed,
        };
        // `autoplay` starts it too, but not after a pause.
        camera.freeze(false);
        camera
    }

    /// Freezes or resumes the picture. The camera itself stays on.
    pub fn freeze(&self, frozen: bool) {
        if frozen {
            // Does not fail for an element that plays.
            let _ = self.video.pause();
        } else if let Ok(promise) = self.video.play() {
            // The promise only reports an interruption by a quick stop.
            wasm_bindgen_futures::spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
    }

    /// Whether it temporarily sends no picture, see [`CameraEvent::Muted`].
    pub fn is_muted(&self) -> bool {
        tracks(&self.stream).any(|track| track.muted())
    }

    /// Returns the browser's device id; `None` if the browser does not give it.
    pub fn id(&self) -> Option<String> {
        self.setting("deviceId")
    }

    /// Whether it is a rear camera, which faces away from the user.
    pub fn faces_away(&self) -> bool {
        self.setting("facingMode").as_deref() == Some("environment")
    }

    fn setting(&self, name: &str) -> Option<String> {
        let settings = tracks(&self.stream).next()?.get_settings();
        Reflect::get(&settings, &name.into()).ok()?.as_string()
    }

    /// Returns the video element in which it plays.
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

/// Returns the cameras of this device. Empty if the browser lists none, and before access was
/// granted, because their ids are then empty.
pub async fn devices() -> Vec<CameraDevice> {
    let listed = listed().await.into_iter();
    listed.filter(|device| !device.id.is_empty()).collect()
}

/// Returns the cameras as the browser lists them; before access was granted without ids.
async fn listed() -> Vec<CameraDevice> {
    let Some(asked) = media_devices().and_then(|devices| devices.enumerate_devices().ok()) else {
        return vec![];
    };
    let Ok(found) = JsFuture::from(asked).await else {
        return vec![];
    };
    let found = js_sys::Array::from(&found).into_iter();
    let infos = found.filter_map(|device| device.dyn_into::<MediaDeviceInfo>().ok());
    infos
        .filter(|info| info.kind() == MediaDeviceKind::Videoinput)
        .map(|info| CameraDevice {
            id: info.device_id(),
            name: info.label(),
        })
        .collect()
}

/// Whether the browser lists a camera. In a frame that may not use it, Firefox and WebKit list none.
async fn lists_camera() -> bool {
    !listed().await.is_empty()
}

/// Whether this page is embedded in another one.
fn is_framed(window: &web_sys::Window) -> bool {
    let top = window.top().ok().flatten();
    top.is_none_or(|top| !js_sys::Object::is(&top, window))
}

/// Returns the browser's interface to cameras, if this page has one.
fn media_devices() -> Option<MediaDevices> {
    let navigator = web_sys::window()?.navigator();
    // Absent on insecure pages, where the typed accessor would not return an `Option`.
    let offered = Reflect::get(&navigator, &"mediaDevices".into()).ok()?;
    offered.dyn_into().ok()
}

/// Whether the embedding page, if any, allows this page to use the camera; true if that is unknown,
/// as everywhere but in Chromium.
fn is_delegated() -> bool {
    let asked = || -> Option<bool> {
        let document = web_sys::window()?.document()?;
        let policy = Reflect::get(&document, &"featurePolicy".into()).ok()?;
        let allows = Reflect::get(&policy, &"allowsFeature".into()).ok()?;
        let allows: js_sys::Function = allows.dyn_into().ok()?;
        allows.call1(&policy, &"camera".into()).ok()?.as_bool()
    };
    asked().unwrap_or(true)
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

async fn open(
    devices: &MediaDevices,
    wishes: &MediaTrackConstraints,
) -> Result<MediaStream, CameraError> {
    // A preferred size only, so that no camera is rejected for it.
    wishes.set_width(&1280.into());
    wishes.set_height(&720.into());
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio(&JsValue::FALSE);
    constraints.set_video(wishes);
    let promise = devices
        .get_user_media_with_constraints(&constraints)
        .map_err(|error| camera_error(&error))?;
    let stream = JsFuture::from(promise)
        .await
        .map_err(|error| camera_error(&error))?;
    stream.dyn_into().map_err(|_| CameraError::NoInterface)
}

/// Returns constraints that prefer the front camera.
fn front() -> MediaTrackConstraints {
    let wishes = MediaTrackConstraints::new();
    wishes.set_facing_mode(&"user".into());
    wishes
}

/// Returns constraints that require this camera. With a mere preference, Chromium gives it less
/// weight than the picture size.
fn of_id(id: &str) -> MediaTrackConstraints {
    let wishes = MediaTrackConstraints::new();
    let exact = js_sys::Object::new();
    // Setting a property of a plain object does not fail.
    let _ = Reflect::set(&exact, &"exact".into(), &id.into());
    wishes.set_device_id(&exact);
    wishes
}

fn camera_error(error: &JsValue) -> CameraError {
    // By reflection: WebKit's `OverconstrainedError` is no `DOMException`.
    let name = Reflect::get(error, &"name".into()).ok();
    let name = name.and_then(|name| name.as_string()).unwrap_or_default();
    CameraError::from_exception(&name, &loader::text(error))
}
