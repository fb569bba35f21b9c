//! Makes packages for learning platforms in a browser, as `moue scorm` does in a terminal:
//! `www/scorm/make.js` loads it.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::io::Write as _;

    let _ = writeln!(
        std::io::stderr(),
        "packager: this runs only in a browser. In a terminal `moue scorm` makes the packages."
    );
    std::process::ExitCode::from(2)
}

#[cfg(target_arch = "wasm32")]
fn main() {}

/// The functions that `www/scorm/make.js` calls.
#[cfg(target_arch = "wasm32")]
mod page {
    use js_sys::{Array, Uint8Array};
    use moue::scorm::package::{PackageFormat, PackageOptions, listing, package};
    use moue::scorm::settings::Settings;
    use moue::spec::manifest::Manifest;
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen::{JsCast as _, JsError};

    fn format(file_name: &str) -> Result<PackageFormat, JsError> {
        PackageFormat::of(file_name)
            .ok_or_else(|| JsError::new(&format!("no package is named {file_name}")))
    }

    /// Makes a package of one kind, named by its file, with an author's settings.
    #[wasm_bindgen]
    pub struct Packager {
        settings: Settings,
        format: PackageFormat,
        options: PackageOptions,
        /// Path in the built page's folder, and in the package.
        files: Vec<(String, String)>,
    }

    #[wasm_bindgen]
    impl Packager {
        /// Creates one for the settings, as JSON, and the model of this manifest.
        #[wasm_bindgen(constructor)]
        pub fn new(
            settings: &str,
            file_name: &str,
            without_webgpu: bool,
            in_scripts: bool,
            manifest: &[u8],
        ) -> Result<Self, JsError> {
            let settings = Settings::parse(settings)?;
            let format = format(file_name)?;
            let options = PackageOptions {
                without_webgpu,
                in_scripts,
            };
            let weights = Manifest::parse(manifest)?.weights.file;
            Ok(Self {
                settings,
                format,
                options,
                files: listing(format, options, &weights),
            })
        }

        /// Returns the paths of the files that it is made of, in the built page's folder.
        pub fn paths(&self) -> Vec<String> {
            self.files.iter().map(|(from, _)| from.clone()).collect()
        }

        /// Returns the package, given the bytes of each file in the order of [`Self::paths`].
        pub fn package(&self, bytes: &Array) -> Result<Vec<u8>, JsError> {
            let files = self.files.iter().zip(bytes.iter());
            let files = files
                .map(|((_, to), bytes)| (to.clone(), bytes.unchecked_into::<Uint8Array>().to_vec()))
                .collect();
            Ok(package(self.format, self.options, &self.settings, files)?)
        }
    }
}
