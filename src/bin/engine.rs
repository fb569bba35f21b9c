//! The dedicated worker of the page: it owns the device and the network, so that the page's own
//! thread never decodes, detects or infers.

#[cfg(target_arch = "wasm32")]
fn main() {
    moue::web::engine::worker::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::io::Write as _;

    let _ = writeln!(
        std::io::stderr(),
        "engine: this is the page's worker and runs only in a browser. `make serve` builds the page."
    );
    std::process::ExitCode::from(2)
}
