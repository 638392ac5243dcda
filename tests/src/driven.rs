//! The program `drive`, driven.
/// drive
#[derive(Debug)]
pub struct Driven;
