//! Reads `labels.csv`, the table of pictures and expressions of further sources and of groups.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::DataError;
use super::lines::FieldReader;
use super::row::shortened;
use crate::emotion::Emotion;

/// Name of the table in its folder.
pub const LABELS_FILE: &str = "labels.csv";

/// A table whose rows have as many fields as its header.
pub(super) struct LabelTable {
    pub(super) path: PathBuf,
    header: String,
    columns: Vec<String>,
    /// Index of the column with the picture's path.
    pub(super) file: usize,
    /// Index of the column with the expression.
    pub(super) expression: usize,
    pub(super) rows: Vec<LabelRow>,
}

/// A row of a table.
pub(super) struct LabelRow {
    /// Line number; the header is line 1.
    pub(super) line: usize,
    pub(super) fields: Vec<String>,
}

impl LabelTable {
    /// Reads the table of `folder`.
    ///
    /// # Errors
    /// [`DataError::Read`], [`DataError::SourceHeader`], [`DataError::SourceField`], and
    /// [`DataError::Empty`] if there are no rows.
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

    /// Returns the index of a column; `None` if there is no such column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|found| found == name)
    }

    /// Returns the index of a required column.
    ///
    /// # Errors
    /// [`DataError::SourceHeader`] if there is no such column.
    pub(super) fn needed(&self, name: &'static str) -> Result<usize, DataError> {
        self.column(name).ok_or_else(|| DataError::SourceHeader {
            path: self.path.clone(),
            absent: name,
            found: shortened(self.header.as_bytes()),
        })
    }

    /// Returns the expression of a row; `expected` describes the valid values for the error.
    ///
    /// # Errors
    /// [`DataError::SourceField`] if it is not one of the seven.
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

    /// Creates the error for an invalid row.
    pub(super) fn fault(&self, row: &LabelRow, expected: &'static str, found: &str) -> DataError {
        DataError::SourceField {
            path: self.path.clone(),
            line: row.line,
            expected,
            found: shortened(found.as_bytes()),
        }
    }
}
