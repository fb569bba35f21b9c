//! Bar chart of the scores of each class.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{
    BLUE, FAINT, GREEN, INK, LABEL_PIXELS, MARGIN_PIXELS, ORANGE, PlotError, RULE, SMALL_PIXELS,
    grouped, svg, titled, write,
};
use crate::emotion::Emotion;
use crate::evaluation::metrics::Scores;
use crate::evaluation::report::SetReport;

/// A kind of bar: its name, its colour, and the score that it shows.
type Kind = (&'static str, RGBColor, fn(&Scores) -> f64);

const SIZE: (u32, u32) = (980, 480);
const LEFT: i32 = 58;
const PLOT_TOP: i32 = 42;
const PLOT_HEIGHT: i32 = 300;
const BAR: i32 = 30;
const CENTRE: (HPos, VPos) = (HPos::Center, VPos::Center);

const KINDS: [Kind; 3] = [
    ("precision", BLUE, |scores| scores.precision),
    ("recall", ORANGE, |scores| scores.recall),
    ("F1", GREEN, |scores| scores.f1),
];

/// Returns the warning for a plot's subtitle if the set was used in training or selection.
pub(super) fn warning(set: &SetReport) -> &'static str {
    match (set.selected_on, set.learned_from) {
        (true, _) => "; these images selected the epoch",
        (_, true) => "; these images were learned from",
        _ => "",
    }
}

/// Draws precision, recall and F1 of each class for a set's single crops, and their plain mean;
/// `None` if the set has no metrics of single crops.
///
/// # Errors
/// A [`PlotError`] if the plotting library fails.
pub fn class_bars(set: &SetReport) -> Result<Option<String>, PlotError> {
    let Some(single) = set.single() else {
        return Ok(None);
    };
    let report = &single.report;
    svg(SIZE, |area| {
        let title = format!(
            "Each class: {}, {} images",
            set.name,
            grouped(set.images as u64)
        );
        let subtitle = format!(
            "macro-F1 {:.3} with a single crop, in percent{}",
            report.macro_f1(),
            warning(set)
        );
        let area = titled(area, &title, &subtitle)?;
        let right = SIZE.0 as i32 - MARGIN_PIXELS;
        let bottom = PLOT_TOP + PLOT_HEIGHT;
        let height = |score: f64| (score * f64::from(PLOT_HEIGHT)).round() as i32;
        for percent in [0, 25, 50, 75, 100] {
            let y = bottom - height(f64::from(percent) / 100.0);
            area.draw(&PathElement::new([(LEFT, y), (right, y)], RULE))?;
            let at = (LEFT - 8, y);
            let label = format!("{percent} %");
            write(
                &area,
                &label,
                at,
                SMALL_PIXELS,
                FAINT,
                (HPos::Right, VPos::Center),
            )?;
        }
        let groups = Emotion::ALL
            .map(|emotion| (emotion.label(), *report.scores(emotion)))
            .into_iter()
            .chain([("macro", report.macro_average)]);
        let pitch = (right - LEFT) / (Emotion::COUNT as i32 + 1);
        for (index, (name, scores)) in groups.enumerate() {
            let middle = LEFT + index as i32 * pitch + pitch / 2;
            for (kind, (_, colour, score)) in KINDS.iter().enumerate() {
                let score = score(&scores);
                let left = middle - BAR * 3 / 2 + kind as i32 * BAR;
                let bar = [(left + 1, bottom - height(score)), (left + BAR - 1, bottom)];
                area.draw(&Rectangle::new(bar, colour.filled()))?;
                let at = (left + BAR / 2, bottom - height(score) - 9);
                let value = format!("{:.0}", score * 100.0);
                write(&area, &value, at, SMALL_PIXELS, INK, CENTRE)?;
            }
            write(
                &area,
                name,
                (middle, bottom + 18),
                LABEL_PIXELS,
                INK,
                CENTRE,
            )?;
            let n = match name {
                "macro" => "mean of seven".into(),
                _ => format!("n = {}", grouped(scores.support.into())),
            };
            write(
                &area,
                &n,
                (middle, bottom + 37),
                SMALL_PIXELS,
                FAINT,
                CENTRE,
            )?;
        }
        for (index, (name, colour, _)) in KINDS.iter().enumerate() {
            let left = LEFT + index as i32 * 110;
            area.draw(&Rectangle::new(
                [(left, 2), (left + 14, 16)],
                colour.filled(),
            ))?;
            let at = (left + 20, 9);
            write(
                &area,
                name,
                at,
                LABEL_PIXELS,
                INK,
                (HPos::Left, VPos::Center),
            )?;
        }
        Ok(())
    })
    .map(Some)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, set};
    use super::*;

    #[test]
    fn each_class_has_three_bars() {
        let svg = class_bars(&set(false)).unwrap().unwrap();
        check("classes", &svg);
        for text in [
            "Each class: PrivateTest, 4 images",
            "precision",
            "recall",
            "F1",
            "macro",
        ] {
            assert!(svg.contains(text), "{text}");
        }
        let blue = svg.matches("#0072B2").count();
        assert_eq!(
            blue,
            Emotion::COUNT + 2,
            "seven classes, their mean and the key"
        );
        assert!(
            class_bars(&set(true))
                .unwrap()
                .unwrap()
                .contains("selected the epoch")
        );
    }
}
