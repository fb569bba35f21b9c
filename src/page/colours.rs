//! The colours of faces. A face's box, card, chart line and number all have the same colour.
//!
//! They are the eight colours of Okabe and Ito (<https://jfly.uni-koeln.de/color/>), which people
//! with any colour vision can tell apart. A colour is never the only sign: the face's number stands
//! beside it. `www/style.css` has the same values as `--face-0` and so on; a test compares the two.

/// Number of colours in [`PALETTE`]; faces beyond it start again with the first colour.
pub const FACE_COLOURS: usize = 8;

/// The colours used to show one face. Every value is written as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceColour {
    /// Colour of the box over a picture and of the background of the face's number: `--face-N`.
    pub fill: &'static str,
    /// Colour of the number on `fill`, with a contrast of at least 4.5 to 1: `--on-face-N`.
    pub on_fill: &'static str,
    /// Colour of a line on the light background, with a contrast of at least 3: `--face-line-N`.
    pub line_on_light: &'static str,
    /// Colour of a line on the dark background, with a contrast of at least 3: `--face-line-N`.
    pub line_on_dark: &'static str,
}

const WHITE: &str = "#ffffff";
const BLACK: &str = "#000000";

/// The colours in the order in which faces get them; the first four are the easiest to tell apart.
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

/// Builds a colour whose fill also serves as its line in the dark theme: every fill except black.
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

/// Returns the index into [`PALETTE`], 0 to 7, for a face's number. Faces are numbered from 1.
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

    /// Returns the values of a style sheet variable: in the light theme, then in the dark one.
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
        // No face has the number 0, but it must not cause a panic.
        assert_eq!(face_colour(0), 0);
        assert!(face_colour(u32::MAX) < FACE_COLOURS);
        for (index, one) in PALETTE.iter().enumerate() {
            assert!(PALETTE[..index].iter().all(|other| other.fill != one.fill));
        }
    }
}
