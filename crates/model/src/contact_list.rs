//! Contacts as a file: CSV (RFC 4180) with a line of titles, `address,name,groups`.
//!
//! CSV because everybody can open, read and mend it: it is a table in any office program and plain lines in any editor. vCard has no
//! agreed place for an address of this kind nor for groups, and XEP-0227 is for servers.
//!
//! Written in UTF-8 with a byte order mark (without it, some office programs guess another encoding) and CRLF. A group name's `;` and
//! `\` are written `\;` and `\\`. A name or group that a table program would take for a formula (`=`, `+`, `-`, `@` first) has a `'`
//! before it, which is taken off again when it is read.

use std::collections::HashMap;

use crate::{BareJid, NewContact, RosterItem};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 1024 * 1024;
/// The most rows that are read.
pub const MOST_ROWS: usize = 5_000;
/// The longest name of a contact or group, in characters.
const LONGEST_NAME: usize = 255;
/// The most groups of a contact.
const MOST_GROUPS: usize = 100;
/// The most cells of a row that are looked at.
const MOST_CELLS: usize = 32;
/// How many lines that are no contact are named.
const MOST_NAMED: usize = 100;

/// Why a file is no list of contacts at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListFault {
    /// Larger than 1 MiB.
    TooLarge,
    /// More than 5,000 rows.
    TooManyRows,
    /// No row has an address.
    NoAddresses,
}

/// What was read of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListRead {
    /// The contacts, in the order of the file, each address once.
    pub contacts: Vec<NewContact>,
    /// Numbers of the lines, from 1, that have something in them but no address: the first hundred.
    pub unread: Vec<usize>,
    /// How many there are of those.
    pub unread_count: usize,
}

/// Writes contacts.
pub fn write(items: &[RosterItem]) -> String {
    let mut text = String::from("\u{feff}address,name,groups\r\n");
    for RosterItem { jid, name, groups, .. } in items {
        let groups: Vec<String> =
            groups.iter().map(|group| group.replace('\\', "\\\\").replace(';', "\\;")).collect();
        let cells = [jid.as_str(), name.as_deref().unwrap_or_default(), &groups.join(";")];
        text += &cells.map(cell).join(",");
        text += "\r\n";
    }
    text
}

/// Reads contacts, from here or from another program: separated by `,`, `;` or tabs; with titles or without, in any order and in some
/// languages; in UTF-8, or in Latin-1 where it is no UTF-8.
///
/// # Errors
///
/// When nothing can be made of it. Single lines that are no contact are told of in [`ListRead::unread`].
pub fn read(bytes: &[u8]) -> Result<ListRead, ListFault> {
    if bytes.len() > LARGEST_FILE {
        return Err(ListFault::TooLarge);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let separator = separator(text);
    let mut columns = Columns::default();
    let mut list = ListRead::default();
    let mut places: HashMap<BareJid, usize> = HashMap::new();
    let rows =
        Rows { text, line: 1, separator }.filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    for (count, (line, row)) in rows.enumerate() {
        if count > MOST_ROWS {
            return Err(ListFault::TooManyRows);
        }
        if count == 0
            && let Some(titled) = Columns::of_titles(&row)
        {
            columns = titled;
            continue;
        }
        match columns.contact(&row) {
            Some(contact) => match places.get(&contact.jid) {
                Some(place) => {
                    if let Some(known) = list.contacts.get_mut(*place) {
                        merge(known, contact);
                    }
                }
                None => {
                    places.insert(contact.jid.clone(), list.contacts.len());
                    list.contacts.push(contact);
                }
            },
            None => {
                list.unread_count += 1;
                if list.unread.len() < MOST_NAMED {
                    list.unread.push(line);
                }
            }
        }
    }
    if list.contacts.len() > MOST_ROWS {
        return Err(ListFault::TooManyRows);
    }
    if list.contacts.is_empty() { Err(ListFault::NoAddresses) } else { Ok(list) }
}

/// Who is listed twice has the first name that is given, and all groups.
fn merge(known: &mut NewContact, again: NewContact) {
    known.name = known.name.take().or(again.name);
    for group in again.groups {
        if known.groups.len() < MOST_GROUPS && !known.groups.contains(&group) {
            known.groups.push(group);
        }
    }
}

/// Which column is what.
struct Columns {
    address: usize,
    name: Option<usize>,
    groups: Option<usize>,
}

impl Default for Columns {
    fn default() -> Self {
        Self { address: 0, name: Some(1), groups: Some(2) }
    }
}

impl Columns {
    fn of_titles(row: &[String]) -> Option<Self> {
        let find = |titles: &[&str]| {
            row.iter().position(|cell| titles.contains(&cell.trim().to_lowercase().as_str()))
        };
        Some(Self {
            address: find(&["address", "jid", "xmpp", "im", "adresse", "identifiant"])?,
            name: find(&["name", "nickname", "display name", "nom", "pseudo"]),
            groups: find(&["groups", "group", "categories", "groupes", "groupe"]),
        })
    }

    fn contact(&self, row: &[String]) -> Option<NewContact> {
        let cell = |column: Option<usize>| column.and_then(|column| row.get(column)).map(String::as_str);
        let jid = address(cell(Some(self.address))?)?;
        let name = cell(self.name).and_then(name);
        let mut groups = Vec::new();
        for group in split_groups(cell(self.groups).unwrap_or_default()) {
            if let Some(group) = self::name(&group)
                && groups.len() < MOST_GROUPS
                && !groups.contains(&group)
            {
                groups.push(group);
            }
        }
        Some(NewContact { jid, name, groups })
    }
}

/// An address, also as an `xmpp:` link.
fn address(text: &str) -> Option<BareJid> {
    let text = text.trim().trim_start_matches('\'');
    let text = match text.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("xmpp:") => {
            let link = text.get(5..).unwrap_or_default();
            link.split(['?', '#']).next().unwrap_or_default()
        }
        _ => text,
    };
    // A contact is a person; servers and the like have no name before the @.
    BareJid::new(text).ok().filter(|jid| jid.local().is_some())
}

