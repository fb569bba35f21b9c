//! Whether the page shows where the network looked.

use leptos::prelude::*;

/// The switch, off when the page starts.
#[derive(Clone, Copy, Debug)]
pub struct AttentionView {
    /// Whether it is on.
    pub on: RwSignal<bool>,
}

impl Default for AttentionView {
    fn default() -> Self {
        Self {
            on: RwSignal::new(false),
        }
    }
}

impl AttentionView {
    /// Whether it is on, for what asks once.
    pub fn is_shown(self) -> bool {
        self.on.get_untracked()
    }
}
