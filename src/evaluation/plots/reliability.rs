//! Reliability diagram: accuracy by confidence, and the number of images by confidence.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{
    BLUE, FAINT, INK, LABEL_PIXELS, PlotError, RULE, SMALL_PIXELS, VERMILION, grouped, svg, titled,
    write,
};
use crate::evaluation::metrics::CALIBRATION_BINS;
use crate::evaluation::report::SetReport;

const SIZE: (u32, u32) = (640, 700);
const LEFT: i32 = 72;
const SIDE: i32 = 525;
const TOP: i32 = 42;
const HEIGHT: i32 = 360;
const COUNT_TOP: i32 = 434;
const COUNT_HEIGHT: i32 = 110;
const CENTRE: (HPos, VPos) = (HPos::Center, VPos::Center);
const RIGHT: (HPos, VPos) = (HPos::Right, VPos::Center);

/// Draws the reliability diagram of a set's single crops; `None` if it has no metrics of them.
///
/// # Errors
/// A [`PlotError`] if the plotting library fails.
pub fn reliability_diagram(set: &SetReport) -> Result<Option<String>, PlotError> {
    let Some(single) = set.single() else {
        return Ok(None);
    };
    let report = &single.report;
    svg(SIZE, |area| {
        let title = format!(
            "Reliability: {}, {} images",
            set.name,
            grouped(set.images as u64)
        );
        let subtitle = format!(
            "expected calibration error {:.3} in {CALIBRATION_BINS} bins{}",
            report.calibration_error,
            super::classes::warning(set)
        );
        let area = titled(area, &title, &subtitle)?;
        let across = |share: f64| LEFT + (share * f64::from(SIDE)).round() as i32;
        let up = |share: f64| TOP + HEIGHT - (share * f64::from(HEIGHT)).round() as i32;
        for tick in 0..=5 {
            let share = f64::from(tick) / 5.0;
            let rule = |from, to| PathElement::new([from, to], RULE);
            area.draw(&rule((LEFT, up(share)), (LEFT + SIDE, up(share))))?;
            let label = format!("{} %", tick * 20);
            write(
                &area,
                &label,
                (LEFT - 8, up(share)),
                SMALL_PIXELS,
                FAINT,
                RIGHT,
            )?;
            let at = (across(share), COUNT_TOP + COUNT_HEIGHT + 16);
            write(&area, &label, at, SMALL_PIXELS, FAINT, CENTRE)?;
        }
        let most = report.calibration.iter().map(|bin| bin.images).max();
        let most = f64::from(most.unwrap_or(0).max(1));
        for (index, bin) in report.calibration.iter().enumerate() {
            let edge = |index: usize| across(index as f64 / CALIBRATION_BINS as f64);
            let (left, right) = (edge(index) + 1, edge(index + 1) - 1);
            if bin.images == 0 {
                continue;
            }
            let bar = [(left, up(bin.accuracy)), (right, up(0.0))];
            area.draw(&Rectangle::new(bar, BLUE.filled()))?;
            // The mark is where the bar would end with perfect calibration.
            let said = up(bin.confidence);
            let mark = PathElement::new([(left, said), (right, said)], VERMILION.stroke_width(4));
            area.draw(&mark)?;
            let base = COUNT_TOP + COUNT_HEIGHT;
            let height =
                (f64::from(bin.images) / most * f64::from(COUNT_HEIGHT - 16)).ceil() as i32;
            let bar = [(left, base - height), (right, base)];
            area.draw(&Rectangle::new(bar, FAINT.mix(0.55).filled()))?;
            let at = ((left + right) / 2, base - height - 8);
            write(&area, &bin.images.to_string(), at, 11, INK, CENTRE)?;
        }
        let diagonal = [(LEFT, up(0.0)), (LEFT + SIDE, up(1.0))];
        area.draw(&PathElement::new(diagonal, FAINT.stroke_width(1)))?;
        let base = COUNT_TOP + COUNT_HEIGHT;
        area.draw(&PathElement::new(
            [(LEFT, base), (LEFT + SIDE, base)],
            FAINT,
        ))?;
        area.draw(&PathElement::new(
            [(LEFT, up(0.0)), (LEFT + SIDE, up(0.0))],
            FAINT,
        ))?;
        write(
            &area,
            "images",
            (LEFT - 8, COUNT_TOP + COUNT_HEIGHT / 2),
            SMALL_PIXELS,
            FAINT,
            RIGHT,
        )?;
        let below = (LEFT + SIDE / 2, base + 40);
        write(
            &area,
            "confidence: the highest of the seven probabilities",
            below,
            LABEL_PIXELS,
            INK,
            CENTRE,
        )?;
        key(&area)
    })
    .map(Some)
}

fn key(area: &super::Area<'_>) -> super::Drawn {
    let left = (HPos::Left, VPos::Center);
    area.draw(&Rectangle::new([(LEFT, 4), (LEFT + 14, 18)], BLUE.filled()))?;
    write(
        area,
        "share that is right",
        (LEFT + 20, 11),
        LABEL_PIXELS,
        INK,
        left,
    )?;
    let line = [(LEFT + 170, 11), (LEFT + 190, 11)];
    area.draw(&PathElement::new(line, VERMILION.stroke_width(4)))?;
    write(
        area,
        "mean confidence",
        (LEFT + 196, 11),
        LABEL_PIXELS,
        INK,
        left,
    )?;
    let line = [(LEFT + 322, 17), (LEFT + 342, 5)];
    area.draw(&PathElement::new(line, FAINT.stroke_width(1)))?;
    write(
        area,
        "perfectly calibrated",
        (LEFT + 348, 11),
        LABEL_PIXELS,
        INK,
        left,
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, set};
    use super::*;

    #[test]
    fn the_error_and_the_counts_are_written() {
        let set = set(false);
        let svg = reliability_diagram(&set).unwrap().unwrap();
        check("reliability", &svg);
        let error = set.single().unwrap().report.calibration_error;
        for text in [
            "Reliability: PrivateTest, 4 images",
            &format!("{error:.3} in 15 bins"),
        ] {
            assert!(svg.contains(text), "{text}");
        }
        let filled = set.single().unwrap().report.calibration.iter();
        let filled = filled.filter(|bin| bin.images > 0).count();
        assert_eq!(
            svg.matches("fill=\"#0072B2\"").count(),
            filled + 1,
            "the bins and the key"
        );
    }
}
