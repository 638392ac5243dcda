//! `cargo metadata`: what depends on what, on all systems at once.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use super::tree;

/// The whole tree of packages, as the lock file fixes it.
pub(super) struct Metadata {
    /// Every package that is compiled for some system.
    pub(super) packages: Vec<Package>,
    /// Package ids, and the ids of what each one links (build scripts included, tests of others not).
    links: BTreeMap<String, BTreeSet<String>>,
}

/// One package of the tree.
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    /// Its SPDX expression, if it gives one.
    pub(super) license: Option<String>,
    /// Whether it is one of ours.
    pub(super) ours: bool,
    /// What its manifest names, on whatever system, optional or not.
    pub(super) wants: Vec<Want>,
}

/// A line in the dependencies of a manifest.
pub(super) struct Want {
    pub(super) name: String,
    pub(super) purpose: Purpose,
}

/// What a dependency is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Program,
    Build,
    Tests,
}

/// The metadata of this workspace, asked once.
///
/// # Panics
/// When cargo cannot make sense of the manifests, with what it says.
#[track_caller]
pub(super) fn metadata() -> &'static Metadata {
    static METADATA: LazyLock<Result<Metadata, String>> =
        LazyLock::new(|| ask().map(|value| Metadata::from(&value)));
    METADATA.as_ref().unwrap_or_else(|fault| panic!("cargo metadata failed:\n{fault}"))
}

impl Metadata {
    /// Our own packages.
    pub(super) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.ours)
    }

    /// The names of everything that ends up in the tests and programs of a package.
    pub(super) fn closure(&self, name: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&str> = self
            .packages
            .iter()
            .filter(|package| package.name == name)
            .map(|package| package.id.as_str())
            .collect();
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                waiting.extend(self.links.get(id).into_iter().flatten().map(String::as_str));
            }
        }
        self.packages
            .iter()
            .filter(|package| seen.contains(package.id.as_str()))
            .map(|package| &*package.name)
            .collect()
    }

    fn from(value: &Value) -> Self {
        let members: BTreeSet<String> = strings(&value["workspace_members"]);
        let nodes = list(&value["resolve"]["nodes"]);
        let links: BTreeMap<_, _> = nodes
            .iter()
            .map(|node| {
                let id = word(&node["id"]);
                let tests_too = members.contains(&id);
                let linked = list(&node["deps"]).iter().filter(|dep| tests_too || is_linked(dep));
                (id, linked.map(|dep| word(&dep["pkg"])).collect())
            })
            .collect();
        let packages = list(&value["packages"])
            .iter()
            .filter(|package| links.contains_key(&word(&package["id"])))
            .map(|package| Package::from(package, &members))
            .collect();
        Self { packages, links }
    }
}

impl Package {
    fn from(value: &Value, members: &BTreeSet<String>) -> Self {
        let id = word(&value["id"]);
        let wants = list(&value["dependencies"])
            .iter()
            .map(|want| Want {
                name: word(&want["name"]),
                purpose: match want["kind"].as_str() {
                    Some("dev") => Purpose::Tests,
                    Some("build") => Purpose::Build,
                    _ => Purpose::Program,
                },
            })
            .collect();
        Self {
            name: word(&value["name"]),
            version: word(&value["version"]),
            license: value["license"].as_str().map(str::to_owned),
            ours: members.contains(&id),
            wants,
            id,
        }
    }
}

/// Asks cargo without the network. Crates for other systems may never have been fetched on this machine; then cargo
/// may fetch them once.
fn ask() -> Result<Value, String> {
    let run = |more: &[&str]| {
        Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["metadata", "--format-version", "1", "--locked"])
            .args(more)
            .current_dir(tree::root())
            .output()
            .map_err(|error| error.to_string())
    };
    let mut output = run(&["--offline"])?;
    if !output.status.success() {
        output = run(&[])?;
    }
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

fn is_linked(dep: &Value) -> bool {
    list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].as_str() != Some("dev"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn strings(value: &Value) -> BTreeSet<String> {
    list(value).iter().map(word).collect()
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
