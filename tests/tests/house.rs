//! The rules of the house, as tests.
//!
//! What ARCHITECTURE.md and CONTRIBUTING.md promise about the code is checked here, so that the documents cannot
//! drift away from it. These tests read the source tree and `cargo metadata`; they link none of the program and
//! take a second. A fault names the file, the line and what to do.
//!
//! Where a new rule goes: `arrows` who may depend on whom · `dependencies` what may be in the tree, and under which
//! licence · `files` names, lengths, places · `lints` attributes and manifests · `words` what is written · `features`
//! the table in README.md · `third_parties` what others have made.

mod house {
    mod arrows;
    mod dependencies;
    mod features;
    mod files;
    mod lints;
    mod metadata;
    mod source;
    mod spdx;
    mod third_parties;
    mod tree;
    mod words;
}
