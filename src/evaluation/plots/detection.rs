//! Plot of recall against false boxes per photograph, one line per detector (the FROC curve).

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{
    Area, BLUE, Drawn, FAINT, GREEN, INK, LABEL_PIXELS, ORANGE, PlotError, RULE, SMALL_PIXELS,
    VERMILION, svg, titled, write,
};
use crate::evaluation::detection::figures::CurvePoint;
use crate::evaluation::detection::report::{DetectionReport, DetectorReport};
use crate::evaluation::detection::sizes::HEADLINE;

const SIZE: (u32, u32) = (980, 560);
const COLOURS: [RGBColor; 4] = [BLUE, VERMILION, GREEN, ORANGE];
const LEFT: (HPos, VPos) = (HPos::Left, VPos::Center);
/// Left end of the axis of false boxes: one in a thousand photographs.
const FEWEST: f64 = 0.001;
const MOST: f64 = 10.0;
const KEY_WIDTH: u32 = 250;
const KEY_PITCH: i32 = 46;

/// Draws the curves of all detectors, for faces of [`HEADLINE`] size.
///
/// # Errors
/// A [`PlotError`] if the plotting library fails.
pub fn froc(report: &DetectionReport) -> Result<String, PlotError> {
    svg(SIZE, |area| {
        let faces = report.detectors.first();
        let faces = faces.map_or(0, |one| one.figures.at_budget.headline.faces);
        let title = format!(
            "Faces found against false boxes: {faces} faces of {} size",
            HEADLINE.name
        );
        let subtitle = format!(
            "size: longer side over the photograph's; found from an overlap of {}; {} photographs",
            report.protocol.same_face_iou, report.photos.images
        );
        let area = titled(area, &title, &subtitle)?;
        let (chart, key) = area.split_horizontally(SIZE.0 - KEY_WIDTH);
        draw_chart(&chart, report)?;
        let detectors = report.detectors.iter().zip(COLOURS.iter().cycle());
        for (index, (detector, colour)) in detectors.enumerate() {
            draw_key(&key, index, detector, *colour)?;
        }
        Ok(())
    })
}

fn draw_key(area: &Area<'_>, index: usize, detector: &DetectorReport, colour: RGBColor) -> Drawn {
    let top = 30 + index as i32 * KEY_PITCH;
    let line = [(8, top), (30, top)];
    area.draw(&PathElement::new(line, colour.stroke_width(3)))?;
    write(area, &detector.name, (38, top), LABEL_PIXELS, INK, LEFT)?;
    let at = &detector.figures.at_budget;
    let told = at.headline.share().map_or_else(String::new, |recall| {
        format!("{:.1} % at {:.2} false", recall * 100.0, at.false_per_image)
    });
    write(area, &told, (38, top + 18), SMALL_PIXELS, FAINT, LEFT)
}

fn draw_chart(area: &Area<'_>, report: &DetectionReport) -> Drawn {
    let lines: Vec<Vec<(f64, f64)>> = report
        .detectors
        .iter()
        .map(|detector| steps(&detector.figures.curve))
        .collect();
    // The axis starts below every detector's recall at one false box in a hundred photographs.
    let at_hundredth = lines.iter().filter_map(|line| {
        let before = line.iter().rfind(|(false_boxes, _)| *false_boxes <= 0.01);
        before.or(line.first()).map(|(_, recall)| *recall)
    });
    let lowest = at_hundredth.fold(1.0, f64::min);
    let floor = (((lowest - 0.05) * 20.0).floor() / 20.0).clamp(0.0, 0.9);
    // Leaves room for a line at 100 %.
    let ceiling = 1.0 + (1.0 - floor) * 0.02;
    let mut chart = ChartBuilder::on(area)
        .margin_top(12)
        .margin_right(10)
        .margin_bottom(8)
        .margin_left(6)
        .x_label_area_size(46)
        .y_label_area_size(56)
        .build_cartesian_2d((FEWEST..MOST).log_scale(), floor..ceiling)?;
    chart
        .configure_mesh()
        .bold_line_style(RULE)
        .light_line_style(TRANSPARENT)
        .axis_style(FAINT)
        .x_labels(5)
        .y_labels(10)
        .x_label_formatter(&|false_boxes| format!("{false_boxes}"))
        .y_label_formatter(&|recall| format!("{:.0} %", recall * 100.0))
        .x_desc("false boxes in a photograph")
        .axis_desc_style(("sans-serif", LABEL_PIXELS).into_font().color(&INK))
        .label_style(("sans-serif", SMALL_PIXELS).into_font().color(&FAINT))
        .draw()?;
    let budget = report.protocol.false_per_image.clamp(FEWEST, MOST);
    let rule = [(budget, floor), (budget, ceiling)];
    chart.draw_series([PathElement::new(rule, FAINT.stroke_width(1))])?;
    let colours: Vec<_> = COLOURS.iter().cycle().take(lines.len()).collect();
    let detectors = report.detectors.iter().zip(&lines).zip(colours);
    // The first detector is drawn last, on top of the others.
    for ((detector, line), colour) in detectors.rev() {
        let visible = line.iter().copied().filter(|(_, recall)| *recall >= floor);
        chart.draw_series(LineSeries::new(visible, colour.stroke_width(3)))?;
        let at = &detector.figures.at_budget;
        let mark = at.headline.share().filter(|recall| *recall >= floor);
        let mark = mark.map(|recall| (at.false_per_image.clamp(FEWEST, MOST), recall));
        let circle = |point| Circle::new(point, 6, colour.filled());
        chart.draw_series(mark.map(circle))?;
    }
    Ok(())
}

/// Returns the corners of the step curve, limited to the plot's range.
fn steps(curve: &[CurvePoint]) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = vec![];
    for point in curve {
        let across = point.false_per_image.max(FEWEST);
        if across > MOST {
            let last = corners.last().map(|(_, recall)| (MOST, *recall));
            corners.extend(last);
            break;
        }
        let last = corners.last().map(|(_, recall)| (across, *recall));
        corners.extend(last);
        corners.push((across, point.headline));
    }
    corners
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;
    use crate::evaluation::detection::report::tests::report;

    #[test]
    fn each_detector_has_its_line_and_its_name() {
        let svg = froc(&report()).unwrap();
        check("froc", &svg);
        for text in [
            "good",
            "weak",
            "10 faces of ≥ 10 % size",
            "100.0 % at 0.10 false",
        ] {
            assert!(svg.contains(text), "{text}");
        }
        let lines = |colour: &str| svg.matches(colour).count();
        assert!(
            lines("#0072B2") >= 3 && lines("#D55E00") >= 3,
            "line, dot and key"
        );
    }

    #[test]
    fn nothing_found_and_nothing_measured_draw() {
        let mut report = report();
        report.detectors[0].figures.curve.clear();
        check("froc-half", &froc(&report).unwrap());
        report.detectors.clear();
        check("froc-none", &froc(&report).unwrap());
    }

    #[test]
    fn stairs_stay_in_the_picture() {
        let point = |false_per_image, headline| CurvePoint {
            threshold: 0.0,
            false_per_image,
            recall: 0.0,
            headline,
        };
        let stairs = steps(&[point(0.0, 0.2), point(0.5, 0.6), point(20.0, 0.9)]);
        assert_eq!(stairs, [(FEWEST, 0.2), (0.5, 0.2), (0.5, 0.6), (MOST, 0.6)]);
    }
}
