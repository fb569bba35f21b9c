//! The page when compiled for a browser, the command line with the `native` feature.

#[cfg(target_arch = "wasm32")]
fn main() {
    moue::platform::run_static_constructors();
    moue::web::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::io::Write as _;

    let _ = writeln!(
        std::io::stderr(),
        "moue: this build has no command line. Build it with `cargo run --release --features native`, \
         or build the page with `make serve`."
    );
    std::process::ExitCode::from(2)
}
