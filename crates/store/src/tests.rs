//! The ledger as the other rooms use it, and as the disk mistreats it.

mod accounts;
mod annotations;
mod basics;
mod conversations;
mod corrected;
mod crash;
mod delivery;
mod disk;
mod encryption;
mod erasure;
mod faults;
mod held;
mod lab;
mod messages;
mod migrations;
mod opening;
mod order;
mod people;
mod plans;
mod protection;
mod rest;
mod rooms;
mod search;
mod strangers;
mod untrusted;
mod vault;
