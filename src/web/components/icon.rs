//! The few icons of the camera's controls.

use leptos::prelude::*;

/// An icon beside a word, which says what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconKind {
    /// A camera.
    Camera,
    /// A square: end it.
    Stop,
    /// Two bars: hold it.
    Pause,
    /// A triangle: go on.
    Play,
    /// A corner that points down: there is more.
    More,
}

impl IconKind {
    /// Its outline in a square of 16 units.
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
    /// Which one; it may change.
    #[prop(into)]
    kind: Signal<IconKind>,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=move || kind.get().path() />
        </svg>
    }
}
