//! See `causerie_protocol::fuzzed::envelope`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| causerie_protocol::fuzzed::envelope(data));
