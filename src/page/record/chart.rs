//! Computes the timeline's lines, ticks and labels, in percent of its plot, before it is drawn.

use std::fmt::Write;

use super::history::History;
use super::samples::Sample;
use crate::emotion::Emotion;

/// Maximum number of points of a line, give or take one: more cannot be told apart on a screen.
pub const POINTS: usize = 300;
/// Width and height of the plot, in the units of [`Line::path`].
pub const PLOT: (f64, f64) = (1000.0, 100.0);
/// Minimum number of seconds that a plot shows, so that the first readings do not fill it.
const SHORTEST_SECONDS: f64 = 15.0;
/// Maximum number of intervals between ticks on the time axis.
const MOST_TICKS: f64 = 6.0;
/// Possible distances between ticks, in seconds.
const TICK_STEPS: [f64; 14] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
];
/// Minimum distance between labels, in percent of the plot's height.
const LABEL_GAP: f64 = 9.0;

/// The part of a recording that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// The last minute.
    Minute,
    /// The last five minutes.
    #[default]
    FiveMinutes,
    /// The whole recording.
    Whole,
}

impl Span {
    /// All spans, shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::FiveMinutes, Self::Whole];

    /// Returns the name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::FiveMinutes => "five-minutes",
            Self::Whole => "whole",
        }
    }

    /// Returns the span with this name; `None` for an unknown name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.name() == name)
    }
}

/// The interval of time that is shown, in seconds of the recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeWindow {
    /// Time at the left edge, in seconds.
    pub from: f64,
    /// Time at the right edge, in seconds.
    pub until: f64,
}

impl TimeWindow {
    /// Returns the window that shows `span` up to `until`, for a recording that begins at `first`.
    pub fn new(span: Span, first: f64, until: f64) -> Self {
        let seconds = match span {
            Span::Minute => 60.0,
            Span::FiveMinutes => 300.0,
            Span::Whole => f64::INFINITY,
        };
        let from = (until - seconds).max(first);
        Self {
            from,
            until: until.max(from + SHORTEST_SECONDS),
        }
    }

    /// Returns the position of a time, in percent of the plot's width.
    pub fn percent(&self, seconds: f64) -> f64 {
        100.0 * (seconds - self.from) / (self.until - self.from)
    }

    /// Returns the times of the ticks: multiples of a round step, few enough to be read.
    pub fn ticks(&self) -> Vec<f64> {
        let seconds = self.until - self.from;
        let step = TICK_STEPS
            .into_iter()
            .find(|step| seconds / step <= MOST_TICKS)
            .unwrap_or((seconds / MOST_TICKS / 3600.0).ceil() * 3600.0);
        let first = (self.from / step).ceil();
        let last = (self.until / step).floor();
        let count = (last - first + 1.0).max(0.0) as usize;
        (0..count)
            .map(|tick| (first + tick as f64) * step)
            .collect()
    }
}

/// One line of the chart, ready to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// The `d` attribute of an SVG path in a view box of size [`PLOT`], one subpath per segment.
    pub path: String,
    /// Position of its label, in percent from the top; `None` if there is no reading.
    pub label: Option<f64>,
}

/// The chart of one face.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The interval of time that is shown.
    pub window: TimeWindow,
    /// One line for each expression, in label order.
    pub lines: [Line; Emotion::COUNT],
    /// The samples that the lines go through, in order of time, as the table lists them.
    pub points: Vec<Sample>,
}

impl Chart {
    /// Computes the lines of `face` in `window`.
    pub fn new(history: &History, face: u32, window: TimeWindow) -> Self {
        let segments = history.segments(face, window.from, window.until, POINTS);
        let mut lines: [Line; Emotion::COUNT] = Default::default();
        for (index, line) in lines.iter_mut().enumerate() {
            for segment in &segments {
                draw(&mut line.path, segment, index, window);
            }
        }
        let all = segments.into_iter().flatten();
        // The first sample may lie before the window.
        let points: Vec<Sample> = all
            .filter(|it| it.middle_seconds() >= window.from)
            .collect();
        if let Some(last) = points.last() {
            let place = |at: usize| 100.0 * (1.0 - f64::from(last.probabilities[at]));
            let places = std::array::from_fn(place);
            for (line, place) in lines.iter_mut().zip(apart(places)) {
                line.label = Some(place);
            }
        }
        Self {
            window,
            lines,
            points,
        }
    }
}

fn draw(path: &mut String, segment: &[Sample], index: usize, window: TimeWindow) {
    let (width, height) = PLOT;
    for (place, sample) in segment.iter().enumerate() {
        let x = width * window.percent(sample.middle_seconds()) / 100.0;
        let y = height * (1.0 - f64::from(sample.probabilities[index]));
        let letter = if place == 0 { 'M' } else { 'L' };
        // Writing to a string cannot fail.
        let _ = write!(path, "{letter}{x:.1} {y:.1}");
    }
    if segment.len() == 1 {
        // With round line caps, a very short line appears as a dot.
        path.push_str("h0.1");
    }
}

