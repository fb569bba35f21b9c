//! Plot of loss and accuracy by epoch.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{
    Area, BLUE, Drawn, FAINT, INK, LABEL_PIXELS, PlotError, RULE, SMALL_PIXELS, VERMILION, svg,
    titled, write,
};
use crate::training::artifact::{EpochRecord, best};

const SIZE: (u32, u32) = (980, 470);
const LEFT: (HPos, VPos) = (HPos::Left, VPos::Center);
/// Distance of the plot from the top of the area below the title, in pixels.
const PLOT_TOP: i32 = 34;

/// One of the two panels: its name, its training and validation values, and their format.
struct Panel {
    name: &'static str,
    values: fn(&EpochRecord) -> (f64, f64),
    format: fn(&f64) -> String,
}

/// A line's colour, and the one of a panel's two values that it shows.
type Series = (RGBColor, fn((f64, f64)) -> f64);

const PANELS: [Panel; 2] = [
    Panel {
        name: "loss, nats",
        values: |record| (record.training_loss, record.validation_loss),
        format: |value| format!("{value:.2}"),
    },
    Panel {
        name: "accuracy",
        values: |record| (record.training_accuracy, record.validation_accuracy),
        format: |value| format!("{:.0} %", value * 100.0),
    },
];

/// Draws training and validation loss and accuracy of a run; `None` if the history is empty.
///
/// # Errors
/// A [`PlotError`] if the plotting library fails.
pub fn training_curves(
    history: &[EpochRecord],
    network: &str,
) -> Result<Option<String>, PlotError> {
    let Some(best) = best(history) else {
        return Ok(None);
    };
    svg(SIZE, |area| {
        let title = format!("Training of {network}: {} epochs", history.len());
        let subtitle = format!(
            "epoch {} selected by validation accuracy, {:.2} %; training figures include augmentation",
            best.epoch,
            best.validation_accuracy * 100.0
        );
        let area = titled(area, &title, &subtitle)?;
        let halves = area.split_evenly((1, 2));
        for (panel, area) in PANELS.iter().zip(&halves) {
            draw_panel(area, panel, history, best)?;
        }
        Ok(())
    })
    .map(Some)
}

fn draw_panel(
    area: &Area<'_>,
    panel: &Panel,
    history: &[EpochRecord],
    best: &EpochRecord,
) -> Drawn {
    let (head, body) = area.split_vertically(PLOT_TOP);
    write(&head, panel.name, (18, 14), LABEL_PIXELS, INK, LEFT)?;
    for (index, (name, colour)) in [("training", VERMILION), ("validation", BLUE)]
        .iter()
        .enumerate()
    {
        let left = 150 + index as i32 * 120;
        head.draw(&PathElement::new(
            [(left, 14), (left + 22, 14)],
            colour.stroke_width(3),
        ))?;
        write(&head, name, (left + 28, 14), LABEL_PIXELS, INK, LEFT)?;
    }
    let values = history.iter().flat_map(|record| {
        let (training, validation) = (panel.values)(record);
        [training, validation]
    });
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let room = ((high - low) * 0.08).max(0.01);
    let last = history.last().map_or(1, |record| record.epoch) as f64;
    let mut chart = ChartBuilder::on(&body)
        .margin_right(24)
        .margin_bottom(8)
        .margin_left(6)
        .x_label_area_size(44)
        .y_label_area_size(52)
        .build_cartesian_2d(0.75..last + 0.25, low - room..high + room)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(RULE)
        .light_line_style(TRANSPARENT)
        .axis_style(FAINT)
        .x_labels(history.len().min(10))
        .y_labels(6)
        .x_label_formatter(&|epoch| whole(*epoch))
        .y_label_formatter(&panel.format)
        .x_desc("epoch")
        .axis_desc_style(("sans-serif", LABEL_PIXELS).into_font().color(&INK))
        .label_style(("sans-serif", SMALL_PIXELS).into_font().color(&FAINT))
        .draw()?;
    let selected = best.epoch as f64;
    let rule = [(selected, low - room), (selected, high + room)];
    chart.draw_series([PathElement::new(rule, FAINT.mix(0.5).stroke_width(1))])?;
    let series: [Series; 2] = [
        (VERMILION, |(training, _)| training),
        (BLUE, |(_, validation)| validation),
    ];
    for (colour, value) in series {
        let points = history
            .iter()
            .map(|record| (record.epoch as f64, value((panel.values)(record))));
        let points: Vec<(f64, f64)> = points.filter(|(_, value)| value.is_finite()).collect();
        chart.draw_series(LineSeries::new(
            points.iter().copied(),
            colour.stroke_width(3),
        ))?;
        let radius = if points.len() > 40 { 0 } else { 4 };
        let dot = |point| Circle::new(point, radius, colour.filled());
        chart.draw_series(points.iter().copied().map(dot))?;
        let kept = points
            .iter()
            .copied()
            .filter(|(epoch, _)| *epoch == selected);
        chart.draw_series(kept.map(|point| Circle::new(point, 8, colour.stroke_width(2))))?;
    }
    Ok(())
}

/// Returns an epoch's axis label; empty for a value between two epochs.
fn whole(epoch: f64) -> String {
    if (epoch - epoch.round()).abs() < 1e-6 {
        format!("{epoch:.0}")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    fn history(epochs: usize) -> Vec<EpochRecord> {
        let record = |epoch| {
            let passed = epoch as f64;
            EpochRecord {
                epoch,
                training_loss: 0.6 + 1.0 / passed,
                training_accuracy: 0.8 - 0.4 / passed,
                validation_loss: 0.9 + 0.5 / passed,
                validation_accuracy: 0.66 - 0.2 / passed - 0.001 * (passed - 20.0).abs(),
                training_seconds: 0.0,
                waiting_for_data: 0.0,
                instructions: None,
            }
        };
        (1..=epochs).map(record).collect()
    }

    #[test]
    fn the_selected_epoch_is_named() {
        let svg = training_curves(&history(4), "moue").unwrap().unwrap();
        check("curves-4", &svg);
        assert!(svg.contains("Training of moue: 4 epochs"));
        assert!(svg.contains("epoch 4 selected"));
        let svg = training_curves(&history(60), "moue").unwrap().unwrap();
        check("curves-60", &svg);
        assert_eq!(training_curves(&[], "moue").unwrap(), None);
    }

    #[test]
    fn one_epoch_and_losses_that_are_no_numbers_draw() {
        check(
            "curves-1",
            &training_curves(&history(1), "moue").unwrap().unwrap(),
        );
        let mut broken = history(3);
        broken[1].training_loss = f64::NAN;
        broken[2].validation_loss = f64::INFINITY;
        check(
            "curves-broken",
            &training_curves(&broken, "moue").unwrap().unwrap(),
        );
        for record in &mut broken {
            record.training_loss = f64::NAN;
            record.validation_loss = f64::NAN;
        }
        check(
            "curves-nan",
            &training_curves(&broken, "moue").unwrap().unwrap(),
        );
    }
}
