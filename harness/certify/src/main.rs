//! `mqtt-certify`: see [`harness::cli`].

/// A campaign asks for memory some hundred times in each of its runs, on all threads.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    harness::cli::main()
}
