//! The dictionary of Causerie: plain data that every room speaks
