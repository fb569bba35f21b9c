//! Whether the page is kept on this device, as plain data.

/// Whether the page opens without a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offline {
    /// The answer is on its way. Nothing is requested any more once it is another one.
    Preparing,
    /// It does.
    Works,
    /// It does not: this browser, or how the page is served, keeps no copy.
    Unavailable,
    /// It does not: a file was damaged or did not arrive, so none is kept.
    Incomplete,
}

/// What there is of the page's copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copies {
    /// Whether a service worker is at work.
    pub has_worker: bool,
    /// Whether a newer one waits for the visitor's consent.
    pub has_waiting: bool,
    /// Whether the build that runs here is kept.
    pub keeps_this_build: bool,
    /// Whether any build is kept.
    pub keeps_any_build: bool,
}

impl Offline {
    /// The name in the document's `data-offline`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Works => "works",
            Self::Unavailable => "unavailable",
            Self::Incomplete => "incomplete",
        }
    }

    /// What the copies amount to, once no worker is being installed.
    pub fn of(copies: Copies) -> Self {
        match (copies.has_worker, copies.keeps_any_build) {
            (true, true) => Self::Works,
            // A worker without files is the one that takes itself away.
            (true, false) => Self::Unavailable,
            (false, _) => Self::Incomplete,
        }
    }
}

impl Copies {
    /// Whether another build is there than the one that runs here, so that a reload would bring it.
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
        assert_eq!(Offline::of(KEPT), Offline::Works);
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
            assert_eq!(Offline::of(copies), Offline::Works);
        }
    }

    #[test]
    fn without_files_or_without_a_worker_nothing_is_promised() {
        let empty = Copies {
            keeps_this_build: false,
            keeps_any_build: false,
            ..KEPT
        };
        assert_eq!(Offline::of(empty), Offline::Unavailable);
        let failed = Copies {
            has_worker: false,
            ..empty
        };
        assert_eq!(Offline::of(failed), Offline::Incomplete);
        assert!(!empty.has_update() && !failed.has_update());
    }
}
