//! What the acceptance tests are made of: real servers as own processes, a private certificate authority, wires that
//! can be listened to and cut, and servers that behave badly on purpose.
//!
//! Law: everything is on loopback and in a temporary folder, nothing is left running, and a server that is missing is a
//! failure that says which package to install, never a test that is silently skipped.
//!
//! | file | what |
//! |---|---|
//! | [`authority`] | certificates, good and bad |
//! | [`ports`] | free ports |
//! | [`process`] | a process that ends with its owner |
//! | [`server`] | Prosody and ejabberd |
//! | [`proxy`] | a proxy, SOCKS5 or HTTP, that tells what it was asked for |
//! | [`relay`] | a wire between client and server that is listened to, and can be cut |
//! | [`rough`] | a wire that delays, splits, loses, garbles and cuts, as [`chance`] has it |
//! | [`seen`] | what a server has seen of what was sent |
//! | [`hostile`] | a server that does what it is told, and nothing else |
//! | [`driven`] | the program `drive`, driven |
//! | [`partner`] | another program with an OMEMO of its own, in Python |

pub mod authority;
pub mod chance;
pub mod driven;
pub mod hostile;
pub mod partner;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod relay;
pub mod rough;
pub mod seen;
pub mod server;

pub use authority::{Authority, Flaw};
pub use driven::Driven;
pub use partner::Partner;
pub use server::{Kind, Registration, Server};
