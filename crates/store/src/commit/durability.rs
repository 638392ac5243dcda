//! What a commit has to outlive.

use causerie_model::{Change, MessageState, RoomAnnotation, RoomMessage, RoomSource};

/// What a commit has to outlive once it has answered. A program that ends, however it ends, never loses one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A power cut right after it: the disk is made to write before the answer. For everything that something is sent or
    /// acknowledged after, and for what a person has decided.
    PowerCut,
    /// The program's own end. A power cut may take back the last commits of this kind, in order and whole. For what the server
    /// gives again (roster, block list, pictures, names, features, lists of devices, what comes from an archive), for what is easily done again (what was
    /// read by whom, how far the archive was read, what was typed, which conversations are listed) and for what is not much missed (when a key was used, how many
    /// devices a message has not reached), and that something has not left, which is in doubt without it.
    ProgramEnd,
}

impl Durability {
    /// What these changes have to outlive.
    pub(crate) fn of(changes: &[Change]) -> Self {
        for change in changes {
            match inner(change) {
                Change::RosterReplaced { .. }
                | Change::RosterItemSet { .. }
                | Change::RosterItemRemoved { .. }
                | Change::ReadUpTo { .. }
                | Change::ReadElsewhere { .. }
                | Change::ReadByPeer { .. }
                | Change::MessageFetched(_)
                | Change::Past(..)
                | Change::ArchiveReached { .. }
                | Change::ArchivePassed { .. }
                | Change::ArchiveGap { .. }
                | Change::ArchiveAsked { .. }
                | Change::Displayed { .. }
                | Change::ReadingNoted(_)
                | Change::MarkerWanted { .. }
                | Change::MessageListed { .. }
                | Change::DraftSaved { .. }
                | Change::ConversationOpened { .. }
                | Change::NicknameSet { .. }
                | Change::AvatarSet { .. }
                | Change::AvatarChosen { .. }
                | Change::AvatarRemoved(_)
                | Change::CapabilitiesLearned(_)
                | Change::BlockListReplaced(_)
                | Change::Blocked(_)
                | Change::Unblocked(_)
                | Change::MessageSealed { .. }
                | Change::MessageWaits { .. }
                | Change::DevicesListed { .. }
                | Change::DecisionDone(_)
                | Change::KeyListed { .. }
                | Change::KeyRead(_)
                | Change::HeldLetGo(..)
                | Change::HeldWaits(..)
                | Change::EarlySaysNothing { .. }
                | Change::EarlyOver
                | Change::DeviceRemoved(_)
                | Change::AlarmSeen(_)
                | Change::KeyForgotten { .. }
                | Change::KeyUsed { .. }
                // What the peer has told of it: it is only a mark, and the message itself is on the disk.
                | Change::MessageStateChanged { state: MessageState::Delivered | MessageState::Read, .. } => {}
                Change::RoomMessage(RoomMessage { source: RoomSource::Archive, .. })
                | Change::RoomAnnotated(RoomAnnotation { source: RoomSource::Archive, .. }) => {}
                Change::MessageAdded(_)
                | Change::MessageCopied { .. }
                | Change::ToldSet { .. }
                | Change::RoomMessage(_)
                | Change::RoomHistory(_)
                | Change::RoomAnnotated(_)
                | Change::RoomSent { .. }
                | Change::RoomWanted { .. }
                | Change::RoomLeft(_)
                | Change::NoRoom(_)
                | Change::RoomRetracted(_)
                | Change::Annotated(_)
                | Change::AnnotationHeld(_)
                | Change::MessageStateChanged { .. }
                | Change::MessageProtected { .. }
                | Change::MessageLeaves { .. }
                | Change::RequestReceived(_)
                | Change::RequestClosed(_)
                | Change::MechanismSeen(_)
                | Change::MechanismForgotten
                | Change::PlainAllowed
                | Change::UserAgentNamed(_)
                | Change::OwnPresenceSet(_)
                | Change::SharingSet(_)
                | Change::ConfirmingSet(_)
                | Change::ActivitySet(_)
                | Change::ServerSet(_)
                | Change::MoveAnnounced(_)
                | Change::TokenIssued(_)
                | Change::TokenVoid(_)
                | Change::OwnKeysSet { .. }
                | Change::SessionSet { .. }
                | Change::SessionsForgotten
                | Change::CopyAnswered(_)
                | Change::SessionForgotten(_)
                | Change::StrangerForgotten(_)
                | Change::KeySeen { .. }
                | Change::KeySeenEarly { .. }
                | Change::CarefulAbout(_)
                | Change::MessageHeld(_)
                | Change::TrustSet { .. }
                | Change::DecisionKept(_)
                | Change::DeviceUnwanted(_)
                | Change::AlarmRaised(_)
                | Change::PrivacySet { .. } => return Self::PowerCut,
            }
        }
        Self::ProgramEnd
    }

    /// The value of `PRAGMA synchronous`.
    pub(crate) fn pragma(self) -> &'static str {
        match self {
            Self::PowerCut => "FULL",
            Self::ProgramEnd => "NORMAL",
        }
    }
}

/// What a change does, whether it is news or not.
fn inner(change: &Change) -> &Change {
    match change {
        Change::Past(_, change) => change,
        change => change,
    }
}

/// Whether a change puts keys or what is shared with a device in another state, which must not be used twice, or something leaves that an older
/// state takes for waiting.
pub(crate) fn turns(change: &Change) -> bool {
    matches!(
        change,
        Change::OwnKeysSet { .. }
            | Change::SessionSet { .. }
            | Change::SessionsForgotten
            | Change::SessionForgotten(_)
            | Change::StrangerForgotten(_)
            | Change::MessageLeaves { .. }
    )
}
