//! The locksmith of Causerie: end-to-end encryption, pure
