//! Newest wins: a place for one waiting picture.
//!
//! One inference runs at a time. While it runs, a newer picture replaces the one that waits, so a
//! slow engine shows the present and never works off a queue of the past.

/// Holds at most one waiting item.
#[derive(Debug)]
pub struct Mailbox<T> {
    waiting: Option<T>,
    busy: bool,
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self {
            waiting: None,
            busy: false,
        }
    }
}

impl<T> Mailbox<T> {
    /// Puts an item in, and hands back the older one that it replaces.
    pub fn offer(&mut self, item: T) -> Option<T> {
        self.waiting.replace(item)
    }

    /// Takes the waiting item to work on it, unless work is under way. Call [`Mailbox::finish`]
    /// afterwards.
    pub fn take(&mut self) -> Option<T> {
        if self.busy {
            return None;
        }
        let item = self.waiting.take();
        self.busy = item.is_some();
        item
    }

    /// Says that the item taken last is done.
    pub fn finish(&mut self) {
        self.busy = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_wins_and_one_is_in_flight() {
        let mut mailbox = Mailbox::default();
        assert_eq!(mailbox.take(), None);
        assert_eq!(mailbox.offer(1), None);
        assert_eq!(mailbox.take(), Some(1));
        assert_eq!(mailbox.offer(2), None);
        assert_eq!(mailbox.take(), None, "1 is still in flight");
        assert_eq!(mailbox.offer(3), Some(2), "2 is overtaken");
        mailbox.finish();
        assert_eq!(mailbox.take(), Some(3));
        mailbox.finish();
        assert_eq!(mailbox.take(), None);
    }
}
