//! `drive`: the whole client without a window. JSON commands in, JSON events and answers out, one object a line.
//!
//! `drive --help` documents it. | file | what |: [`arguments`] the command line and the help · [`request`] what may be
//! asked · [`driver`] the loop · [`desk`] accounts and what is done for them · [`registrations`] accounts that are being made ·
//! [`disk`] a disk that fails when a test says so · [`people`] profile, password, invitations, lists ·
//! [`report`] things as JSON · [`backlog`] events that nobody has waited for yet.

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Arguments, HELP, Request};

mod arguments;
mod backlog;
mod desk;
mod disk;
mod driver;
mod people;
mod registrations;
mod report;
mod request;
mod rooms;
mod saying;

fn main() -> ExitCode {
    match arguments::parse(std::env::args_os().skip(1)) {
        Request::Help => {
            let _ = io::stdout().write_all(HELP.as_bytes());
            ExitCode::SUCCESS
        }
        Request::Run(arguments) => run(&arguments),
        Request::Wrong(what) => fail(&what, 2),
    }
}

fn run(arguments: &Arguments) -> ExitCode {
    if let Err(error) = arguments::write_log(arguments.log.as_deref()) {
        return fail(&format!("the log can't be written: {error}"), 2);
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string(), 1),
    };
    match runtime.block_on(driver::run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => fail(&what, 1),
    }
}

fn fail(what: &str, code: u8) -> ExitCode {
    let _ = writeln!(io::stderr(), "drive: {what}");
    ExitCode::from(code)
}
