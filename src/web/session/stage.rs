//! What the stage shows: a picture, its reading, and how a camera's picture is displayed.

use leptos::html::Video;
use leptos::prelude::*;

use super::settings::CameraSettings;
use crate::page::corrections::Corrections;
use crate::page::state::{Reading, Source};

/// The state of the stage.
#[derive(Clone, Copy)]
pub struct StageState {
    /// The picture source that is shown.
    pub source: RwSignal<Source>,
    /// The most recent reading of that picture source.
    pub reading: RwSignal<Option<Reading>>,
    /// What the visitor changed about its faces.
    pub corrections: RwSignal<Corrections>,
    /// Whether the visitor draws a box around a face that was missed.
    pub drawing: RwSignal<bool>,
    /// State and settings of the camera.
    pub camera: CameraSettings,
    /// Whether the network's attention is drawn over the faces.
    pub attention: RwSignal<bool>,
    /// The element that plays the camera's picture and video files.
    pub video: NodeRef<Video>,
}

impl Default for StageState {
    fn default() -> Self {
        Self {
            source: RwSignal::new(Source::Nothing),
            reading: RwSignal::new(None),
            corrections: RwSignal::default(),
            drawing: RwSignal::new(false),
            camera: CameraSettings::default(),
            attention: RwSignal::new(false),
            video: NodeRef::new(),
        }
    }
}

impl StageState {
    /// Forgets what the visitor changed, and ends drawing.
    pub fn forget_corrections(self) {
        self.drawing.set(false);
        self.corrections.set(Corrections::default());
    }

    /// Whether nothing is shown. Tracks its signal.
    pub fn is_empty(self) -> bool {
        self.source.with(Source::is_empty)
    }

    /// Whether the camera is on, paused or not. Tracks its signal.
    pub fn is_camera_on(self) -> bool {
        self.source.with(|source| *source == Source::Camera)
    }

    /// Whether the picture is shown mirrored; only a camera's picture ever is. Tracks its signals.
    pub fn is_mirrored(self) -> bool {
        self.is_camera_on() && self.camera.mirrored.get()
    }

    /// The numbers of the faces that are shown.
    pub fn numbers(self) -> Memo<Vec<u32>> {
        Memo::new(move |_| {
            self.reading.with(|reading| {
                let faces = reading.iter().flat_map(|it| it.analysis.numbered());
                faces.map(|(number, _)| number).collect()
            })
        })
    }
}
