//! The ledger as the other rooms use it, and as the disk mistreats it.

mod basics;
mod lab;
