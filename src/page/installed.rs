//! Whether a copy of the page is stored on this device for offline use, as plain data.

/// Whether the page can be opened without a network connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offline {
    /// Not known yet: files may still be requested. In every other state no more requests are made.
    Preparing,
    /// The page works offline.
    Works,
    /// The page does not work offline: this browser, or the way the page is served, allows no copy.
    Unavailable,
    /// The page does not work offline: a file was damaged or did not arrive, so no copy is kept.
    Incomplete,
    /// The page does not work offline: there is no room on the device for a copy.
    NoRoom,
    /// The page does not work offline: it is served so that no copy is kept.
    Disabled,
}

/// The state of the service worker and of the stored copies of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copies {
    /// Whether a service worker is active.
    pub has_worker: bool,
    /// Whether a newer service worker waits for the visitor's consent.
    pub has_waiting: bool,
    /// Whether the build that is running has a stored copy.
    pub keeps_this_build: bool,
    /// Whether any build has a stored copy.
    pub keeps_any_build: bool,
}

impl Offline {
    /// Returns the value of the document's `data-offline` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Works => "works",
            Self::Unavailable => "unavailable",
            Self::Incomplete => "incomplete",
            Self::NoRoom => "no-room",
            Self::Disabled => "disabled",
        }
    }

    /// Returns the reason for keeping no copy that the service worker told, by its name.
    pub fn told(name: &str) -> Option<Self> {
        [Self::Incomplete, Self::NoRoom, Self::Disabled]
            .into_iter()
            .find(|reason| reason.name() == name)
    }

    /// Derives the state from the copies, once no service worker is being installed, and from the
    /// reason for keeping none, if a worker told one.
    pub fn of(copies: Copies, told: Option<Self>) -> Self {
        match (copies.has_worker, copies.keeps_any_build) {
            (true, true) => Self::Works,
            // A worker without files is one that unregisters itself.
            (true, false) => told.unwrap_or(Self::Unavailable),
            (false, _) => told.unwrap_or(Self::Incomplete),
        }
    }
}

impl Copies {
    /// Whether a build other than the running one is stored, so that a reload would start it.
    pub fn has_update(self) -> bool {
        self.has_waiting || (self.has_worker && self.keeps_any_build && !self.keeps_this_build)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: Copies = Copies {
        has_worker: true,
        has_waiting: false,
        keeps_this_build: true,
        keeps_any_build: true,
    };

    #[test]
    fn a_kept_page_works_and_has_no_update() {
        assert_eq!(Offline::of(KEPT, None), Offline::Works);
        assert!(!KEPT.has_update());
    }

    #[test]
    fn a_waiting_build_is_an_update_and_so_is_one_that_took_over_elsewhere() {
        let waiting = Copies {
            has_waiting: true,
            ..KEPT
        };
        let taken_over = Copies {
            keeps_this_build: false,
            ..KEPT
        };
        for copies in [waiting, taken_over] {
            assert!(copies.has_update(), "{copies:?}");
            assert_eq!(Offline::of(copies, None), Offline::Works);
        }
    }

    #[test]
    fn without_files_or_without_a_worker_nothing_is_promised() {
        let empty = Copies {
            keeps_this_build: false,
            keeps_any_build: false,
            ..KEPT
        };
        assert_eq!(Offline::of(empty, None), Offline::Unavailable);
        let failed = Copies {
            has_worker: false,
            ..empty
        };
        assert_eq!(Offline::of(failed, None), Offline::Incomplete);
        assert!(!empty.has_update() && !failed.has_update());
    }
}
