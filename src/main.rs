//! The `mlgrade` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    mlgrade::cli::main()
}
