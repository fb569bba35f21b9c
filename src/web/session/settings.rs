//! The state and the settings of the camera, for this visit only: nothing is stored.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::web::input::camera;
use crate::web::input::camera::{Camera, CameraDevice};

/// State and settings of the camera.
#[derive(Clone, Copy)]
pub struct CameraSettings {
    /// Whether the picture is frozen and nothing is read. The camera itself stays on.
    pub paused: RwSignal<bool>,
    /// Whether the camera temporarily sends no picture, because of the device or its system.
    pub muted: RwSignal<bool>,
    /// Whether the picture is shown mirrored. The frames that are read are never mirrored.
    pub mirrored: RwSignal<bool>,
    /// The cameras of this device; empty before the visitor has granted access to one.
    pub devices: RwSignal<Vec<CameraDevice>>,
    /// Device id of the camera that runs, ran last, or was chosen.
    pub chosen: RwSignal<Option<String>>,
    /// Whether every camera is shown mirrored; `None` decides by the camera.
    pub mirror_override: RwSignal<Option<bool>>,
    /// Device id of the camera that was opened last.
    last_opened_id: StoredValue<Option<String>>,
    /// The open camera. Dropping it closes it.
    pub(super) running: StoredValue<Option<Camera>, LocalStorage>,
}

impl Default for CameraSettings {
    fn default() -> Self {
        Self {
            paused: RwSignal::new(false),
            muted: RwSignal::new(false),
            mirrored: RwSignal::new(true),
            devices: RwSignal::new(vec![]),
            chosen: RwSignal::new(None),
            mirror_override: RwSignal::new(None),
            last_opened_id: StoredValue::new(None),
            running: StoredValue::new_local(None),
        }
    }
}

impl CameraSettings {
    /// Whether the picture is frozen. Does not track its signals.
    pub(super) fn is_frozen(self) -> bool {
        self.paused.get_untracked() || self.muted.get_untracked()
    }

    /// Closes the open camera, if any.
    pub(super) fn close(self) {
        drop(self.running.try_update_value(Option::take));
    }

    /// Pauses or resumes the picture.
    pub(super) fn pause(self, paused: bool) {
        self.paused.set(paused);
        self.freeze(paused);
    }

    /// Resumes the picture after the video element was moved, which pauses it.
    pub fn play_on(self) {
        if !self.paused.get_untracked() {
            self.freeze(false);
        }
    }

    fn freeze(self, paused: bool) {
        self.running.with_value(|camera| {
            if let Some(camera) = camera {
                camera.freeze(paused);
            }
        });
    }

    /// Updates the list of cameras, after one was opened and whenever the list changes.
    pub(super) fn list_devices(self) {
        spawn_local(async move {
            let devices = camera::devices().await;
            // The signal may have been disposed of in the meantime.
            let is_news = self.devices.try_with_untracked(|known| *known != devices);
            if is_news == Some(true) {
                self.devices.set(devices);
            }
        });
    }

    /// Keeps a camera that was opened. A rear camera is not shown mirrored; the visitor's own
    /// setting stays as long as the same camera is opened.
    pub(super) fn opened(self, camera: Camera) {
        let (id, faces_away) = (camera.id(), camera.faces_away());
        self.running.set_value(Some(camera));
        if id != self.last_opened_id.get_value() {
            let always = self.mirror_override.get_untracked();
            self.mirrored.set(always.unwrap_or(!faces_away));
            self.last_opened_id.set_value(id.clone());
        }
        self.chosen.set(id);
        self.list_devices();
    }
}
