//! Availability of people and of ourselves (RFC 6121 §4).

/// How available an online person is (RFC 6121 §4.7.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Show {
    /// Online, nothing special.
    #[default]
    Available,
    /// Free to chat.
    Chat,
    /// Away for a short while.
    Away,
    /// Away for long.
    ExtendedAway,
    /// Do not disturb.
    DoNotDisturb,
}

/// What is known of a contact's availability, taken from the most available of their devices.
///
/// Ephemeral: it is told by events and never stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// No device is online, or we may not know.
    #[default]
    Offline,
    /// At least one device is online.
    Online {
        /// How available.
        show: Show,
        /// Words the person chose; at most 1,024 characters, without control characters.
        status: String,
    },
}

/// Our own availability, as chosen by the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnPresence {
    /// How available.
    pub show: Show,
    /// Words to show to contacts.
    pub status: String,
    /// Priority for messages to the bare address, −128 to 127 (RFC 6121 §4.7.2.3).
    pub priority: i8,
}
