//! A relay.
