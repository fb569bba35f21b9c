//! The summary of a whole recording, counted reading by reading and exact however long it runs.
//!
//! What a frame showed counts until the next frame that follows it directly. Means are over
//! readings. Faces have the tracker's numbers: somebody who left and came back is a new face.

use super::history::FaceObservation;
use crate::emotion::{Emotion, Probabilities, Verdict};

/// Maximum number of faces with a tally of their own; further faces count only in the total.
pub const MOST_FACES: usize = 512;
/// Minimum duration in seconds of an expression that counts as a change. Shorter ones are jitter of
/// the network.
pub const HOLD_SECONDS: f64 = 0.5;

/// What the page states about a face in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An expression stood out.
    LooksLike(Emotion),
    /// No expression stood out.
    Unsure,
    /// The picture of the face was not good enough.
    NotJudged,
}

impl Outcome {
    /// Number of outcomes.
    pub const COUNT: usize = Emotion::COUNT + 2;

    /// Returns all outcomes: the seven expressions in label order, unsure, not judged.
    pub fn all() -> impl Iterator<Item = Self> {
        let named = Emotion::ALL.into_iter().map(Self::LooksLike);
        named.chain([Self::Unsure, Self::NotJudged])
    }

    /// Returns the outcome for a face whose picture was good enough.
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::LooksLike(emotion) => Self::LooksLike(emotion),
            Verdict::Unsure => Self::Unsure,
        }
    }

    /// Returns its index in [`Outcome::all`].
    pub fn index(self) -> usize {
        match self {
            Self::LooksLike(emotion) => emotion.index(),
            Self::Unsure => Emotion::COUNT,
            Self::NotJudged => Emotion::COUNT + 1,
        }
    }

    /// Returns the name in exports, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::LooksLike(emotion) => emotion.label(),
            Self::Unsure => "unsure",
            Self::NotJudged => "not-judged",
        }
    }
}

/// Counts of one face, or of all faces together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Number of readings.
    pub readings: u64,
    /// Seconds for which the face was seen; for all faces together, the sum.
    pub seen_seconds: f64,
    /// Seconds for which each outcome held, in the order of [`Outcome::all`].
    pub outcome_seconds: [f64; Outcome::COUNT],
    /// Number of times that one expression replaced another for [`HOLD_SECONDS`] or longer. Unsure
    /// time between them does not count.
    pub changes: u32,
    probability_sums: [f64; Probabilities::COUNT],
}

impl Tally {
    /// Returns the mean probability of each expression, in label order, and of `other`; `None` if
    /// there is no reading.
    pub fn means(&self) -> Option<[f64; Probabilities::COUNT]> {
        let readings = self.readings as f64;
        (self.readings > 0).then(|| self.probability_sums.map(|sum| sum / readings))
    }

    /// Returns an outcome's share of the seen time, 0 to 1; `None` before any time passed.
    pub fn share(&self, outcome: Outcome) -> Option<f64> {
        let held = self.outcome_seconds[outcome.index()];
        (self.seen_seconds > 0.0).then(|| held / self.seen_seconds)
    }

    /// Returns the outcome that held longest, the first of equals; `None` before any time passed.
    pub fn longest(&self) -> Option<Outcome> {
        let mut longest: Option<Outcome> = None;
        for outcome in Outcome::all() {
            let held = self.outcome_seconds[outcome.index()];
            let most = longest.map_or(0.0, |it| self.outcome_seconds[it.index()]);
            if held > most {
                longest = Some(outcome);
            }
        }
        longest
    }

    fn hold(&mut self, outcome: Outcome, seconds: f64) {
        self.seen_seconds += seconds;
        self.outcome_seconds[outcome.index()] += seconds;
    }

    /// Adds the counts of another tally, or takes them away with a `sign` of -1.
    fn add(&mut self, other: &Self, sign: f64) {
        self.readings = match sign < 0.0 {
            true => self.readings.saturating_sub(other.readings),
            false => self.readings + other.readings,
        };
        self.changes = match sign < 0.0 {
            true => self.changes.saturating_sub(other.changes),
            false => self.changes + other.changes,
        };
        // Rounding must leave no time below 0.
        let sum = |a: f64, b: f64| (a + sign * b).max(0.0);
        self.seen_seconds = sum(self.seen_seconds, other.seen_seconds);
        for (held, other) in self.outcome_seconds.iter_mut().zip(other.outcome_seconds) {
            *held = sum(*held, other);
        }
        for (held, other) in self.probability_sums.iter_mut().zip(other.probability_sums) {
            *held = sum(*held, other);
        }
    }

