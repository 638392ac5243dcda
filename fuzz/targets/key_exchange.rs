//! See `fuzzed::key_exchange`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/omemo/tests/omemo/fuzzed.rs"]
#[expect(dead_code, reason = "the other targets call the rest")]
mod fuzzed;

fuzz_target!(|data: &[u8]| fuzzed::key_exchange(data));
