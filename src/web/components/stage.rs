//! The picture with its boxes, and the invitation before there is one.

use leptos::prelude::*;

use super::controls::Controls;
use super::loading::{FailureCard, LoadingBar};
use crate::web::geometry::BoxInPercent;
use crate::web::session::{Session, Source};
use crate::web::state::PageState;

/// The picture, its boxes, and what stands there before there is one.
#[component]
pub fn Stage(
    session: Session,
    /// Whether something is being dragged over the page.
    dragging: ReadSignal<bool>,
) -> impl IntoView {
    let is_camera = move || session.source.with(|source| *source == Source::Camera);
    let is_stream = move || session.source.with(Source::is_stream);
    let photo = move || {
        session.source.with(|source| match source {
            Source::Photo { url } => Some(url.clone()),
            _ => None,
        })
    };
    let is_empty = move || {
        session
            .source
            .with(|it| matches!(it, Source::Nothing | Source::CameraAsked))
    };
    let ratio = move || {
        let of_video = session.source.with(|source| match source {
            Source::Video { width, height, .. } => Some((*width, *height)),
            _ => None,
        });
        let of_reading = || {
            session
                .reading
                .with(|it| it.as_ref().map(|it| (it.width, it.height)))
        };
        let (width, height) = of_video.or_else(of_reading).unwrap_or((4, 3));
        (f64::from(width) / f64::from(height)).to_string()
    };
    view! {
        <section class="stage" aria-label=move || session.say("stage")>
            <div
                class="stage__frame"
                class:stage__frame--drag=dragging
                class:stage__frame--busy=move || session.busy.get()
                data-testid="drop-zone"
            >
                <div
                    class="picture"
                    class:picture--mirrored=is_camera
                    hidden=is_empty
                    style=("--ratio", ratio)
                >
                    {move || photo().map(|url| view! {
                        <img src=url alt=move || session.say("photo-alt") data-testid="photo" />
                    })}
                    <video
                        node_ref=session.video
                        hidden=move || !is_stream()
                        autoplay
                        muted
                        prop:muted=true
                        playsinline
                        aria-label=move || match session.source.get() {
                            Source::Video { name, .. } => name,
                            _ => session.say("camera-alt"),
                        }
                        data-testid="video"
                    ></video>
                    <Boxes session mirrored=Signal::derive(is_camera) />
                </div>
                <Show when=is_empty>
                    <Invitation session />
                </Show>
                <p class="stage__busy" aria-hidden="true" hidden=move || !session.busy.get()>
                    {move || session.say("busy")}
                </p>
            </div>
            <Controls session />
            <p class="stage__status" data-testid="status">{move || status(session)}</p>
        </section>
    }
}

/// The state in a few words.
fn status(session: Session) -> String {
    let state = session.state.get();
    let is_busy = session.busy.get();
    match state {
        PageState::Loading(_) if is_busy => session.say("status-photo-waits"),
        PageState::Loading(_) => session.say("status-loading"),
        PageState::Failed(_) | PageState::Unsupported(_) => session.say("status-not-running"),
        PageState::Ready(_) if is_busy => session.say("status-reading"),
        PageState::Ready(_) => match (session.source.get(), session.reading.get()) {
            (Source::CameraAsked, _) => session.say("status-camera-asked"),
            (Source::Camera, None) => session.say("status-camera-starts"),
            (Source::Nothing, _) | (_, None) => session.say("status-ready"),
            (_, Some(reading)) => match reading.analysis.faces.len() {
                0 => session.say("status-no-face"),
                count => session.tell("faces", &[("count", count.into())]),
            },
        },
    }
}

/// A box for every face; numbered where there are several.
#[component]
fn Boxes(
    session: Session,
    /// Whether the picture is shown mirrored.
    mirrored: Signal<bool>,
) -> impl IntoView {
    let numbers = session.numbers();
    let several = move || numbers.with(|numbers| numbers.len() > 1);
    let place = move |number: u32| {
        session.reading.with(|reading| {
            let reading = reading.as_ref()?;
            let rect = reading.analysis.face(number)?.rect_in_frame;
            BoxInPercent::new(rect, reading.width, reading.height, mirrored.get())
        })
    };
    let one = move |number: u32| {
        let part = move |pick: fn(BoxInPercent) -> f32| {
            move || place(number).map(|placed| format!("{:.3}%", pick(placed)))
        };
        view! {
            <div
                class="box"
                data-testid="face-box"
                aria-hidden="true"
                hidden=move || place(number).is_none()
                style:left=part(|placed| placed.left)
                style:top=part(|placed| placed.top)
                style:width=part(|placed| placed.width)
                style:height=part(|placed| placed.height)
            >
                <Show when=several>
                    <span class="box__number">
                        {move || session.number(number.into(), 0)}
                    </span>
                </Show>
            </div>
        }
    };
    view! { <For each=move || numbers.get() key=|number| *number children=one /> }
}

/// The outline of a face and what to do, or how far loading is.
#[component]
fn Invitation(session: Session) -> impl IntoView {
    view! {
        <div class="invitation">
            <svg class="invitation__face" viewBox="0 0 160 160" aria-hidden="true">
                <path class="corner" d="M8 40V20A12 12 0 0 1 20 8h20M120 8h20a12 12 0 0 1 12 12v20M152 120v20a12 12 0 0 1-12 12h-20M40 152H20a12 12 0 0 1-12-12v-20" />
                <path d="M80 30c26 0 40 19 40 45 0 30-18 55-40 55S40 105 40 75c0-26 14-45 40-45Z" />
                <path d="M57 70c4-4 10-4 14 0M89 70c4-4 10-4 14 0M80 76v14c0 3-3 4-6 4" />
                <path d="M64 108c7-8 11 4 16 0s9-6 16 0" />
            </svg>
            {move || match session.state.get() {
                PageState::Loading(progress) => view! { <LoadingBar session progress /> }.into_any(),
                PageState::Failed(failure) => view! { <FailureCard session failure /> }.into_any(),
                PageState::Unsupported(message) => view! {
                    <p class="failure" role="alert" data-testid="error" data-code="unsupported">
                        {move || session.speak(&message)}
                    </p>
                }
                .into_any(),
                PageState::Ready(_) => view! {
                    <p class="invitation__text">
                        <strong>{move || session.say("drop-here")}</strong>
                        <br />
                        {move || session.say("drop-or")}
                    </p>
                }
                .into_any(),
            }}
        </div>
    }
}
