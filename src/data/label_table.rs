//! `labels.csv`: which picture shows what. Further sources and photographs of groups come with one.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::DataError;
use super::lines::FieldReader;
use super::row::shortened;
use crate::emotion::Emotion;

/// The table's name in its folder.
pub const LABELS_FILE: &str = "labels.csv";

/// The lines of a table, each with as many fields as the header.
pub(super) struct LabelTable {
    pub(super) path: PathBuf,
    header: String,
    columns: Vec<String>,
    /// The place of the picture's path.
    pub(super) file: usize,
    /// The place of what it shows.
    pub(super) expression: usize,
    pub(super) rows: Vec<LabelRow>,
}

/// A line of a table.
pub(super) struct LabelRow {
    /// From 1, the header's.
    pub(super) line: usize,
    pub(super) fields: Vec<String>,
}

impl LabelTable {
    /// Reads the table of `folder`.
    ///
    /// # Errors
    /// [`DataError::Read`], [`DataError::SourceHeader`], [`DataError::SourceField`], and
    /// [`DataError::Empty`] of no lines below the header.
    pub(super) fn read(folder: &Path) -> Result<Self, DataError> {
        let path = folder.join(LABELS_FILE);
        let text = fs::read_to_string(&path).map_err(|source| DataError::Read {
            path: path.clone(),
            source,
        })?;
        Self::parse(path, &text)
    }

    pub(super) fn parse(path: PathBuf, text: &str) -> Result<Self, DataError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = FieldReader::new();
        let mut fields_of = |line: &str| -> Vec<String> {
            let fields = reader.fields(line.as_bytes()).into_iter();
            fields
                .map(|field| String::from_utf8_lossy(field).into_owned())
                .collect()
        };
        let mut lines = text.lines().zip(1..);
        let header = lines.next().map_or("", |(header, _)| header);
        let mut table = Self {
            path,
            header: header.to_owned(),
            columns: fields_of(header),
            file: 0,
            expression: 0,
            rows: vec![],
        };
        table.file = table.needed("file")?;
        table.expression = table.needed("expression")?;
        for (text, line) in lines.filter(|(text, _)| !text.trim().is_empty()) {
            let fields = fields_of(text);
            let row = LabelRow { line, fields };
            if row.fields.len() != table.columns.len() {
                return Err(table.fault(&row, "as many fields as the header has", text));
            }
            table.rows.push(row);
        }
        match table.rows.is_empty() {
            true => Err(DataError::Empty { path: table.path }),
            false => Ok(table),
        }
    }

    /// The place of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|found| found == name)
    }

    /// The place of a column that must be there.
    ///
    /// # Errors
    /// [`DataError::SourceHeader`].
    pub(super) fn needed(&self, name: &'static str) -> Result<usize, DataError> {
        self.column(name).ok_or_else(|| DataError::SourceHeader {
            path: self.path.clone(),
            absent: name,
            found: shortened(self.header.as_bytes()),
        })
    }

    /// The expression that a row names; `expected` is what belongs there.
    ///
    /// # Errors
    /// [`DataError::SourceField`].
    pub(super) fn emotion(
        &self,
        row: &LabelRow,
        expected: &'static str,
    ) -> Result<Emotion, DataError> {
        let found = &row.fields[self.expression];
        let mut all = Emotion::ALL.into_iter();
        all.find(|emotion| emotion.label() == found)
            .ok_or_else(|| self.fault(row, expected, found))
    }

    /// The error that says what is wrong with a row.
    pub(super) fn fault(&self, row: &LabelRow, expected: &'static str, found: &str) -> DataError {
        DataError::SourceField {
            path: self.path.clone(),
            line: row.line,
            expected,
            found: shortened(found.as_bytes()),
        }
    }
}
