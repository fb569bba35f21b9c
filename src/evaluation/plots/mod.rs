//! Plots of a report as SVG, with colours that are safe for colour blindness and without embedded fonts.
//!
//! The viewer of an SVG draws its text, so plots do not depend on the fonts of this machine, and
//! the same report gives the same bytes.

mod classes;
mod confusion;
mod curves;
mod detection;
mod reliability;

pub use self::classes::class_bars;
pub use self::confusion::confusion_matrix;
pub use self::curves::training_curves;
pub use self::detection::froc;
pub use self::reliability::reliability_diagram;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use thiserror::Error;

/// Error of drawing a plot.
#[derive(Debug, Error)]
pub enum PlotError {
    /// The plotting library failed.
    #[error("a picture could not be drawn ({reason}); the report has the same figures as text")]
    Draw {
        /// The library's error message.
        reason: String,
    },
}

/// The colours of Okabe and Ito, which red-green colour-blind people can tell apart
/// (<https://jfly.uni-koeln.de/color/>).
const BLUE: RGBColor = RGBColor(0, 114, 178);
const ORANGE: RGBColor = RGBColor(230, 159, 0);
const GREEN: RGBColor = RGBColor(0, 158, 115);
const VERMILION: RGBColor = RGBColor(213, 94, 0);
const INK: RGBColor = RGBColor(38, 38, 38);
const FAINT: RGBColor = RGBColor(110, 110, 110);
const RULE: RGBColor = RGBColor(222, 222, 222);

const TITLE_PIXELS: u32 = 21;
const SUBTITLE_PIXELS: u32 = 15;
const LABEL_PIXELS: u32 = 14;
const SMALL_PIXELS: u32 = 12;
/// Height of the title and subtitle of [`titled`], in pixels.
const HEAD_PIXELS: i32 = 64;
const MARGIN_PIXELS: i32 = 18;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Draws a plot of this width and height in pixels and returns its SVG text.
fn svg(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String, PlotError> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        area.fill(&WHITE)
            .map_err(Into::into)
            .and_then(|()| draw(&area))
            .and_then(|()| Ok(area.present()?))
            .map_err(|error| PlotError::Draw {
                reason: error.to_string(),
            })?;
    }
    Ok(text)
}

/// Writes title and subtitle at the top and returns the area below.
fn titled<'a>(
    area: &Area<'a>,
    title: &str,
    subtitle: &str,
) -> Result<Area<'a>, Box<dyn std::error::Error>> {
    let left = MARGIN_PIXELS;
    write(
        area,
        title,
        (left, 24),
        TITLE_PIXELS,
        INK,
        (HPos::Left, VPos::Center),
    )?;
    write(
        area,
        subtitle,
        (left, 49),
        SUBTITLE_PIXELS,
        FAINT,
        (HPos::Left, VPos::Center),
    )?;
    Ok(area.split_vertically(HEAD_PIXELS).1)
}

/// Writes text of this height in pixels at a point.
fn write(
    area: &Area<'_>,
    text: &str,
    at: (i32, i32),
    pixels: u32,
    colour: RGBColor,
    (horizontal, vertical): (HPos, VPos),
) -> Drawn {
    let style = ("sans-serif", pixels)
        .into_text_style(area)
        .color(&colour)
        .pos(Pos::new(horizontal, vertical));
    Ok(area.draw(&Text::new(text.to_owned(), at, style))?)
}

/// Formats a number with separators of thousands: 3,589.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::evaluation::report::SetReport;
    use crate::evaluation::report::tests::run;

    /// Environment variable with a folder where tests save their plots, to look at them.
    const KEEP: &str = "MOUE_KEEP_PLOTS";

    pub fn set(selected_on: bool) -> SetReport {
        run(1, 3).sets.remove(usize::from(selected_on))
    }

    /// Checks that a plot is complete, and saves it if [`KEEP`] is set.
    pub fn check(name: &str, svg: &str) {
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
        assert!(
            !svg.contains("NaN") && !svg.contains("inf"),
            "{name} has no such coordinate"
        );
        if let Some(folder) = std::env::var_os(KEEP) {
            let path = std::path::Path::new(&folder).join(format!("{name}.svg"));
            std::fs::write(path, svg).unwrap();
        }
    }

    #[test]
    fn thousands_are_grouped() {
        let grouped = [0, 7, 999, 1000, 28_709, 1_000_000, 15_178_055].map(grouped);
        assert_eq!(
            grouped,
            [
                "0",
                "7",
                "999",
                "1,000",
                "28,709",
                "1,000,000",
                "15,178,055"
            ]
        );
    }
}
