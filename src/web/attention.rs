//! Whether the page shows the network's attention.

use leptos::prelude::*;

/// The switch for the attention view; off when the page starts.
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
    /// Whether it is on, read without tracking the signal.
    pub fn is_shown(self) -> bool {
        self.on.get_untracked()
    }
}