/// Moves positions on a scale of 0 to 100 apart until they differ by at least [`LABEL_GAP`]. Their
/// order is kept, and they stay as near to the original positions as that allows.
fn apart(places: [f64; Emotion::COUNT]) -> [f64; Emotion::COUNT] {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| places[a].total_cmp(&places[b]).then(a.cmp(&b)));
    let mut moved = places;
    let mut free = 0.0_f64;
    for &index in &order {
        moved[index] = moved[index].max(free);
        free = moved[index] + LABEL_GAP;
    }
    let mut limit = 100.0_f64;
    for &index in order.iter().rev() {
        moved[index] = moved[index].min(limit);
        limit = moved[index] - LABEL_GAP;
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::super::history::{FaceObservation, FrameTime};
    use super::super::summary::Outcome;
    use super::*;
    use crate::emotion::Probabilities;

    fn history(seconds: impl Iterator<Item = f64>) -> History {
        let mut history = History::default();
        for seconds in seconds {
            let seen = FaceObservation {
                face: 1,
                size: 0.3,
                probabilities: Probabilities::normalized([0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 1.0, 0.0])
                    .unwrap(),
                outcome: Outcome::LooksLike(Emotion::Happy),
                compared: false,
            };
            history.push(
                FrameTime {
                    seconds,
                    playback_rate: 1.0,
                },
                &[seen],
            );
        }
        history
    }

    #[test]
    fn a_line_runs_from_edge_to_edge_and_breaks_at_gaps() {
        let history = history([0.0, 1.0, 2.0, 10.0, 11.0, 20.0].into_iter());
        let window = TimeWindow::new(Span::Whole, 0.0, 20.0);
        let chart = Chart::new(&history, 1, window);
        assert_eq!(
            chart.lines[Emotion::Happy.index()].path,
            "M0.0 25.0L50.0 25.0L100.0 25.0M500.0 25.0L550.0 25.0M1000.0 25.0h0.1"
        );
        assert_eq!(chart.points.len(), 6);
        assert_eq!(chart.lines[Emotion::Happy.index()].label, Some(25.0));
        let nobody = Chart::new(&history, 2, window);
        assert_eq!(nobody.lines[0], Line::default());
        assert!(nobody.points.is_empty());
    }

    #[test]
    fn a_long_line_has_no_more_points_than_can_be_seen() {
        let history = history((0..20_000).map(|frame| f64::from(frame) / 15.0));
        for span in Span::ALL {
            let window = TimeWindow::new(span, 0.0, 20_000.0 / 15.0);
            let chart = Chart::new(&history, 1, window);
            let count = chart.points.len();
            assert!(
                (POINTS / 2..=POINTS + 2).contains(&count),
                "{span:?}: {count}"
            );
            let path = &chart.lines[0].path;
            assert_eq!(path.matches('M').count(), 1, "{span:?}");
            assert!(path.len() < 16 * count);
        }
    }

    #[test]
    fn windows_end_with_the_recording_and_are_never_empty() {
        let window = TimeWindow::new(Span::Minute, 0.0, 90.0);
        assert_eq!((window.from, window.until), (30.0, 90.0));
        assert_eq!(window.percent(60.0), 50.0);
        let young = TimeWindow::new(Span::FiveMinutes, 2.0, 3.0);
        assert_eq!((young.from, young.until), (2.0, 17.0));
        assert_eq!(TimeWindow::new(Span::Whole, 0.0, 9000.0).until, 9000.0);
    }

    #[test]
    fn ticks_are_whole_steps_and_few() {
        assert_eq!(
            TimeWindow {
                from: 2.0,
                until: 17.0
            }
            .ticks(),
            [5.0, 10.0, 15.0]
        );
        assert_eq!(
            TimeWindow {
                from: 40.0,
                until: 340.0
            }
            .ticks(),
            [60.0, 120.0, 180.0, 240.0, 300.0]
        );
        for until in [15.0, 61.0, 599.0, 4000.0, 14_400.0, 90_000.0] {
            let count = TimeWindow { from: 0.0, until }.ticks().len();
            assert!((2..=7).contains(&count), "{count} ticks in {until} s");
        }
    }

    #[test]
    fn labels_keep_their_order_and_never_cover_each_other() {
        let places = apart([100.0, 99.0, 100.0, 5.0, 98.0, 6.0, 50.0]);
        let mut sorted = places;
        sorted.sort_by(f64::total_cmp);
        assert!(
            sorted
                .windows(2)
                .all(|pair| pair[1] - pair[0] >= LABEL_GAP - 1e-9)
        );
        assert!(sorted[0] >= 0.0 && sorted[6] <= 100.0);
        assert_eq!(
            (places[3], places[6]),
            (5.0, 50.0),
            "where there is room nothing moves"
        );
        assert!(places[4] < places[1] && places[1] < places[0] && places[0] < places[2]);
    }
}
