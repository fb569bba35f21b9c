//! The colours of faces: a face's box, its card, its line in a chart and its number share one.
//!
//! The eight of Okabe and Ito (<https://jfly.uni-koeln.de/color/>), which people with any colour
//! vision tell apart. A colour is never the only sign: the number stands beside it.
//! `www/style.css` has the same values as `--face-0` and so on, and a test holds the two together.

/// How many there are; the face after the last one has the first again.
pub const FACE_COLOURS: usize = 8;

/// One face's colour, where it is needed. Every value is `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceColour {
    /// The box over a picture, and what a number stands on: `--face-N`.
    pub fill: &'static str,
    /// The number on it, at least 4.5 to 1: `--on-face-N`.
    pub on_fill: &'static str,
    /// A line on the page's light ground, at least 3 to 1: `--face-line-N`.
    pub line_on_light: &'static str,
    /// A line on the page's dark ground, at least 3 to 1: `--face-line-N` there.
    pub line_on_dark: &'static str,
}

const WHITE: &str = "#ffffff";
const BLACK: &str = "#000000";

/// In the order in which faces get them: the first four are the easiest to tell apart.
pub const PALETTE: [FaceColour; FACE_COLOURS] = [
    colour("#0072b2", WHITE, "#0072b2"),
    colour("#e69f00", BLACK, "#b27b00"),
    colour("#009e73", BLACK, "#00946c"),
    colour("#cc79a7", BLACK, "#c0649a"),
    colour("#56b4e9", BLACK, "#2f92cb"),
    colour("#d55e00", BLACK, "#d55e00"),
    colour("#f0e442", BLACK, "#6b6500"),
    FaceColour {
        fill: BLACK,
        on_fill: WHITE,
        line_on_light: "#1d1c1a",
        line_on_dark: "#f0eee9",
    },
];

/// On a dark ground every fill but the black one is seen as it is.
const fn colour(
    fill: &'static str,
    on_fill: &'static str,
    line_on_light: &'static str,
) -> FaceColour {
    FaceColour {
        fill,
        on_fill,
        line_on_light,
        line_on_dark: fill,
    }
}

/// The index into [`PALETTE`] of the face with a number, 0 to 7: faces are numbered from 1.
pub fn face_colour(number: u32) -> usize {
    number.saturating_sub(1) as usize % FACE_COLOURS
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: &str = include_str!("../../www/style.css");

    /// Relative luminance (<https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>).
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The values of a variable in the style sheet: of the light theme, then of the dark one.
    fn values(name: &str) -> Vec<&'static str> {
        let start = format!("{name}: ");
        let lines = STYLE.lines().map(str::trim);
        lines
            .filter_map(|line| line.strip_prefix(start.as_str())?.strip_suffix(';'))
            .collect()
    }

    #[test]
    fn the_style_sheet_has_the_same_colours() {
        for (index, colour) in PALETTE.iter().enumerate() {
            assert_eq!(values(&format!("--face-{index}")), [colour.fill]);
            assert_eq!(values(&format!("--on-face-{index}")), [colour.on_fill]);
            let lines = [colour.line_on_light, colour.line_on_dark];
            assert_eq!(values(&format!("--face-line-{index}")), lines);
        }
    }

    #[test]
    fn numbers_and_lines_are_seen_on_their_grounds() {
        let grounds: Vec<_> = ["--ground", "--surface"].map(values).into();
        for colour in PALETTE {
            let number = contrast(colour.fill, colour.on_fill);
            assert!(number >= 4.5, "{colour:?}: {number}");
            for ground in &grounds {
                let light = contrast(colour.line_on_light, ground[0]);
                let dark = contrast(colour.line_on_dark, ground[1]);
                assert!(light >= 3.0 && dark >= 3.0, "{colour:?}: {light} {dark}");
            }
        }
    }

    #[test]
    fn faces_keep_their_colour_and_eight_in_a_row_differ() {
        assert_eq!(face_colour(1), 0);
        assert_eq!(face_colour(8), 7);
        assert_eq!(face_colour(9), 0);
        // No face has the number 0, and asking for it breaks nothing.
        assert_eq!(face_colour(0), 0);
        assert!(face_colour(u32::MAX) < FACE_COLOURS);
        for (index, one) in PALETTE.iter().enumerate() {
            assert!(PALETTE[..index].iter().all(|other| other.fill != one.fill));
        }
    }
}
