//! Copies the frontal face model out of the `rustface` package, so that `vision::detect` can
//! embed it. The package carries the file but no code that would hand it out.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MODEL: &str = "seeta_fd_frontal_v1.0.bin";
/// Names a copy of the model, for builds in which `cargo metadata` cannot run.
const OVERRIDE: &str = "MOUE_FACE_MODEL";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-env-changed={OVERRIDE}");
    if let Err(reason) = copy_model() {
        println!(
            "cargo::error=the face model {MODEL} was not found: {reason}. \
             Run `cargo fetch` and build again, or set {OVERRIDE} to the path of that file \
             (it lies in the folder `model` of the crates.io package rustface)."
        );
    }
}

fn copy_model() -> Result<(), String> {
    let source = match env::var_os(OVERRIDE) {
        Some(path) => PathBuf::from(path),
        None => rustface_dir()?.join("model").join(MODEL),
    };
    println!("cargo::rerun-if-changed={}", source.display());
    let out_dir = env::var_os("OUT_DIR").ok_or("cargo did not set OUT_DIR")?;
    let target = Path::new(&out_dir).join(MODEL);
    let bytes = fs::read(&source).map_err(|error| format!("{}: {error}", source.display()))?;
    fs::write(&target, bytes).map_err(|error| format!("{}: {error}", target.display()))
}

/// The folder of the `rustface` package that this build compiles: from the registry, vendored or
/// patched, whichever cargo resolved.
fn rustface_dir() -> Result<PathBuf, String> {
    // The build itself has just downloaded every package for this target, so the answer needs no
    // network; the second try is for a lock file or cache that is not complete.
    let metadata = cargo_metadata(&["--offline", "--locked"]).or_else(|_| cargo_metadata(&[]))?;
    metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "rustface")
        .and_then(|package| package["manifest_path"].as_str())
        .and_then(|manifest| Path::new(manifest).parent())
        .map(Path::to_path_buf)
        .ok_or_else(|| "`cargo metadata` lists no package rustface".to_owned())
}

fn cargo_metadata(flags: &[&str]) -> Result<serde_json::Value, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = env::var("TARGET").map_err(|_| "cargo did not set TARGET".to_owned())?;
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--filter-platform"])
        .arg(target)
        .args(flags)
        .output()
        .map_err(|error| format!("`cargo metadata` did not start: {error}"))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "`cargo metadata` failed: {}",
            message.trim().replace('\n', " ")
        ));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`cargo metadata` wrote no JSON: {error}"))
}
