//! The locksmith, tested from outside: what a peer or the protocol room observes.

mod conversation;
mod corpus;
mod fuzzed;
mod keys;
mod layouts;
mod lent;
mod limits;
mod mailbox;
mod other;
mod payloads;
mod points;
mod renewed;
mod secrecy;
mod seeded;
mod turns;
mod unwritten;
mod used;
mod vectors;
mod wycheproof;
