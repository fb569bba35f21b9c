//! One judgment of a live picture over time: a single frame that is a little too dark, or a little
//! too blurred, does not change what the page shows.
//!
//! Every frame's judgment counts as a share of one, and the shares are smoothed in time like the
//! values that the face is read from ([`smooth`](super::smooth)). What is shown changes where the
//! shares are clear, not where they are about even, so that a face at the very limit keeps what it
//! had. Shares and times do not depend on the frame rate, so every device shows the same.

use std::array;

use crate::vision::quality::Problem;

/// A share of the recent past, 0 to 1: a judgment that is shown stays until the other side has more
/// than this. At the half-life of [`VALUE_HALF_LIFE`](super::track::VALUE_HALF_LIFE) a change that
/// lasts is shown after 0.3 s · log₂ 3 = 0.5 s, and one of a single frame never where frames come
/// at least four times a second.
pub const ENOUGH: f32 = 2.0 / 3.0;

/// Number of judgments: each of the problems, or none.
pub const COUNT: usize = Problem::ALL.len() + 1;

/// Returns a frame's judgment as shares, all of it in one place: [`Problem::ALL`], then none.
pub fn shares(problem: Option<Problem>) -> [f32; COUNT] {
    let place = problem.map_or(COUNT - 1, |problem| problem as usize);
    array::from_fn(|index| f32::from(u8::from(index == place)))
}

/// Returns what to show for these smoothed `shares`, where `shown` was shown for the frame before:
/// `Some(None)` is no problem, `None` is a face that the frame before did not have.
pub fn steady(shown: Option<Option<Problem>>, shares: &[f32; COUNT]) -> Option<Problem> {
    let share = |problem: Problem| shares[problem as usize];
    let all: f32 = shares.iter().sum();
    let poor = Problem::ALL.map(share).iter().sum::<f32>();
    let is_poor = match shown {
        None => poor > all / 2.0,
        Some(None) => poor > all * ENOUGH,
        Some(Some(_)) => poor >= all * (1.0 - ENOUGH),
    };
    // Among equals, the first of `Problem::ALL`.
    let largest = Problem::ALL.into_iter().reduce(|best, next| {
        let is_larger = share(next) > share(best);
        if is_larger { next } else { best }
    })?;
    let keeps = |shown: &Problem| share(largest) <= poor * ENOUGH && share(*shown) > 0.0;
    is_poor.then(|| shown.flatten().filter(keeps).unwrap_or(largest))
}

#[cfg(test)]
mod tests {
    use super::super::smooth::Smooth;
    use super::super::track::VALUE_HALF_LIFE;
    use super::*;
    use Problem::{Blurred, TooDark};

    /// Returns what is shown for each frame, where frames come every `step` seconds.
    fn said(step: f64, frames: impl IntoIterator<Item = Option<Problem>>) -> Vec<Option<Problem>> {
        let mut smooth = Smooth::new(VALUE_HALF_LIFE);
        let mut shown = None;
        let frames = frames.into_iter().map(|problem| {
            let now = steady(shown, &smooth.update(step, shares(problem)));
            shown = Some(now);
            now
        });
        frames.collect()
    }

    fn changes(said: &[Option<Problem>]) -> usize {
        said.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    #[test]
    fn the_first_frame_is_judged_as_it_is() {
        for problem in Problem::ALL.into_iter().map(Some).chain([None]) {
            assert_eq!(said(0.1, [problem]), [problem]);
        }
    }

    #[test]
    fn every_problem_has_a_place_of_its_own() {
        for (place, problem) in Problem::ALL.into_iter().enumerate() {
            assert_eq!(problem as usize, place);
            assert_eq!(shares(Some(problem))[place], 1.0);
        }
        assert_eq!(shares(None)[COUNT - 1], 1.0);
        assert_eq!(shares(None).iter().sum::<f32>(), 1.0);
    }

    #[test]
    fn a_face_at_the_limit_keeps_what_was_said_first() {
        for step in [1.0 / 60.0, 1.0 / 15.0, 0.2] {
            let flicker = (0..200).map(|frame| (frame % 2 == 0).then_some(TooDark));
            assert_eq!(changes(&said(step, flicker.clone())), 0, "every {step} s");
            assert_eq!(changes(&said(step, flicker.skip(1))), 0, "every {step} s");
        }
    }

    #[test]
    fn a_single_frame_changes_nothing() {
        let frames = (0..40).map(|frame| (frame % 10 == 5).then_some(Blurred));
        assert_eq!(said(1.0 / 4.0, frames), [None; 40]);
        let frames = (0..40).map(|frame| (frame % 10 != 5).then_some(Blurred));
        assert_eq!(said(1.0 / 4.0, frames), [Some(Blurred); 40]);
    }

    #[test]
    fn what_lasts_is_said_after_half_a_second_at_any_rate() {
        for rate in [4_u32, 15, 60] {
            let step = 1.0 / f64::from(rate);
            for (before, after) in [
                (None, Some(TooDark)),
                (Some(TooDark), None),
                (Some(TooDark), Some(Blurred)),
            ] {
                let frames =
                    (0..4 * rate).map(|frame| if frame < 2 * rate { before } else { after });
                let said = said(step, frames);
                assert_eq!(
                    changes(&said),
                    1,
                    "{rate} a second, {before:?} to {after:?}"
                );
                let at = said.iter().position(|it| *it == after).unwrap() as f64 * step - 2.0;
                assert!((0.0..=0.75).contains(&at), "{rate} a second: after {at} s");
            }
        }
    }

    #[test]
    fn a_poor_picture_of_changing_kinds_is_poor_and_named_once() {
        let kinds = [Some(TooDark), Some(Blurred), None];
        let frames = (0..150).map(|frame| kinds[frame % 3]);
        let said = said(1.0 / 15.0, frames);
        assert!(said.iter().all(|it| *it == Some(TooDark)), "{said:?}");
    }
}
