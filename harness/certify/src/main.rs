//! `mqtt-certify`: see [`harness::cli`].

/// Campaign threads allocate hundreds of times in each run; mimalloc is faster there.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    harness::cli::main()
}
