//! What the page measures of itself: how often it draws and reads, and where a frame's time goes.

use super::pace::{Mean, Pace};
use crate::pipeline::Analysis;

/// The figures as shown. Durations are in milliseconds, rates per second; what there is no figure
/// for is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LiveMetrics {
    /// Pictures that the display shows.
    pub display: Option<f64>,
    /// Answers.
    pub readings: Option<f64>,
    /// Taking a frame's pixels off the video.
    pub capture: Option<f64>,
    /// Finding its faces.
    pub detect: Option<f64>,
    /// Cropping and the network, for all faces together.
    pub network: Option<f64>,
    /// From the start of taking a frame to its answer on the page.
    pub total: Option<f64>,
    /// Width and height of the picture that was read, in pixels.
    pub size: Option<(u32, u32)>,
    /// Pictures sent and not answered.
    pub in_flight: usize,
}

/// Collects what [`LiveMetrics`] shows.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    display: Pace,
    readings: Pace,
    capture: Mean,
    detect: Mean,
    network: Mean,
    total: Mean,
    taken_millis: Option<f64>,
    size: Option<(u32, u32)>,
}

impl Meter {
    /// The display showed a picture.
    pub fn displayed(&mut self, now_millis: f64) {
        self.display.tick(now_millis);
    }

    /// A frame was taken off the video, from `started_millis` to `now_millis`, and is sent.
    pub fn sent(&mut self, started_millis: f64, now_millis: f64) {
        self.capture.take(now_millis - started_millis);
        self.taken_millis = Some(started_millis);
    }

    /// A picture's answer is here.
    pub fn answered(&mut self, now_millis: f64, analysis: &Analysis, size: (u32, u32)) {
        self.readings.tick(now_millis);
        self.detect.take(analysis.detect_millis);
        self.network.take(analysis.network_millis);
        if let Some(taken_millis) = self.taken_millis.take() {
            self.total.take(now_millis - taken_millis);
        }
        self.size = Some(size);
    }

    /// What was read so far is shown no more.
    pub fn reset(&mut self) {
        let display = std::mem::take(&mut self.display);
        *self = Self {
            display,
            ..Self::default()
        };
    }

    /// The figures as they are now.
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
