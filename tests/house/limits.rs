//! How much a file and a folder may hold.

use std::collections::BTreeMap;

use super::source::Source;

const MOST_FILES_IN_A_FOLDER: usize = 15;
const LONGEST_FILE: usize = 500;
const LONGEST_CODE: usize = 400;

/// Files that may be longer, each a table.
pub const TABLES: [&str; 0] = [];

/// Files of more lines than they may have.
pub fn long_files(sources: &[Source], tables: &[&str]) -> Vec<String> {
    let mut too_long = Vec::new();
    for source in sources
        .iter()
        .filter(|source| !tables.contains(&source.file.as_str()))
    {
        let (file, lines) = (&source.file, source.text.lines().count());
        let code_lines = lines_before_tests(&source.text);
        if lines > LONGEST_FILE {
            too_long.push(format!(
                "{file}: {lines} lines, more than {LONGEST_FILE}: split it by ideas, or list it in \
                 TABLES when it is one"
            ));
        }
        if code_lines > LONGEST_CODE && !source.is_tests {
            too_long.push(format!(
                "{file}: {code_lines} lines before its tests, more than {LONGEST_CODE}"
            ));
        }
    }
    too_long
}

/// The lines before the module of tests in `text`, which Clippy wants to stand last.
fn lines_before_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |two: &[&str]| {
        two[0] == "#[cfg(test)]" && two[1].starts_with("mod ") && two[1].ends_with('{')
    };
    lines.windows(2).position(begins).unwrap_or(lines.len())
}

/// Folders below `src/` with more files than they may have.
pub fn full_folders(sources: &[Source]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (folder, _) in sources
        .iter()
        .filter_map(|source| source.file.rsplit_once('/'))
    {
        *counts.entry(folder).or_default() += 1;
    }
    let full = counts
        .into_iter()
        .filter(|(_, count)| *count > MOST_FILES_IN_A_FOLDER);
    full.map(|(folder, count)| {
        format!("{folder}: {count} files, more than {MOST_FILES_IN_A_FOLDER}: fold what belongs")
    })
    .collect()
}
