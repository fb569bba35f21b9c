//! The icons of the controls.

use leptos::prelude::*;

/// A decorative icon beside a text that says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconKind {
    /// A camera.
    Camera,
    /// A square: stop.
    Stop,
    /// Two bars: pause.
    Pause,
    /// A triangle: play or resume.
    Play,
    /// A chevron that points down: show more.
    More,
}

impl IconKind {
    /// Returns its SVG path data, in a square of 16 units.
    fn path(self) -> &'static str {
        match self {
            Self::Camera => {
                "M2.5 4h7A1.5 1.5 0 0 1 11 5.5v5A1.5 1.5 0 0 1 9.5 12h-7A1.5 1.5 0 0 1 1 10.5v-5A1.5 1.5 0 0 1 2.5 4ZM12 7l3-2v6l-3-2Z"
            }
            Self::Stop => "M4 3h8a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Z",
            Self::Pause => "M4 3h3v10H4ZM9 3h3v10H9Z",
            Self::Play => "M4.5 2.5 13 8l-8.5 5.5Z",
            Self::More => "m3 5.5 1.4-1.4L8 7.7l3.6-3.6L13 5.5l-5 5Z",
        }
    }
}

/// Draws an icon in the colour of the text beside it.
#[component]
pub fn Icon(
    /// The icon, which may change.
    #[prop(into)]
    kind: Signal<IconKind>,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=move || kind.get().path() />
        </svg>
    }
}