    fn read(&mut self, probabilities: &Probabilities) {
        self.readings += 1;
        for (sum, value) in self
            .probability_sums
            .iter_mut()
            .zip(probabilities.as_array())
        {
            *sum += f64::from(*value);
        }
    }
}

/// The counts of one face.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceTally {
    /// Number of the face.
    pub face: u32,
    /// Time in seconds at which it was first seen.
    pub first_seconds: f64,
    /// Time in seconds at which it was last seen.
    pub last_seconds: f64,
    /// Its size over the time that it was seen, see [`FaceObservation::size`], in seconds.
    pub presence: f64,
    /// Its counts.
    pub tally: Tally,
    /// Seconds for which it was the only face.
    alone_seconds: f64,
    /// The last expression that held for [`HOLD_SECONDS`].
    named: Option<Emotion>,
    /// A different expression, and for how many seconds it has held.
    rival: Option<(Emotion, f64)>,
}

impl FaceTally {
    /// Adds time to an outcome and returns whether an expression has just replaced another.
    fn hold(&mut self, outcome: Outcome, seconds: f64) -> bool {
        self.tally.hold(outcome, seconds);
        let Outcome::LooksLike(emotion) = outcome else {
            self.rival = None;
            return false;
        };
        if self.named == Some(emotion) {
            self.rival = None;
            return false;
        }
        let held = match self.rival {
            Some((rival, held)) if rival == emotion => held + seconds,
            _ => seconds,
        };
        self.rival = Some((emotion, held));
        if held < HOLD_SECONDS {
            return false;
        }
        self.rival = None;
        let is_change = self.named.replace(emotion).is_some();
        self.tally.changes += u32::from(is_change);
        is_change
    }
}

/// The summary of a whole recording.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Recorded time in seconds, without what was paused or skipped.
    pub recorded_seconds: f64,
    /// Part of the recorded time without any face, in seconds.
    pub faceless_seconds: f64,
    /// Number of faces.
    pub face_count: u32,
    /// Counts of all faces together.
    pub total: Tally,
    faces: Vec<FaceTally>,
    /// What a person called no face: the number, and its counts if it had any.
    dismissed: Vec<(u32, Option<FaceTally>)>,
    highest_face: u32,
    /// Number, size and outcome of each face in the previous frame.
    before: Vec<(u32, f32, Outcome)>,
}

impl Summary {
    /// Returns the faces with a tally of their own, ordered by number.
    pub fn faces(&self) -> &[FaceTally] {
        &self.faces
    }

    /// Returns the counts of a face; `None` if it has no tally of its own.
    pub fn face(&self, number: u32) -> Option<&FaceTally> {
        let place = self.faces.binary_search_by_key(&number, |it| it.face);
        place.ok().and_then(|place| self.faces.get(place))
    }

    /// Returns the share of time without a face, 0 to 1; `None` before any time passed.
    pub fn faceless_share(&self) -> Option<f64> {
        (self.recorded_seconds > 0.0).then(|| self.faceless_seconds / self.recorded_seconds)
    }

    /// Adds a frame. `step` is the time since the previous frame if this one follows it directly.
    pub(super) fn push(&mut self, seconds: f64, step: Option<f64>, seen: &[FaceObservation]) {
        let before = std::mem::take(&mut self.before);
        if let Some(step) = step {
            self.recorded_seconds += step;
            if before.is_empty() {
                self.faceless_seconds += step;
            }
            let alone = if before.len() == 1 { step } else { 0.0 };
            for (face, size, outcome) in before {
                self.total.hold(outcome, step);
                let is_change = match self.face_mut(face) {
                    Some(counted) => {
                        counted.presence += f64::from(size) * step;
                        counted.alone_seconds += alone;
                        counted.hold(outcome, step)
                    }
                    None => false,
                };
                self.total.changes += u32::from(is_change);
            }
        }
        for one in seen {
            self.total.read(&one.probabilities);
            if let Some(counted) = self.face_or_new(one.face, seconds) {
                counted.last_seconds = counted.last_seconds.max(seconds);
                counted.first_seconds = counted.first_seconds.min(seconds);
                counted.tally.read(&one.probabilities);
            }
            self.before.push((one.face, one.size, one.outcome));
        }
    }

