//! Namespaces.

/// Stanzas (RFC 6120).
pub(crate) const CLIENT: &str = "jabber:client";
/// The stream itself (RFC 6120 §4.8.1).
pub(crate) const STREAM: &str = "http://etherx.jabber.org/streams";
/// Conditions of stream errors (RFC 6120 §4.9).
pub(crate) const STREAM_ERROR: &str = "urn:ietf:params:xml:ns:xmpp-streams";
/// SASL (RFC 6120 §6).
pub(crate) const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
/// SASL of XEP-0388.
pub(crate) const SASL2: &str = "urn:xmpp:sasl:2";
/// Resource binding together with signing in (XEP-0386).
pub(crate) const BIND2: &str = "urn:xmpp:bind:0";
/// Tokens in place of the password (XEP-0484).
pub(crate) const FAST: &str = "urn:xmpp:fast:0";
/// Whether somebody is looking (XEP-0352).
pub(crate) const CLIENT_STATE: &str = "urn:xmpp:csi:0";
/// Kinds of channel binding (XEP-0440).
pub(crate) const SASL_BINDINGS: &str = "urn:xmpp:sasl-cb:0";
/// Resource binding (RFC 6120 §7).
pub(crate) const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
/// The session of RFC 3921 §3.
pub(crate) const SESSION: &str = "urn:ietf:params:xml:ns:xmpp-session";
/// Conditions of stanza errors (RFC 6120 §8.3).
pub(crate) const STANZA_ERROR: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
/// The roster (RFC 6121 §2).
pub(crate) const ROSTER: &str = "jabber:iq:roster";
/// The server versions rosters (RFC 6121 §2.6).
pub(crate) const ROSTER_VERSIONING: &str = "urn:xmpp:features:rosterver";
/// The server keeps approvals given before they were asked for (RFC 6121 §3.4).
pub(crate) const PRE_APPROVAL: &str = "urn:xmpp:features:pre-approval";
/// XEP-0030.
pub(crate) const DISCO_INFO: &str = "http://jabber.org/protocol/disco#info";
/// XEP-0030.
pub(crate) const DISCO_ITEMS: &str = "http://jabber.org/protocol/disco#items";
/// XEP-0004.
pub(crate) const DATA_FORM: &str = "jabber:x:data";
/// XEP-0054.
pub(crate) const VCARD: &str = "vcard-temp";
/// XEP-0060.
pub(crate) const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
/// XEP-0060.
pub(crate) const PUBSUB_EVENT: &str = "http://jabber.org/protocol/pubsub#event";
/// XEP-0084.
pub(crate) const AVATAR_DATA: &str = "urn:xmpp:avatar:data";
/// XEP-0084.
pub(crate) const AVATAR_METADATA: &str = "urn:xmpp:avatar:metadata";
/// XEP-0085.
pub(crate) const CHAT_STATES: &str = "http://jabber.org/protocol/chatstates";
/// XEP-0092.
pub(crate) const VERSION: &str = "jabber:iq:version";
/// XEP-0115.
pub(crate) const CAPS: &str = "http://jabber.org/protocol/caps";
/// XEP-0153.
pub(crate) const VCARD_UPDATE: &str = "vcard-temp:x:update";
/// XEP-0172.
pub(crate) const NICK: &str = "http://jabber.org/protocol/nick";
/// XEP-0184.
pub(crate) const RECEIPTS: &str = "urn:xmpp:receipts";
/// XEP-0191.
pub(crate) const BLOCKING: &str = "urn:xmpp:blocking";
/// XEP-0199.
pub(crate) const PING: &str = "urn:xmpp:ping";
/// XEP-0198.
pub(crate) const STREAM_MANAGEMENT: &str = "urn:xmpp:sm:3";
/// XEP-0202.
pub(crate) const TIME: &str = "urn:xmpp:time";
/// XEP-0203.
pub(crate) const DELAY: &str = "urn:xmpp:delay";
/// XEP-0359.
pub(crate) const STANZA_ID: &str = "urn:xmpp:sid:0";
/// XEP-0313: a server that archives gives stanzas an identifier, too (§5.1.3).
pub(crate) const ARCHIVE: &str = "urn:xmpp:mam:2";
/// Pages of a long answer (XEP-0059).
pub(crate) const RSM: &str = "http://jabber.org/protocol/rsm";
/// OMEMO, the older version (XEP-0384 0.3.0).
pub(crate) const OMEMO_LEGACY: &str = "eu.siacs.conversations.axolotl";
/// The node of its lists of devices.
pub(crate) const OMEMO_LEGACY_DEVICES: &str = "eu.siacs.conversations.axolotl.devicelist";
/// What the nodes of its bundles begin with.
pub(crate) const OMEMO_LEGACY_BUNDLES: &str = "eu.siacs.conversations.axolotl.bundles:";
/// OMEMO, the newer version (XEP-0384 0.9.1).
pub(crate) const OMEMO_2: &str = "urn:xmpp:omemo:2";
/// The node of its lists of devices.
pub(crate) const OMEMO_2_DEVICES: &str = "urn:xmpp:omemo:2:devices";
/// The node of its bundles.
pub(crate) const OMEMO_2_BUNDLES: &str = "urn:xmpp:omemo:2:bundles";
/// What an encrypted message says (XEP-0420).
pub(crate) const ENVELOPE: &str = "urn:xmpp:sce:1";
/// By what a message is encrypted (XEP-0380).
pub(crate) const ENCRYPTION: &str = "urn:xmpp:eme:0";
/// What servers are to do with a message (XEP-0334).
pub(crate) const HINTS: &str = "urn:xmpp:hints";
/// XEP-0045: what rooms say of their occupants, and mark what one of them writes to another alone with.
pub(crate) const ROOM_USER: &str = "http://jabber.org/protocol/muc#user";
/// XEP-0045: entering a room.
pub(crate) const ROOM: &str = "http://jabber.org/protocol/muc";
/// XEP-0045: what a room is.
pub(crate) const ROOM_OWNER: &str = "http://jabber.org/protocol/muc#owner";
/// XEP-0421.
pub(crate) const OCCUPANT_ID: &str = "urn:xmpp:occupant-id:0";
/// Changing what a node is (XEP-0060 §8).
pub(crate) const PUBSUB_OWNER: &str = "http://jabber.org/protocol/pubsub#owner";
/// Copies of what other devices of ours receive and send (XEP-0280).
pub(crate) const CARBONS: &str = "urn:xmpp:carbons:2";
/// A stanza inside another (XEP-0297).
pub(crate) const FORWARD: &str = "urn:xmpp:forward:0";
/// How far we have read, on any device (XEP-0490).
pub(crate) const DISPLAYED: &str = "urn:xmpp:mds:displayed:0";
/// XEP-0333.
pub(crate) const CHAT_MARKERS: &str = "urn:xmpp:chat-markers:0";
/// Decisions about keys (XEP-0434).
pub(crate) const TRUST: &str = "urn:xmpp:tm:1";
/// The server takes registrations (XEP-0077 §8).
pub(crate) const REGISTER_FEATURE: &str = "http://jabber.org/features/iq-register";
/// The server knows invitations (XEP-0401 §4.2).
pub(crate) const INVITATIONS: &str = "urn:xmpp:invite";
/// The server takes tokens of invitations (XEP-0445).
pub(crate) const INVITATION_TOKENS: &str = "urn:xmpp:ibr-token:0";
/// Out of band: a page of the web (XEP-0066).
pub(crate) const OUT_OF_BAND: &str = "jabber:x:oob";
/// Files (XEP-0447 0.3).
pub(crate) const FILE_SHARING: &str = "urn:xmpp:sfs:0";
/// Something to see or hear in a form (XEP-0221).
pub(crate) const MEDIA: &str = "urn:xmpp:media-element";
/// Bits of binary (XEP-0231).
pub(crate) const BOB: &str = "urn:xmpp:bob";
/// An account at its server (XEP-0077).
pub(crate) const REGISTER: &str = "jabber:iq:register";
/// Ad-hoc commands (XEP-0050).
pub(crate) const COMMANDS: &str = "http://jabber.org/protocol/commands";
/// Invitations to become a contact, made by a server (XEP-0401).
pub(crate) const INVITE: &str = "urn:xmpp:invite#invite";
/// Invitations to an account (XEP-0401).
pub(crate) const INVITE_ACCOUNT: &str = "urn:xmpp:invite#create-account";
/// What an invitation's bearer shows (XEP-0379).
pub(crate) const PREAUTH: &str = "urn:xmpp:pars:0";
/// Moving to another address (XEP-0283).
pub(crate) const MOVED: &str = "urn:xmpp:moved:1";
/// The server keeps the vCard's picture in step with the published one (XEP-0398).
pub(crate) const CARD_CONVERSION: &str = "urn:xmpp:pep-vcard-conversion:0";
/// XEP-0308.
pub(crate) const CORRECTION: &str = "urn:xmpp:message-correct:0";
/// XEP-0424.
pub(crate) const RETRACTION: &str = "urn:xmpp:message-retract:1";
/// XEP-0424 before 0.4.
pub(crate) const RETRACTION_BEFORE: &str = "urn:xmpp:message-retract:0";
/// XEP-0422, in which XEP-0424 was before 0.4.
pub(crate) const FASTENING: &str = "urn:xmpp:fasten:0";
/// XEP-0425.
pub(crate) const MODERATION: &str = "urn:xmpp:message-moderate:1";
/// XEP-0425 before 0.3.
pub(crate) const MODERATION_BEFORE: &str = "urn:xmpp:message-moderate:0";
/// XEP-0428.
pub(crate) const FALLBACK: &str = "urn:xmpp:fallback:0";
/// XEP-0444.
pub(crate) const REACTIONS: &str = "urn:xmpp:reactions:0";
/// XEP-0461.
pub(crate) const REPLY: &str = "urn:xmpp:reply:0";
