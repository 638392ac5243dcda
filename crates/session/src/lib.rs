//! The hands of Causerie: one actor per account
