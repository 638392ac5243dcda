//! The files of the project, and how a rule reports what it found.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs};

/// A file of the project.
pub(super) struct File {
    /// Its path from the root, with forward slashes on every system.
    pub(super) path: String,
    /// Its contents, or `None` when it is not text.
    pub(super) text: Option<String>,
}

impl File {
    /// The file's last name: `timeline.rs`.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether it is a test and nothing else.
    pub(super) fn is_test(&self) -> bool {
        self.name() == "tests.rs" || self.path.split('/').any(|part| part == "tests")
    }

    /// Whether it is Rust source.
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// Every file that git tracks (in an unpacked archive without git: every file but build output).
pub(super) fn files() -> &'static [File] {
    static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
        let mut paths = tracked().unwrap_or_else(|| walked(&root()));
        paths.sort();
        paths.into_iter().filter_map(read).collect()
    });
    &FILES
}

/// The Rust files, each with its text.
pub(super) fn rust_files() -> impl Iterator<Item = (&'static File, &'static str)> {
    files().iter().filter(|file| file.is_rust()).filter_map(|file| Some((file, file.text.as_deref()?)))
}

/// The text of one file, which must be there.
pub(super) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

/// The root of the project.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in a folder of the project")
        .to_path_buf()
}

/// Fails when there are faults, and prints all of them at once under the rule that they break.
#[track_caller]
pub(super) fn verdict(rule: &str, faults: &[String]) {
    assert!(faults.is_empty(), "\n{rule}\n\n  {}\n", faults.join("\n  "));
}

fn read(path: String) -> Option<File> {
    let full = root().join(&path);
    // A file deleted but not yet committed is still tracked: there is nothing to check in it.
    let bytes = full.is_file().then(|| fs::read(&full).ok()).flatten()?;
    Some(File { path, text: String::from_utf8(bytes).ok() })
}

fn tracked() -> Option<Vec<String>> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().ok()?;
    let list = String::from_utf8(output.stdout).ok()?;
    let paths: Vec<String> = list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    (output.status.success() && !paths.is_empty()).then_some(paths)
}

fn walked(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).expect("the project can be read").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_file() {
            let inside = path.strip_prefix(root()).expect("the walk stays inside the project");
            let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            paths.push(parts.join("/"));
        } else if path.is_dir() && name != "target" && name != ".git" {
            paths.extend(walked(&path));
        }
    }
    paths
}
