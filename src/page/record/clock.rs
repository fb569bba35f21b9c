//! Formats seconds as a clock shows them.

/// Formats a time as media players do: "0:07", "12:34", "1:02:03", rounded down to whole seconds.
/// A negative or non-finite value gives "0:00". `write` formats a number in the digits of a
/// language, without padding.
pub fn clock(seconds: f64, write: impl Fn(u32) -> String) -> String {
    let whole = if seconds.is_finite() {
        seconds.max(0.0) as u32
    } else {
        0
    };
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    let two = |number: u32| match number {
        0..10 => write(0) + &write(number),
        _ => write(number),
    };
    match hours {
        0 => format!("{}:{}", write(minutes), two(seconds)),
        _ => format!("{}:{}:{}", write(hours), two(minutes), two(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_read_like_a_players() {
        let cases = [
            (0.0, "0:00"),
            (7.4, "0:07"),
            (7.9, "0:07"),
            (754.0, "12:34"),
            (3723.0, "1:02:03"),
            (14_400.0, "4:00:00"),
            (-1.0, "0:00"),
            (f64::INFINITY, "0:00"),
            (f64::NAN, "0:00"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(clock(seconds, |number| number.to_string()), expected);
        }
    }

    #[test]
    fn every_digit_is_written_by_whom_it_is_told_to() {
        let stars = |number: u32| "*".repeat(number.to_string().len());
        assert_eq!(clock(3723.0, stars), "*:**:**");
    }
}
