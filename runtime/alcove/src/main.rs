//! `alcove`: the command line. Exit codes: 0 done (succeeded, skipped, waiting), 1 the run failed, 2 usage or an
//! invalid app.

mod brief;
mod cli;
mod clock;
mod community;
mod demo;
mod escape;
mod sandbox;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let mut terminal = terminal::Terminal::detect();
    match cli.run(&mut terminal) {
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal.complain(&format!("error: {error:#}"));
            cli::Exit::Invalid.into()
        }
    }
}