/// A name on one line, without the mark that keeps it from being a formula.
fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest,
        _ => text,
    };
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line: String = words.collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect();
    let line = line.trim_end();
    (!line.is_empty()).then(|| line.to_owned())
}

/// What a formula begins with, for a table program.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

fn cell(text: &str) -> String {
    let mark = if text.starts_with(FORMULA) { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

fn split_groups(text: &str) -> Vec<String> {
    let mut groups = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => groups.push(String::new()),
            '\\' => groups.last_mut().into_iter().for_each(|group| group.extend(chars.next())),
            c => groups.last_mut().into_iter().for_each(|group| group.push(c)),
        }
    }
    groups
}

/// What separates cells: whatever there is most of in the first line, outside of quotes.
fn separator(text: &str) -> char {
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut quoted = false;
    for c in text.chars().take_while(|c| *c != '\n' && *c != '\r') {
        quoted ^= c == '"';
        for (separator, count) in &mut counts {
            *count += usize::from(!quoted && *separator == c);
        }
    }
    // The first of those that are equally many.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(',', |(separator, _)| separator)
}

/// The rows of a text, each with the number of its first line.
struct Rows<'a> {
    text: &'a str,
    line: usize,
    separator: char,
}

impl Iterator for Rows<'_> {
    type Item = (usize, Vec<String>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.text.is_empty() {
            return None;
        }
        let begins = self.line;
        let mut cells = vec![String::new()];
        let mut quoted = false;
        let mut chars = self.text.chars();
        while let Some(c) = chars.next() {
            self.line += usize::from(c == '\n');
            let Some(cell) = cells.last_mut() else { break };
            match c {
                '"' if quoted && chars.as_str().starts_with('"') => {
                    cell.push('"');
                    chars.next();
                }
                '"' if quoted => quoted = false,
                // Anywhere else it is a character like others: 5" disk.
                '"' if cell.trim().is_empty() => {
                    cell.clear();
                    quoted = true;
                }
                '\n' if !quoted => break,
                '\r' if !quoted => {
                    if chars.as_str().starts_with('\n') {
                        self.line += 1;
                        chars.next();
                    }
                    break;
                }
                c if c == self.separator && !quoted => {
                    if cells.len() < MOST_CELLS {
                        cells.push(String::new());
                    }
                }
                c => cell.push(c),
            }
        }
        self.text = chars.as_str();
        Some((begins, cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PendingOut, Subscription};

    fn item(jid: &str, name: Option<&str>, groups: &[&str]) -> RosterItem {
        RosterItem {
            jid: BareJid::new(jid).unwrap(),
            name: name.map(str::to_owned),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            subscription: Subscription::Both,
            pending_out: PendingOut::No,
            approved: false,
        }
    }

    fn lines(text: &str) -> Vec<String> {
        let list = read(text.as_bytes()).unwrap();
        let line = |contact: NewContact| {
            format!("{} {} {}", contact.jid, contact.name.unwrap_or_default(), contact.groups.join("/"))
        };
        list.contacts.into_iter().map(line).collect()
    }

    #[test]
    fn what_is_written_reads_back() {
        let items = [
            item("bob@example.org", Some("Bob \"le bref\", dit B;B"), &["Amis", "a;b\\c", "=1+1"]),
            item("léa@exämple.org", Some("=HYPERLINK(\"x\")"), &[]),
            item("zoe@example.org", None, &["-"]),
        ];
        let text = write(&items);
        assert!(text.starts_with("\u{feff}address,name,groups\r\n"), "{text}");
        assert!(text.contains("\"'=HYPERLINK"), "{text}");
        let list = read(text.as_bytes()).unwrap();
        assert_eq!(list.unread_count, 0);
        for (contact, item) in list.contacts.iter().zip(&items) {
            assert_eq!((&contact.jid, &contact.name, &contact.groups), (&item.jid, &item.name, &item.groups));
        }
        assert_eq!(list.contacts.len(), 3);
    }

    #[test]
    fn files_of_other_programs_are_understood() {
        assert_eq!(lines("bob@example.org"), ["bob@example.org  "]);
        assert_eq!(
            lines("Nom;Groupes;Adresse\nBob;\"Amis;x\";bob@example.org\n"),
            ["bob@example.org Bob Amis/x"]
        );
        assert_eq!(lines("jid\tname\r\nBOB@Example.org\tBob\r\n\r\n"), ["bob@example.org Bob "]);
        assert_eq!(lines("xmpp:bob@example.org?roster;name=x,Bob"), ["bob@example.org Bob "]);
        assert_eq!(
            lines("bob@example.org,\"Bob\nle \"\"bref\"\"\"\nlea@example.org"),
            ["bob@example.org Bob le \"bref\" ", "lea@example.org  "]
        );
        // Latin-1.
        let list = read(b"lea@example.org,L\xe9a").unwrap();
        assert_eq!(list.contacts[0].name.as_deref(), Some("Léa"));
        // Somebody twice.
        assert_eq!(lines("a@b.c,,x\na@b.c,A,y\na@b.c,B,x"), ["a@b.c A x/y"]);
    }

    #[test]
    fn what_is_no_contact_is_counted() {
        let list = read(
            b"address,name\nbob@example.org,\"two\nlines\"\nexample.org,a server\n,nobody\nfoo bar@,x\n",
        )
        .unwrap();
        assert_eq!((list.contacts.len(), list.unread, list.unread_count), (1, vec![4, 5, 6], 3));
        for nothing in ["", "\u{feff}", "\n\n", "address,name,groups\n", "\"", "\0\u{1}", "a,b,c"] {
            assert_eq!(read(nothing.as_bytes()), Err(ListFault::NoAddresses), "{nothing:?}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused() {
        assert_eq!(read(&vec![b'a'; LARGEST_FILE + 1]), Err(ListFault::TooLarge));
        let rows = |count: usize| -> String { (0..count).map(|n| format!("a{n}@example.org\n")).collect() };
        assert_eq!(read(rows(5_000).as_bytes()).unwrap().contacts.len(), 5_000);
        assert_eq!(read(rows(5_001).as_bytes()), Err(ListFault::TooManyRows));
        let titled = format!("address\n{}", rows(5_000));
        assert_eq!(read(titled.as_bytes()).unwrap().contacts.len(), 5_000);
        // Long cells and many of them.
        let wide = format!("bob@example.org{}\n", ",".repeat(100_000));
        assert_eq!(lines(&wide), ["bob@example.org  "]);
        let long = format!("bob@example.org,{}\n", "é".repeat(100_000));
        assert_eq!(read(long.as_bytes()).unwrap().contacts[0].name.as_ref().unwrap().chars().count(), 255);
    }
}
