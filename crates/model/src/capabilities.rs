//! What another program says it can do (XEP-0030 2.5, XEP-0115 1.6).

/// A verified set of features, kept by its verification string so that it is asked for once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// `hash` and `ver` of XEP-0115 as `sha-1:BASE64`.
    pub ver: String,
    /// Feature names, sorted.
    pub features: Vec<String>,
}
