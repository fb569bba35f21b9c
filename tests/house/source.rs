//! Just enough of Rust's grammar to see which paths and conditions a file names.

use std::ops::Range;

/// Source text whose comments, strings and characters are blanked out; lines keep their numbers.
pub struct Code(Vec<char>);

impl Code {
    /// Blanks `text`.
    pub fn of(text: &str) -> Self {
        let from: Vec<char> = text.chars().collect();
        let mut to = Vec::with_capacity(from.len());
        while to.len() < from.len() {
            let at = to.len();
            let end = match skipped(&from, at) {
                Some(end) => end.min(from.len()),
                None => {
                    to.push(from[at]);
                    continue;
                }
            };
            to.extend(
                from[at..end]
                    .iter()
                    .map(|&c| if c == '\n' { '\n' } else { ' ' }),
            );
        }
        Self(to)
    }

    /// The line of the file's first `cfg(test)`: by habit the tests come last.
    pub fn tests_begin(&self) -> usize {
        let first = cfg_conditions(self)
            .into_iter()
            .find(|(_, condition)| condition == "test");
        first.map_or(usize::MAX, |(line, _)| line)
    }
}

/// Where the comment, string or character that begins at `at` ends, if one begins there.
fn skipped(text: &[char], at: usize) -> Option<usize> {
    let peek = |offset: usize| text.get(at + offset).copied().unwrap_or('\0');
    let find_from = |from: usize, what: &[char]| {
        (from..text.len())
            .find(|&i| text[i..].starts_with(what))
            .map_or(text.len(), |i| i + what.len())
    };
    match (peek(0), peek(1)) {
        ('/', '/') => Some(
            (at..text.len())
                .find(|&i| text[i] == '\n')
                .unwrap_or(text.len()),
        ),
        ('/', '*') => {
            let (mut depth, mut i) = (0_usize, at);
            loop {
                if text[i..].starts_with(&['/', '*']) {
                    (depth, i) = (depth + 1, i + 2);
                } else if text[i..].starts_with(&['*', '/']) {
                    (depth, i) = (depth - 1, i + 2);
                } else {
                    i += 1;
                }
                if depth == 0 || i >= text.len() {
                    return Some(i);
                }
            }
        }
        ('r', '"' | '#') if at == 0 || !is_word(text[at - 1]) || text[at - 1] == 'b' => {
            let hashes = text[at + 1..].iter().take_while(|&&c| c == '#').count();
            if text.get(at + 1 + hashes) != Some(&'"') {
                return None;
            }
            let mut close = vec!['"'];
            close.resize(1 + hashes, '#');
            Some(find_from(at + 2 + hashes, &close))
        }
        ('"', _) => {
            let mut i = at + 1;
            while i < text.len() && text[i] != '"' {
                i += if text[i] == '\\' { 2 } else { 1 };
            }
            Some(i + 1)
        }
        ('\'', '\\') => Some(find_from(at + 3, &['\''])),
        // `'x'` is a character and `'x` a lifetime.
        ('\'', _) if peek(2) == '\'' => Some(at + 3),
        _ => None,
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Every path with its line, groups taken apart: `a::{b, c::d}` is `a::b` and `a::c::d`.
pub fn paths(code: &Code) -> Vec<(usize, String)> {
    let text = &code.0;
    let newlines = |range: Range<usize>| text[range].iter().filter(|&&c| c == '\n').count();
    let mut found = Vec::new();
    let (mut at, mut line, mut counted) = (0, 1, 0);
    while at < text.len() {
        let begins = is_word(text[at]) && !text[at].is_numeric();
        if begins && !text[..at].ends_with(&['$']) {
            let mut here = Vec::new();
            let end = path(text, at, "", &mut here);
            line += newlines(counted..at);
            counted = at;
            found.extend(here.into_iter().map(|path| (line, path)));
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

/// Reads one path that begins at `at`, adds it (or each branch of its group) to `found`, and
/// returns where it ends.
fn path(text: &[char], mut at: usize, prefix: &str, found: &mut Vec<String>) -> usize {
    let mut whole = prefix.to_owned();
    loop {
        let start = at;
        while at < text.len() && is_word(text[at]) {
            at += 1;
        }
        whole.extend(&text[start..at]);
        if !text[at..].starts_with(&[':', ':']) {
            found.push(whole);
            return at;
        }
        match text.get(at + 2) {
            Some('{') => return group(text, at + 3, &(whole + "::"), found),
            Some(&c) if is_word(c) => {
                whole.push_str("::");
                at += 2;
            }
            // `a::*` and `a::<T>`.
            _ => {
                found.push(whole);
                return at + 2;
            }
        }
    }
}

fn group(text: &[char], mut at: usize, prefix: &str, found: &mut Vec<String>) -> usize {
    while at < text.len() && text[at] != '}' {
        at = if is_word(text[at]) {
            path(text, at, prefix, found)
        } else {
            at + 1
        };
        // A renaming: the new name is no path.
        let rest: String = text[at..].iter().take(4).collect();
        if rest == " as " {
            at += 4;
            while at < text.len() && is_word(text[at]) {
                at += 1;
            }
        }
    }
    at + 1
}

/// What stands inside every `cfg(…)`, `cfg!(…)` and `cfg_attr(…)`, with its line. Strings inside
/// are blanked.
pub fn cfg_conditions(code: &Code) -> Vec<(usize, String)> {
    let text: String = code.0.iter().collect();
    let mut found = Vec::new();
    for name in ["cfg(", "cfg!(", "cfg_attr("] {
        for (at, _) in text.match_indices(name) {
            if text[..at].chars().next_back().is_some_and(is_word) {
                continue;
            }
            let mut depth = 1;
            let inside = text[at + name.len()..].chars().take_while(|&c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth > 0
            });
            let line = 1 + text[..at].matches('\n').count();
            found.push((line, inside.collect::<String>().trim().to_owned()));
        }
    }
    found
}
