//! The picture with its boxes, and the invitation before there is one.

use leptos::prelude::*;

use super::about::details::{DetailsPanel, DetailsSwitch};
use super::album::AlbumStrip;
use super::controls::Controls;
use super::face::attention::{AttentionLegend, AttentionSwitch};
use super::face::edit::EditBar;
use super::loading::UntilReady;
use super::picture::Picture;
use super::sample::SampleButton;
use super::stream::camera_bar::CameraBar;
use super::stream::camera_indicator::CameraIndicator;
use super::stream::video_bar::VideoBar;
use crate::page::state::PageState;
use crate::web::session::i18n::use_i18n;
use crate::web::session::{Session, Source};

/// The picture with its boxes, or the invitation if there is none.
#[component]
pub fn Stage(
    session: Session,
    /// Whether something is being dragged over the page.
    dragging: ReadSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let stage = session.stage;
    let is_offered = Memo::new(move |_| session.can_show_attention());
    view! {
        <section class="stage" aria-label=move || i18n.text("stage")>
            <div
                class="stage__frame"
                class:stage__frame--drag=dragging
                class:stage__frame--busy=move || session.is_busy()
                data-testid="drop-zone"
            >
                <Picture stage on_add=move |rect| session.add_face(rect) />
                <CameraIndicator stage on_stop=move |()| session.stop_camera() />
                <Show when=move || stage.is_empty()>
                    <Invitation session />
                </Show>
                <p class="stage__busy" aria-hidden="true" hidden=move || !session.is_busy() prop:textContent=move || i18n.text("busy")></p>
            </div>
            <Controls session />
            <div class="bar-row">
                <CameraBar
                    camera=stage.camera
                    is_on=Signal::derive(move || stage.is_camera_on())
                    on_pause=move |()| session.toggle_pause()
                    on_choose=move |id| session.choose_camera(id)
                />
                <DetailsSwitch details=session.details is_reading=move || session.is_reading() />
                <AttentionSwitch on=stage.attention is_offered />
                <EditBar stage on_turn=move || session.turn_photo() on_undo=move || session.undo_correction() />
            </div>
            <DetailsPanel details=session.details state=session.state />
            <AttentionLegend stage is_offered />
            <VideoBar playback=session.playback source=stage.source />
            <AlbumStrip
                album=session.album
                on_resume=move |()| session.album.resume(session)
                on_show=move |index| session.album.show(session, index)
            />
            <p class="stage__status" data-testid="status" prop:textContent=move || status(session)></p>
        </section>
    }
}

/// Returns a short text about the current state.
fn status(session: Session) -> String {
    let i18n = session.i18n;
    let state = session.state.get();
    let is_busy = session.is_busy();
    match state {
        PageState::Loading(_) if is_busy => i18n.text("status-photo-waits"),
        PageState::Loading(_) => i18n.text("status-loading"),
        PageState::Failed(_) | PageState::Unsupported(_) => i18n.text("status-not-running"),
        PageState::Ready(_) if is_busy => i18n.text("status-reading"),
        PageState::Ready(_) => match (session.stage.source.get(), session.stage.reading.get()) {
            (Source::CameraAsked, _) => i18n.text("status-camera-asked"),
            (Source::Camera, _) if session.stage.camera.muted.get() => {
                i18n.text("status-camera-muted")
            }
            (Source::Camera, _) if session.stage.camera.paused.get() => i18n.text("status-paused"),
            (Source::Camera, None) => i18n.text("status-camera-starts"),
            (Source::Nothing, _) | (_, None) => i18n.text("status-ready"),
            (_, Some(reading)) => match reading.analysis.faces.len() {
                0 => i18n.text("status-no-face"),
                count => i18n.format("faces", &[("count", count.into())]),
            },
        },
    }
}

/// The outline of a face with instructions, or the progress of loading.
#[component]
fn Invitation(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="invitation">
            <svg class="invitation__face" viewBox="0 0 160 160" aria-hidden="true">
                <path class="corner" d="M8 40V20A12 12 0 0 1 20 8h20M120 8h20a12 12 0 0 1 12 12v20M152 120v20a12 12 0 0 1-12 12h-20M40 152H20a12 12 0 0 1-12-12v-20" />
                <path d="M80 30c26 0 40 19 40 45 0 30-18 55-40 55S40 105 40 75c0-26 14-45 40-45Z" />
                <path d="M57 70c4-4 10-4 14 0M89 70c4-4 10-4 14 0M80 76v14c0 3-3 4-6 4" />
                <path d="M64 108c7-8 11 4 16 0s9-6 16 0" />
            </svg>
            <UntilReady state=session.state on_retry=move |()| session.retry()>
                <p class="invitation__text">
                    <strong prop:textContent=move || i18n.text("drop-here")></strong>
                    <br />
                    <span prop:textContent=move || i18n.text("drop-or")></span>
                </p>
                <SampleButton on_press=move |()| session.read_sample() />
            </UntilReady>
        </div>
    }
}
