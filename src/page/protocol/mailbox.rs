//! Newest wins: for everyone who asks, a place for one waiting picture.
//!
//! One inference runs at a time. While it runs, a newer picture replaces the one of the same sender
//! that waits, so a slow engine shows the present and never works off a queue of the past. Senders
//! take turns.

use std::collections::VecDeque;

/// Holds at most one waiting item of each sender.
#[derive(Debug)]
pub struct Mailbox<T> {
    waiting: VecDeque<(u32, T)>,
    busy: bool,
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            busy: false,
        }
    }
}

impl<T> Mailbox<T> {
    /// Puts a sender's item in, and hands back the older one that it replaces.
    pub fn offer(&mut self, sender: u32, item: T) -> Option<T> {
        let place = self.waiting.iter_mut().find(|(from, _)| *from == sender);
        match place {
            Some((_, waiting)) => Some(std::mem::replace(waiting, item)),
            None => {
                self.waiting.push_back((sender, item));
                None
            }
        }
    }

    /// Takes the item that waits longest to work on it, unless work is under way. Call
    /// [`Mailbox::finish`] afterwards.
    pub fn take(&mut self) -> Option<T> {
        if self.busy {
            return None;
        }
        let (_, item) = self.waiting.pop_front()?;
        self.busy = true;
        Some(item)
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
        assert_eq!(mailbox.offer(0, 1), None);
        assert_eq!(mailbox.take(), Some(1));
        assert_eq!(mailbox.offer(0, 2), None);
        assert_eq!(mailbox.take(), None, "1 is still in flight");
        assert_eq!(mailbox.offer(0, 3), Some(2), "2 is overtaken");
        mailbox.finish();
        assert_eq!(mailbox.take(), Some(3));
        mailbox.finish();
        assert_eq!(mailbox.take(), None);
    }

    #[test]
    fn senders_take_turns_and_overtake_only_themselves() {
        let mut mailbox = Mailbox::default();
        for (sender, item) in [(7, "a1"), (8, "b1"), (9, "c1")] {
            assert_eq!(mailbox.offer(sender, item), None);
        }
        assert_eq!(mailbox.offer(8, "b2"), Some("b1"));
        assert_eq!(mailbox.take(), Some("a1"));
        assert_eq!(mailbox.offer(7, "a2"), None, "a1 is in flight");
        mailbox.finish();
        for item in ["b2", "c1", "a2"] {
            assert_eq!(mailbox.take(), Some(item));
            mailbox.finish();
        }
    }
}
