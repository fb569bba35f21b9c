//! `moue scorm`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use super::terminal;
use crate::platform::files::write_atomically;
use crate::scorm::package::{PackageFile, PackageFormat, PackageOptions, listing, package};
use crate::scorm::settings::Settings;
use crate::spec::manifest::Manifest;

/// Make the packages that a course's author uploads to a learning platform: for SCORM 1.2, for SCORM
/// 2004 and for H5P, each with the element and the page around it.
///
/// The settings file has "purpose", "legal-basis", "language", "title", "text" and "report"; what is
/// left out has its default. In a SCORM package it can be edited as well. With "report": true a
/// platform is told by SCORM that the page was opened and for how long; it never learns anything of a face.
/// Read docs/e-learning.md first: reading the emotions of pupils and staff is prohibited in the EU.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ScormArguments {
    /// The folder of the built page, from `make dist`
    #[arg(long, value_name = "FOLDER", default_value = "dist")]
    dist: PathBuf,
    /// The author's settings, instead of the defaults
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Leave the WebGPU program out, 1.2 MB: the processor computes
    #[arg(long)]
    without_webgpu: bool,
    /// Carry programs and weights in scripts, for platforms that serve no .wasm and no .safetensors
    /// (the package for H5P always does); without the WebGPU program
    #[arg(long)]
    in_scripts: bool,
    /// The folder to write the packages into; earlier ones are replaced
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    out: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  moue scorm --out packages
  moue scorm --settings mirror.json --without-webgpu --out packages";

fn read(dist: &Path, from: &str) -> anyhow::Result<Vec<u8>> {
    let path = dist.join(from);
    fs::read(&path).with_context(|| format!("cannot read {}; run make dist first", path.display()))
}

pub(super) fn run(arguments: &ScormArguments) -> anyhow::Result<ExitCode> {
    let settings = match &arguments.settings {
        Some(path) => {
            let json = fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            Settings::parse(&json).with_context(|| path.display().to_string())?
        }
        None => Settings::default(),
    };
    let options = PackageOptions {
        without_webgpu: arguments.without_webgpu,
        in_scripts: arguments.in_scripts,
    };
    let manifest = Manifest::parse(&read(&arguments.dist, "model/manifest.json")?)?;
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make {}", arguments.out.display()))?;
    for format in PackageFormat::ALL {
        let files = listing(format, options, &manifest.weights.file)
            .into_iter()
            .map(|(from, to)| Ok((to, read(&arguments.dist, &from)?)))
            .collect::<anyhow::Result<Vec<PackageFile>>>()?;
        let bytes = package(format, options, &settings, files)?;
        let path = arguments.out.join(format.file_name());
        write_atomically(&path, &bytes)?;
        terminal::say(&format!(
            "wrote {} ({:.2} MB)",
            path.display(),
            bytes.len() as f64 / 1e6
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
