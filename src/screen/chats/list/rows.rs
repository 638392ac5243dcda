//! Which rows the list of conversations has.

use std::collections::HashSet;

use causerie_model::{AccountId, BareJid, Contact, Conversation, SubscriptionRequest};

/// One row. Numbers are places in the lists that the rows were made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// A heading.
    Heading(Heading),
    /// Somebody who wants to see our availability.
    Request(usize),
    /// A conversation.
    Conversation(usize),
    /// A contact with whom there is no conversation yet.
    Contact(usize),
    /// Somebody new, whose address was typed into the filter.
    Add(BareJid),
}

/// What a part of the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Heading {
    /// Requests.
    Requests,
    /// Contacts without a conversation.
    Contacts,
}

/// What the rows are made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct People<'a> {
    /// By last activity, newest first.
    pub(crate) conversations: &'a [Conversation],
    /// By name.
    pub(crate) contacts: &'a [(AccountId, Contact)],
    /// By arrival.
    pub(crate) requests: &'a [(AccountId, SubscriptionRequest)],
    /// Only what is of this account is shown.
    pub(crate) only: Option<AccountId>,
}

impl People<'_> {
    fn shows(&self, account: AccountId) -> bool {
        self.only.is_none_or(|only| only == account)
    }
}

/// The rows that a filter leaves; an empty filter leaves all.
pub(crate) fn rows(people: People<'_>, filter: &str) -> Vec<Row> {
    let filter = Filter::new(filter);
    let mut rows = Vec::with_capacity(people.conversations.len() + people.contacts.len());
    if filter.is_empty() {
        let requests = people.requests.iter().enumerate().filter(|(_, (account, _))| people.shows(*account));
        rows.extend(requests.map(|(place, _)| Row::Request(place)));
        if !rows.is_empty() {
            rows.insert(0, Row::Heading(Heading::Requests));
        }
    }
    let mut known = HashSet::with_capacity(people.conversations.len());
    for (place, conversation) in people.conversations.iter().enumerate() {
        known.insert((conversation.account, &conversation.peer));
        if people.shows(conversation.account) && filter.lets(&conversation.name, &conversation.peer) {
            rows.push(Row::Conversation(place));
        }
    }
    let before = rows.len();
    for (place, (account, contact)) in people.contacts.iter().enumerate() {
        let hidden = contact.blocked && filter.is_empty();
        if !hidden
            && people.shows(*account)
            && !known.contains(&(*account, &contact.item.jid))
            && filter.lets(contact.display_name(), &contact.item.jid)
        {
            rows.push(Row::Contact(place));
        }
    }
    if rows.len() > before {
        rows.insert(before, Row::Heading(Heading::Contacts));
    }
    if let Some(address) = filter.new_address(people) {
        rows.push(Row::Add(address));
    }
    rows
}

struct Filter {
    words: Vec<String>,
    address: Option<BareJid>,
}

impl Filter {
    fn new(text: &str) -> Self {
        Self {
            words: text.split_whitespace().map(str::to_lowercase).collect(),
            address: BareJid::parse_typed(text).ok(),
        }
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Every word has to be somewhere in the name or the address.
    fn lets(&self, name: &str, address: &BareJid) -> bool {
        if self.is_empty() {
            return true;
        }
        let name = name.to_lowercase();
        self.words.iter().all(|word| name.contains(word) || address.as_str().contains(word.as_str()))
    }

    fn new_address(&self, people: People<'_>) -> Option<BareJid> {
        let address = self.address.clone()?;
        let known = people.conversations.iter().any(|conversation| conversation.peer == address)
            || people.contacts.iter().any(|(_, contact)| contact.item.jid == address);
        (!known).then_some(address)
    }
}

#[cfg(test)]
mod tests {
    use causerie_model::{RosterItem, Timestamp};

    use super::*;

    const HOME: AccountId = AccountId(1);

    fn jid(text: &str) -> BareJid {
        BareJid::new(text).unwrap()
    }

    fn conversation(account: AccountId, peer: &str, name: &str) -> Conversation {
        Conversation {
            privacy: causerie_model::Privacy::Encrypted,
            account,
            peer: jid(peer),
            name: name.to_owned(),
            avatar: None,
            last: None,
            unread: 0,
            draft: String::new(),
            active_at: Timestamp::default(),
        }
    }

    fn contact(peer: &str, name: &str) -> (AccountId, Contact) {
        let item = RosterItem {
            jid: jid(peer),
            name: Some(name.to_owned()),
            groups: Vec::new(),
            subscription: Default::default(),
            pending_out: Default::default(),
            approved: false,
        };
        (HOME, Contact { item, nickname: None, avatar: None, blocked: false })
    }

    #[test]
    fn contacts_without_conversation_come_after() {
        let conversations = [conversation(HOME, "bob@chat.example", "Bob")];
        let contacts = [contact("bob@chat.example", "Bob"), contact("zoe@chat.example", "Zoé")];
        let people = People { conversations: &conversations, contacts: &contacts, requests: &[], only: None };
        let expected = [Row::Conversation(0), Row::Heading(Heading::Contacts), Row::Contact(1)];
        assert_eq!(rows(people, ""), expected);
        assert_eq!(rows(people, "  ZOÉ "), [Row::Heading(Heading::Contacts), Row::Contact(1)]);
        assert_eq!(rows(people, "bo chat"), [Row::Conversation(0)]);
        assert!(rows(people, "nobody").is_empty());
    }

    #[test]
    fn the_same_person_in_two_accounts_is_two_rows() {
        let conversations = [conversation(AccountId(2), "bob@chat.example", "Bob")];
        let contacts = [contact("bob@chat.example", "Bob")];
        let people = People { conversations: &conversations, contacts: &contacts, requests: &[], only: None };
        assert_eq!(rows(people, "").len(), 3);
    }

    #[test]
    fn an_unknown_address_can_be_added() {
        let conversations = [conversation(HOME, "bob@chat.example", "Bob")];
        let people = People { conversations: &conversations, contacts: &[], requests: &[], only: None };
        assert_eq!(rows(people, "New@Chat.example"), [Row::Add(jid("new@chat.example"))]);
        assert_eq!(rows(people, "bob@chat.example"), [Row::Conversation(0)]);
    }

    #[test]
    fn of_one_account_only_its_people_are_shown() {
        let conversations = [
            conversation(HOME, "bob@chat.example", "Bob"),
            conversation(AccountId(2), "bob@chat.example", "Bob"),
        ];
        let contacts = [contact("chloe@chat.example", "Chloé")];
        let only = |only| {
            let people = People { conversations: &conversations, contacts: &contacts, requests: &[], only };
            rows(people, "")
        };
        assert_eq!(only(None).len(), 4);
        assert_eq!(only(Some(AccountId(2))), [Row::Conversation(1)]);
        let home = [Row::Conversation(0), Row::Heading(Heading::Contacts), Row::Contact(0)];
        assert_eq!(only(Some(HOME)), home);
    }
}
