//! Writes the seed inputs of a target: `fuzzing TARGET FOLDER`. Without arguments, lists the targets.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [target, folder] = &arguments[..] else {
        for target in fuzzing::TARGETS {
            println!("{}", target.name);
        }
        return ExitCode::SUCCESS;
    };
    let inputs = fuzzing::seeds::of(target).into_iter().chain(fuzzing::seeds::regressions(target));
    for (idx, input) in inputs.enumerate() {
        if let Err(error) = std::fs::write(Path::new(folder).join(format!("seed-{idx:05}")), input) {
            eprintln!("error: {folder}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
