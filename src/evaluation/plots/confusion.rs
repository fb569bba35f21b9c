//! Plot of the confusion matrix: counts, and shares of the true class as shades.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{
    BLUE, FAINT, HEAD_PIXELS, INK, LABEL_PIXELS, PlotError, SMALL_PIXELS, grouped, svg, titled,
    write,
};
use crate::emotion::Emotion;
use crate::evaluation::report::SetReport;

const CELL: i32 = 84;
const LEFT: i32 = 150;
const TOP: i32 = 48;
const BORDER: i32 = 18;
const CENTRE: (HPos, VPos) = (HPos::Center, VPos::Center);

/// Draws the confusion matrix of a set's single crops, with rows that sum to 100 %; `None` if the
/// set has no metrics of single crops.
///
/// # Errors
/// A [`PlotError`] if the plotting library fails.
pub fn confusion_matrix(set: &SetReport) -> Result<Option<String>, PlotError> {
    let Some(single) = set.single() else {
        return Ok(None);
    };
    let report = &single.report;
    let side = CELL * Emotion::COUNT as i32;
    let size = (LEFT + side + BORDER, HEAD_PIXELS + TOP + side + BORDER);
    svg((size.0 as u32, size.1 as u32), |area| {
        let title = format!(
            "Confusion matrix: {}, {} images",
            set.name,
            grouped(set.images as u64)
        );
        let subtitle = format!(
            "accuracy {:.1} % with a single crop; each row sums to 100 %{}",
            report.accuracy.value * 100.0,
            super::classes::warning(set),
        );
        let area = titled(area, &title, &subtitle)?;
        write(
            &area,
            "predicted",
            (LEFT + side / 2, 12),
            LABEL_PIXELS,
            FAINT,
            CENTRE,
        )?;
        let heading = (LEFT - 12, TOP - 14);
        write(
            &area,
            "true",
            heading,
            LABEL_PIXELS,
            FAINT,
            (HPos::Right, VPos::Center),
        )?;
        for (row, truth) in Emotion::ALL.into_iter().enumerate() {
            let top = TOP + row as i32 * CELL;
            let middle = top + CELL / 2;
            let above = LEFT + row as i32 * CELL + CELL / 2;
            write(
                &area,
                truth.label(),
                (above, TOP - 14),
                LABEL_PIXELS,
                INK,
                CENTRE,
            )?;
            let right = (HPos::Right, VPos::Center);
            write(
                &area,
                truth.label(),
                (LEFT - 12, middle - 9),
                LABEL_PIXELS,
                INK,
                right,
            )?;
            let counts = report.confusion[row];
            let images: u32 = counts.iter().sum();
            let n = format!("n = {}", grouped(images.into()));
            write(
                &area,
                &n,
                (LEFT - 12, middle + 10),
                SMALL_PIXELS,
                FAINT,
                right,
            )?;
            for (column, count) in counts.into_iter().enumerate() {
                let left = LEFT + column as i32 * CELL;
                let share = f64::from(count) / f64::from(images.max(1));
                let cell = [(left, top), (left + CELL - 2, top + CELL - 2)];
                area.draw(&Rectangle::new(cell, shade(share).filled()))?;
                let ink = ink(share);
                let centre = left + CELL / 2 - 1;
                let percent = match images {
                    0 => "–".into(),
                    _ => format!("{:.0} %", share * 100.0),
                };
                write(&area, &percent, (centre, middle - 10), 17, ink, CENTRE)?;
                let count = grouped(count.into());
                write(
                    &area,
                    &count,
                    (centre, middle + 12),
                    SMALL_PIXELS,
                    ink,
                    CENTRE,
                )?;
            }
        }
        Ok(())
    })
    .map(Some)
}

/// Returns a shade from nearly white over [`BLUE`] to a darker blue, so that lightness alone shows
/// the share.
fn shade(share: f64) -> RGBColor {
    let (from, to, along) = if share < 0.5 {
        (RGBColor(244, 247, 250), BLUE, share * 2.0)
    } else {
        (BLUE, RGBColor(0, 45, 92), share * 2.0 - 1.0)
    };
    let mix = |from: u8, to: u8| {
        (f64::from(from) + (f64::from(to) - f64::from(from)) * along.clamp(0.0, 1.0)) as u8
    };
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// Returns the colour of text on [`shade`], with a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).
fn ink(share: f64) -> RGBColor {
    if share > 0.46 { WHITE } else { BLACK }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, set};
    use super::*;

    #[test]
    fn counts_shares_and_the_warning_are_written() {
        let svg = confusion_matrix(&set(false)).unwrap().unwrap();
        check("confusion", &svg);
        assert!(svg.contains("PrivateTest, 4 images"));
        assert!(!svg.contains("selected"));
        for text in ["accuracy 75.0 %", "n = 2", "100 %"] {
            assert!(svg.contains(text), "{text}");
        }
        let selected = confusion_matrix(&set(true)).unwrap().unwrap();
        assert!(selected.contains("selected the epoch"));
    }

    /// Relative luminance and contrast as WCAG 2.2 defines them.
    #[test]
    fn text_can_be_read_on_every_shade() {
        let luminance = |RGBColor(red, green, blue)| {
            let linear = [red, green, blue].map(|value| match f64::from(value) / 255.0 {
                value if value <= 0.04045 => value / 12.92,
                value => ((value + 0.055) / 1.055_f64).powf(2.4),
            });
            0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05
        };
        for share in (0..=100).map(|percent| f64::from(percent) / 100.0) {
            let [on, of] = [shade(share), ink(share)].map(luminance);
            assert!(on.max(of) / on.min(of) >= 4.5, "{share}");
        }
    }

    #[test]
    fn shades_darken_all_the_way() {
        let light = |share: f64| {
            let RGBColor(red, green, blue) = shade(share);
            u32::from(red) * 3 + u32::from(green) * 6 + u32::from(blue)
        };
        let lightness: Vec<u32> = (0..=20).map(|step| light(f64::from(step) / 20.0)).collect();
        assert!(
            lightness.windows(2).all(|pair| pair[0] > pair[1]),
            "{lightness:?}"
        );
    }
}
