//! The page when compiled for a browser, the command line with the `native` feature.

#[cfg(target_arch = "wasm32")]
fn main() {
    moue::web::start();
}

#[cfg(all(not(target_arch = "wasm32"), feature = "native"))]
fn main() -> std::process::ExitCode {
    moue::cli::main()
}

#[cfg(all(not(target_arch = "wasm32"), not(feature = "native")))]
fn main() -> std::process::ExitCode {
    use std::io::Write as _;

    let hint = "moue: this build has no command line. Build it with \
                `cargo run --release --features native`, or build the page with `make serve`.";
    writeln!(std::io::stderr(), "{hint}").ok();
    std::process::ExitCode::from(2)
}
