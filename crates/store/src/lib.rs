//! The ledger of Causerie: SQLite