    /// Takes a face out of all counts, which a person called none. The time in which it was the only one
    /// becomes time without a face.
    pub(super) fn dismiss(&mut self, number: u32) {
        let place = self.faces.binary_search_by_key(&number, |it| it.face);
        let counted = place.ok().map(|place| self.faces.remove(place));
        if let Some(counted) = &counted {
            self.total.add(&counted.tally, -1.0);
            self.face_count -= 1;
            self.faceless_seconds += counted.alone_seconds;
        }
        self.before.retain(|(face, ..)| *face != number);
        self.dismissed.push((number, counted));
    }

    /// Takes the last [`Self::dismiss`] back.
    pub(super) fn undo_dismissal(&mut self) {
        let Some((number, Some(counted))) = self.dismissed.pop() else {
            return;
        };
        if let Err(place) = self.faces.binary_search_by_key(&number, |it| it.face) {
            self.total.add(&counted.tally, 1.0);
            self.face_count += 1;
            self.faceless_seconds = (self.faceless_seconds - counted.alone_seconds).max(0.0);
            self.faces.insert(place, counted);
        }
    }

    /// Whether a person called this face none.
    pub fn is_dismissed(&self, number: u32) -> bool {
        self.dismissed.iter().any(|(face, _)| *face == number)
    }

    fn face_mut(&mut self, number: u32) -> Option<&mut FaceTally> {
        let place = self.faces.binary_search_by_key(&number, |it| it.face);
        self.faces.get_mut(place.ok()?)
    }

