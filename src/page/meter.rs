//! Live performance figures: how often the page draws and reads, and how long each step takes.

use super::rate::{MovingAverage, RateCounter};
use crate::pipeline::Analysis;

/// The figures as displayed. Durations are in milliseconds and rates are per second; a figure that
/// is not known is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LiveMetrics {
    /// Frames drawn on the display per second.
    pub display: Option<f64>,
    /// Pictures read per second.
    pub readings: Option<f64>,
    /// Duration of reading a frame's pixels from the video.
    pub capture: Option<f64>,
    /// Duration of face detection.
    pub detect: Option<f64>,
    /// Duration of cropping and the network, for all faces of the frame together.
    pub network: Option<f64>,
    /// Duration from the start of a frame's capture until its answer arrives on the page.
    pub total: Option<f64>,
    /// Width and height of the picture that was read, in pixels.
    pub size: Option<(u32, u32)>,
    /// Number of pictures sent and not answered yet.
    pub in_flight: usize,
}

/// Collects the measurements for [`LiveMetrics`].
#[derive(Clone, Debug, Default)]
pub struct Meter {
    display: RateCounter,
    readings: RateCounter,
    capture: MovingAverage,
    detect: MovingAverage,
    network: MovingAverage,
    total: MovingAverage,
    taken_millis: Option<f64>,
    size: Option<(u32, u32)>,
}

impl Meter {
    /// Records that the display drew a frame.
    pub fn displayed(&mut self, now_millis: f64) {
        self.display.tick(now_millis);
    }

    /// Records that a frame was captured from `started_millis` to `now_millis` and is sent.
    pub fn sent(&mut self, started_millis: f64, now_millis: f64) {
        self.capture.take(now_millis - started_millis);
        self.taken_millis = Some(started_millis);
    }

    /// Records the answer about a picture; `size` is the picture's width and height in pixels.
    pub fn answered(&mut self, now_millis: f64, analysis: &Analysis, size: (u32, u32)) {
        self.readings.tick(now_millis);
        self.detect.take(analysis.detect_millis);
        self.network.take(analysis.network_millis);
        if let Some(taken_millis) = self.taken_millis.take() {
            self.total.take(now_millis - taken_millis);
        }
        self.size = Some(size);
    }

    /// Discards all figures about readings; the display rate is kept.
    pub fn reset(&mut self) {
        let display = std::mem::take(&mut self.display);
        *self = Self {
            display,
            ..Self::default()
        };
    }

    /// Returns the current figures.
    pub fn figures(&mut self, now_millis: f64, in_flight: usize) -> LiveMetrics {
        LiveMetrics {
            display: self.display.per_second(now_millis),
            readings: self.readings.per_second(now_millis),
            capture: self.capture.millis(),
            detect: self.detect.millis(),
            network: self.network.millis(),
            total: self.total.millis(),
            size: self.size,
            in_flight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frames_way_is_measured_from_its_capture_to_its_answer() {
        let mut meter = Meter::default();
        let analysis = Analysis {
            detect_millis: 2.0,
            network_millis: 20.0,
            ..Analysis::default()
        };
        for frame in 0..10 {
            let started = f64::from(frame) * 100.0;
            meter.displayed(started);
            meter.sent(started, started + 3.0);
            meter.answered(started + 30.0, &analysis, (640, 360));
        }
        let figures = meter.figures(1000.0, 1);
        let near = |value: Option<f64>, expected: f64| (value.unwrap() - expected).abs() < 1e-6;
        assert!(near(figures.capture, 3.0) && near(figures.total, 30.0));
        assert!(near(figures.detect, 2.0) && near(figures.network, 20.0));
        assert!(near(figures.display, 10.0) && near(figures.readings, 10.0));
        assert_eq!((figures.size, figures.in_flight), (Some((640, 360)), 1));
        meter.reset();
        let figures = meter.figures(1000.0, 0);
        assert!(figures.display.is_some(), "the display goes on");
        assert_eq!((figures.readings, figures.total), (None, None));
    }

    #[test]
    fn a_photo_has_no_capture() {
        let mut meter = Meter::default();
        meter.answered(5.0, &Analysis::default(), (10, 20));
        let figures = meter.figures(6.0, 0);
        assert_eq!((figures.capture, figures.total), (None, None));
        assert_eq!(figures.size, Some((10, 20)));
    }
}
