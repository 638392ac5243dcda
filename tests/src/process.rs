//! A process that ends with its owner.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a process that was asked to end may take.
const GOODBYE: Duration = Duration::from_secs(5);

/// A running process. Dropped, it is killed, with all that it has started.
///
/// Where the system can do it, the process is also killed when the *thread* that has started it ends, so that nothing is left over
/// from a test run that was killed itself.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    /// A command that runs `program` so that it dies with us.
    pub fn command(program: &str) -> Command {
        let setpriv = Path::new("/usr/bin/setpriv");
        let mut command = match setpriv.exists() {
            true => {
                let mut command = Command::new(setpriv);
                command.args(["--pdeathsig", "KILL", "--", program]);
                command
            }
            false => Command::new(program),
        };
        // A group of its own: what it starts can be ended with it, and a Ctrl+C reaches us alone.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.stdin(Stdio::null());
        command
    }

    /// Starts a command made by [`Self::command`], its output going to the file.
    ///
    /// # Errors
    ///
    /// When the file can't be written or the program can't be started.
    pub fn start(mut command: Command, output: &Path) -> io::Result<Self> {
        let output = File::options().create(true).append(true).open(output)?;
        command.stdout(output.try_clone()?).stderr(output);
        Ok(Self { child: command.spawn()? })
    }

    /// What the system calls it, and the group of all that it starts.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it at once, as a crash or a power cut would.
    pub fn kill(&mut self) {
        self.signal("-KILL");
        // Also where there are no groups.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, and makes it end when it doesn't.
    pub fn stop(&mut self) {
        self.signal("-TERM");
        let patience = Instant::now() + GOODBYE;
        while self.is_alive() && Instant::now() < patience {
            thread::sleep(Duration::from_millis(20));
        }
        self.kill();
    }

    fn signal(&mut self, signal: &str) {
        if !self.is_alive() {
            return;
        }
        let group = format!("-{}", self.child.id());
        let sent = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
        if let Err(error) = sent {
            tracing::warn!(%error, "kill can't be run");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