    fn face_or_new(&mut self, number: u32, seconds: f64) -> Option<&mut FaceTally> {
        let found = self.faces.binary_search_by_key(&number, |it| it.face);
        // Once the tallies are full, only a number higher than any before counts as a new face.
        let is_new =
            found.is_err() && (self.faces.len() < MOST_FACES || number > self.highest_face);
        self.face_count += u32::from(is_new);
        self.highest_face = self.highest_face.max(number);
        let place = match found {
            Ok(place) => place,
            Err(_) if self.faces.len() >= MOST_FACES => return None,
            Err(place) => {
                let new = FaceTally {
                    face: number,
                    first_seconds: seconds,
                    last_seconds: seconds,
                    presence: 0.0,
                    tally: Tally::default(),
                    alone_seconds: 0.0,
                    named: None,
                    rival: None,
                };
                self.faces.insert(place, new);
                place
            }
        };
        self.faces.get_mut(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(face: u32, emotion: Emotion, share: f32) -> FaceObservation {
        let mut weights = [(1.0 - share) / 6.0; Emotion::COUNT];
        weights[emotion.index()] = share;
        FaceObservation {
            face,
            size: 0.3,
            probabilities: Probabilities::from_logits(weights.map(f32::ln)),
            outcome: match share {
                named if named > 0.45 => Outcome::LooksLike(emotion),
                _ => Outcome::Unsure,
            },
            compared: false,
        }
    }

    /// Frames a quarter of a second apart.
    fn summary(frames: &[&[FaceObservation]]) -> Summary {
        let mut summary = Summary::default();
        for (index, frame) in frames.iter().enumerate() {
            let step = (index > 0).then_some(0.25);
            summary.push(0.25 * index as f64, step, frame);
        }
        summary
    }

    #[test]
    fn what_was_no_face_is_counted_nowhere_and_comes_back() {
        let (own, patch) = (seen(1, Emotion::Happy, 0.9), seen(2, Emotion::Sad, 0.9));
        let mut all = summary(&[&[own, patch], &[own, patch], &[patch], &[own], &[own]]);
        let before = all.clone();
        all.dismiss(2);
        let without = summary(&[&[own], &[own], &[], &[own], &[own]]);
        assert_eq!(all.total, without.total);
        assert_eq!(all.faces().len(), 1);
        assert_eq!(all.faces()[0].tally, without.faces()[0].tally);
        assert_eq!(all.faceless_seconds, without.faceless_seconds);
        assert_eq!(all.face_count, 1);
        assert!(all.is_dismissed(2) && !all.is_dismissed(1));
        all.undo_dismissal();
        assert_eq!(all.total, before.total);
        assert_eq!(all.faces(), before.faces());
        assert_eq!(all.faceless_seconds, before.faceless_seconds);
        assert!(!all.is_dismissed(2));
    }

    #[test]
    fn time_is_shared_between_what_it_looked_like_unsure_and_nobody() {
        let happy = seen(1, Emotion::Happy, 0.9);
        let unsure = seen(1, Emotion::Sad, 0.3);
        let dark = FaceObservation {
            outcome: Outcome::NotJudged,
            ..happy
        };
        let frames: [&[FaceObservation]; 9] = [
            &[happy],
            &[happy],
            &[unsure],
            &[dark],
            &[],
            &[],
            &[],
            &[happy],
            &[],
        ];
        let summary = summary(&frames);
        assert_eq!(summary.recorded_seconds, 2.0);
        assert_eq!(summary.faceless_share(), Some(0.75 / 2.0));
        assert_eq!(summary.total.seen_seconds, 1.25);
        assert_eq!(
            summary.total.share(Outcome::LooksLike(Emotion::Happy)),
            Some(0.6)
        );
        assert_eq!(summary.total.share(Outcome::Unsure), Some(0.2));
        assert_eq!(summary.total.share(Outcome::NotJudged), Some(0.2));
        let shares: f64 = Outcome::all()
            .filter_map(|it| summary.total.share(it))
            .sum();
        assert!((shares - 1.0).abs() < 1e-12);
        assert_eq!(
            summary.total.longest(),
            Some(Outcome::LooksLike(Emotion::Happy))
        );
        let face = summary.face(1).unwrap();
        assert_eq!(face.tally.seen_seconds, 1.25);
        assert_eq!((face.first_seconds, face.last_seconds), (0.0, 1.75));
        assert_eq!(summary.face(2), None);
    }

    #[test]
    fn means_are_over_readings_of_all_faces_and_of_each() {
        let (a, b) = (seen(1, Emotion::Happy, 0.8), seen(2, Emotion::Happy, 0.4));
        let summary = summary(&[&[a, b], &[b]]);
        let happy = |tally: &Tally| tally.means().unwrap()[Emotion::Happy.index()];
        assert!((happy(&summary.total) - 1.6 / 3.0).abs() < 1e-6);
        assert!((happy(&summary.face(2).unwrap().tally) - 0.4).abs() < 1e-6);
        assert_eq!(Tally::default().means(), None);
        assert_eq!(Tally::default().share(Outcome::Unsure), None);
    }

    #[test]
    fn a_change_is_an_expression_that_holds() {
        let (happy, sad) = (seen(1, Emotion::Happy, 0.9), seen(1, Emotion::Sad, 0.9));
        let unsure = seen(1, Emotion::Fear, 0.2);
        let of = |pattern: &str| {
            let frames: Vec<[FaceObservation; 1]> = pattern
                .chars()
                .map(|letter| match letter {
                    'h' => [happy],
                    's' => [sad],
                    _ => [unsure],
                })
                .collect();
            let frames: Vec<&[FaceObservation]> = frames
                .iter()
                .map(<[FaceObservation; 1]>::as_slice)
                .collect();
            summary(&frames).total.changes
        };
        assert_eq!(of("hhhhh"), 0, "the first one is no change");
        assert_eq!(of("hhhshh"), 0, "too short");
        assert_eq!(of("hhhsss"), 1);
        assert_eq!(of("hhh???hhh"), 0, "back to the same after being unsure");
        assert_eq!(of("hhh??sss"), 1);
        assert_eq!(of("hhhsssshhhh"), 2);
    }

    #[test]
    fn faces_are_counted_beyond_those_with_a_count_of_their_own() {
        let mut summary = Summary::default();
        let most = u32::try_from(MOST_FACES).unwrap();
        for face in 1..=most + 10 {
            for twice in 0..2 {
                let seconds = f64::from(2 * face + twice);
                summary.push(seconds, Some(0.5), &[seen(face, Emotion::Happy, 0.9)]);
            }
        }
        assert_eq!(summary.face_count, most + 10);
        assert_eq!(summary.faces().len(), MOST_FACES);
        assert_eq!(summary.total.readings, 2 * u64::from(most + 10));
    }
}
