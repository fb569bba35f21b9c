//! The files of a report, each written atomically.
//!
//! ```text
//! report.json      an EvaluationReport
//! report.md        the same as a document, with the plots
//! confusion.svg    of the first set, with a single crop
//! classes.svg
//! reliability.svg
//! curves.svg       if the run's history is known
//! ```
//!
//! With several runs, the plots of each are in a subfolder: `1-NAME/`, `2-NAME/`.

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::markdown::markdown;
use super::{EvaluationReport, RunReport};
use crate::evaluation::plots::{
    PlotError, class_bars, confusion_matrix, reliability_diagram, training_curves,
};
use crate::platform::files::{FileError, write_atomically};
use crate::training::artifact::EpochRecord;

/// Error of writing a report.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A plot could not be drawn.
    #[error(transparent)]
    Plot(#[from] PlotError),
    /// The report could not be converted to JSON.
    #[error("the report is no JSON ({0}); this is a fault of moue, please report it")]
    Json(#[from] serde_json::Error),
}

/// Creates the folder of a report, so that an error is reported before anything is measured.
///
/// # Errors
/// [`FileError`] if the folder cannot be created.
pub fn create(folder: &Path) -> Result<(), FileError> {
    fs::create_dir_all(folder).map_err(|source| FileError::new("create", folder, source))
}

/// Writes all files and returns their paths. `histories` are those of the runs, in their order; an
/// empty one gives no curves.
///
/// # Errors
/// A [`WriteError`] if a plot cannot be drawn or a file cannot be written.
pub fn write(
    folder: &Path,
    report: &EvaluationReport,
    histories: &[Vec<EpochRecord>],
) -> Result<Vec<PathBuf>, WriteError> {
    let mut written = vec![];
    let mut save = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        write_atomically(&path, bytes)?;
        written.push(path);
        Ok::<(), WriteError>(())
    };
    let mut links = vec![];
    for (index, run) in report.runs.iter().enumerate() {
        let history = histories.get(index).map_or(&[][..], Vec::as_slice);
        let below = match report.runs.len() {
            1 => String::new(),
            _ => format!("{}-{}/", index + 1, last_name(&run.model)),
        };
        let mut of_run = vec![];
        for (name, title, svg) in pictures(run, history)? {
            let path = format!("{below}{name}.svg");
            save(&path, svg.as_bytes())?;
            of_run.push((title.to_owned(), path));
        }
        links.push(of_run);
    }
    save("report.json", &serde_json::to_vec_pretty(report)?)?;
    save("report.md", markdown(report, &links).as_bytes())?;
    Ok(written)
}

/// Returns the file name, title and SVG text of each plot.
fn pictures(
    run: &RunReport,
    history: &[EpochRecord],
) -> Result<Vec<(&'static str, &'static str, String)>, PlotError> {
    let mut pictures = vec![];
    if let Some(set) = run.sets.first() {
        pictures.push(("confusion", "Confusion matrix", confusion_matrix(set)?));
        pictures.push(("classes", "Scores of each class", class_bars(set)?));
        pictures.push((
            "reliability",
            "Reliability diagram",
            reliability_diagram(set)?,
        ));
    }
    pictures.push((
        "curves",
        "Training curves",
        training_curves(history, &run.network)?,
    ));
    let drawn = pictures.into_iter();
    Ok(drawn
        .filter_map(|(name, title, svg)| Some((name, title, svg?)))
        .collect())
}

/// Returns the last part of a path, with only characters that are safe in a path and in a link.
fn last_name(model: &str) -> String {
    let name = Path::new(model).file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    name.chars()
        .map(|c| if safe(c) { c } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::run;
    use super::*;

    fn history() -> Vec<EpochRecord> {
        vec![EpochRecord {
            epoch: 1,
            training_loss: 1.0,
            training_accuracy: 0.5,
            validation_loss: 1.0,
            validation_accuracy: 0.5,
            training_seconds: 0.0,
            waiting_for_data: 0.0,
            instructions: None,
        }]
    }

    #[test]
    fn one_run_has_its_files_side_by_side() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("report");
        let report = EvaluationReport::new(vec![run(1, 3)]);
        let written = write(&folder, &report, &[history()]).unwrap();
        let names: Vec<_> = written
            .iter()
            .map(|path| last_name(&path.to_string_lossy()))
            .collect();
        assert_eq!(
            names,
            [
                "confusion.svg",
                "classes.svg",
                "reliability.svg",
                "curves.svg",
                "report.json",
                "report.md"
            ]
        );
        let read = fs::read(folder.join("report.json")).unwrap();
        let read: EvaluationReport = serde_json::from_slice(&read).unwrap();
        assert_eq!(format!("{read:.12?}"), format!("{report:.12?}"));
        let document = fs::read_to_string(folder.join("report.md")).unwrap();
        for name in &names[..4] {
            assert!(document.contains(&format!("({name})")), "{name}");
        }
    }

    #[test]
    fn several_runs_have_folders_and_no_history_no_curves() {
        let root = tempfile::tempdir().unwrap();
        let mut odd = run(2, 1);
        odd.model = "../own runs/b(2)".into();
        let report = EvaluationReport::new(vec![run(1, 3), odd]);
        let written = write(root.path(), &report, &[history(), vec![]]).unwrap();
        assert_eq!(written.len(), 4 + 3 + 2);
        assert!(root.path().join("1-seed-1/curves.svg").is_file());
        assert!(root.path().join("2-b-2-/confusion.svg").is_file());
        assert!(!root.path().join("2-b-2-/curves.svg").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "").unwrap();
        let error = create(&file.join("report")).unwrap_err().to_string();
        assert!(
            error.contains("cannot create") && error.contains("file/report"),
            "{error}"
        );
    }
}
