//! Templates for WGSL: repeats lines, and fills in numbers.
//!
//! A kernel keeps its sums in registers, so they are variables of their own, not an array: arrays
//! with a computed index go through memory on several drivers. WGSL has no way to repeat a line, so
//! the sources use the directives of this module:
//!
//! ```text
//! //: for p in PIXELS        the lines up to the matching end, PIXELS times, with p from 0
//! //: if GATED               the lines up to the matching end, where GATED is not 0
//! //: if r*STRIDE+k==h       the same, where both sides are equal
//! //: end
//! $p, $PIXELS, $[p*4+1]      a number; the longest name that fits counts, so `$PIXELSu` is `4u`
//! ```

/// Expands the directives of a source. A name that is not among `values` stays as it is, and the
/// shader compiler then rejects it.
pub fn expand<'a>(source: &'a str, values: &[(&'a str, usize)]) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let mut text = String::with_capacity(2 * source.len());
    write_block(&lines, &mut values.to_vec(), &mut text);
    text
}

fn write_block<'a>(lines: &[&'a str], values: &mut Vec<(&'a str, usize)>, text: &mut String) {
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        rest = after;
        let Some(directive) = directive(line) else {
            fill_in(line, values, text);
            text.push('\n');
            continue;
        };
        let length = block_length(rest);
        let body = &rest[..length];
        rest = rest.get(length + 1..).unwrap_or_default();
        match directive.split_whitespace().collect::<Vec<_>>()[..] {
            ["for", name, "in", count] => {
                for index in 0..evaluate(count, values).unwrap_or(0) {
                    values.push((name, index));
                    write_block(body, values, text);
                    values.pop();
                }
            }
            ["if", condition] if holds(condition, values) => {
                write_block(body, values, text);
            }
            _ => {}
        }
    }
}

fn directive(line: &str) -> Option<&str> {
    line.strip_prefix("//: ")
}

/// Returns the number of lines up to the `end` that matches a directive just before them.
fn block_length(lines: &[&str]) -> usize {
    let mut depth = 1;
    for (index, line) in lines.iter().enumerate() {
        match directive(line) {
            Some("end") => depth -= 1,
            Some(_) => depth += 1,
            None => {}
        }
        if depth == 0 {
            return index;
        }
    }
    lines.len()
}

fn fill_in(line: &str, values: &[(&str, usize)], text: &mut String) {
    let mut parts = line.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let bracketed = part
            .strip_prefix('[')
            .and_then(|part| part.split_once(']'))
            .and_then(|(expression, rest)| Some((evaluate(expression, values)?, rest)));
        let named = || {
            let fits = values
                .iter()
                .rev()
                .filter(|(name, _)| part.starts_with(name));
            let (name, value) = fits.max_by_key(|(name, _)| name.len())?;
            Some((*value, &part[name.len()..]))
        };
        match bracketed.or_else(named) {
            Some((value, rest)) => {
                text.push_str(&value.to_string());
                text.push_str(rest);
            }
            None => {
                text.push('$');
                text.push_str(part);
            }
        }
    }
}

fn holds(condition: &str, values: &[(&str, usize)]) -> bool {
    match condition.split_once("==") {
        Some((left, right)) => evaluate(left, values) == evaluate(right, values),
        None => evaluate(condition, values) != Some(0),
    }
}

/// Evaluates a sum of products of names and numbers; `None` if a name is unknown.
fn evaluate(expression: &str, values: &[(&str, usize)]) -> Option<usize> {
    let factor = |text: &str| {
        let known = || values.iter().rev().find(|(name, _)| *name == text);
        text.parse().ok().or_else(|| Some(known()?.1))
    };
    let term = |text: &str| text.split('*').map(factor).product::<Option<usize>>();
    expression.split('+').map(term).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_repeated_and_numbers_filled_in() {
        let source = "\
//: for p in PIXELS
//: for q in 2
let x$p_$q = y[$[p*2+q]u] * $PIXELSu;
//: end
//: end
//: if GATED
let gate = 1;
//: end
//: for p in PIXELS
//: if p*2==2
second
//: end
//: end
//: if PLAIN
plain($missing, $[missing+1])
//: end";
        let values = [("PIXELS", 2), ("GATED", 0), ("PLAIN", 1)];
        assert_eq!(
            expand(source, &values),
            "let x0_0 = y[0u] * 2u;\nlet x0_1 = y[1u] * 2u;\n\
             let x1_0 = y[2u] * 2u;\nlet x1_1 = y[3u] * 2u;\nsecond\n\
             plain($missing, $[missing+1])\n"
        );
    }

    #[test]
    fn a_block_without_an_end_reaches_to_the_last_line() {
        assert_eq!(expand("//: for p in 2\n$p\n//: if p", &[]), "0\n1\n");
    }
}
