//! Pieces of deleted texts in a database that is too large to be put together anew: the file is gone through, a few pages at a time.
//!
//! Where SQLite moves rows from page to page, the old page may keep a copy in the room that no row covers any more. `secure_delete`
//! overwrites what is deleted and every page that is given up; that room it does not know. The file's format says where it is
//! (<https://sqlite.org/fileformat2.html> §1.6): between the last pointer to a cell and the first cell, and in the free blocks. SQLite never
//! reads it. So it is overwritten with zeros in the file itself, which `VACUUM` would have to copy as a whole.
//!
//! What makes that safe, and makes it hold:
//!
//! | | |
//! |---|---|
//! | nobody else writes | the folder is this process's, and this connection, the only one that writes, has a transaction open meanwhile |
//! | what is in the file is what counts | the log is empty |
//! | no older copy is written back | the connection's pages in memory are dropped first |
//! | what is no page of a tree is left alone | other pages begin with a page's number, whose first byte is 0 in a file of fewer than 2^24 pages |
//! | something is written between two batches | rows may have moved to pages that were gone through: it is begun again |
//! | a power cut in the middle | there are more zeros, or fewer, where nobody looks |
//! | a medium that garbles a whole sector at a power cut | not covered: what is on that page is in no log then, as it is at a checkpoint of SQLite |

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

/// Larger files are not gone through: 64 GiB.
const MOST_PAGES: u32 = 1 << 24;
/// The page that SQLite's locks are on has this byte, and nothing is on it.
const LOCKS_AT: u64 = 1 << 30;

/// How far it is.
#[derive(Debug, Default)]
pub(crate) struct Scrub {
    /// Closed no sooner than the connection: on some systems, closing it gives up the connection's locks.
    file: Option<File>,
    /// The next page; none where it was not begun.
    pub(crate) next: Option<u32>,
    /// How much the connection had changed when it was begun.
    pub(crate) changes: u64,
    /// How often in a row something was written before it was through.
    pub(crate) rounds: u8,
    /// Then it is not begun before this.
    pub(crate) not_before: Option<Instant>,
}

/// A database's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Bytes of a page.
    pub(crate) page_size: u32,
    /// How many there are.
    pub(crate) pages: u32,
}

impl Layout {
    /// Whether such a file can be gone through.
    pub(crate) fn is_known(self) -> bool {
        self.pages < MOST_PAGES && (512..=65_536).contains(&self.page_size)
    }
}

impl Scrub {
    /// Goes through the next pages, so many at most. Whether that was the last.
    ///
    /// # Errors
    ///
    /// When the file can't be read or written. It is whole in any case.
    pub(crate) fn go_on(&mut self, database: &Path, layout: Layout, most: u32) -> io::Result<bool> {
        let first = self.next.unwrap_or(1).max(1);
        let end = layout.pages.saturating_add(1).min(first.saturating_add(most));
        let mut file = match self.file.take() {
            Some(file) => file,
            None => OpenOptions::new().read(true).write(true).open(database)?,
        };
        let done = go_through(&mut file, layout, first..end);
        let file = self.file.insert(file);
        done?;
        self.next = Some(end);
        let is_last = end > layout.pages;
        if is_last {
            file.sync_data()?;
        }
        Ok(is_last)
    }
}

fn go_through(file: &mut File, layout: Layout, pages: Range<u32>) -> io::Result<()> {
    let size = u64::from(layout.page_size);
    let length = usize::try_from(layout.page_size).map_err(io::Error::other)?;
    let mut page = vec![0; length];
    for number in pages {
        let at = u64::from(number - 1) * size;
        if (at..at + size).contains(&LOCKS_AT) {
            continue;
        }
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut page)?;
        for hole in holes(&page, number == 1) {
            let Some(bytes) = page.get_mut(hole.clone()) else { continue };
            if bytes.iter().any(|byte| *byte != 0) {
                bytes.fill(0);
                file.seek(SeekFrom::Start(at + hole.start as u64))?;
                file.write_all(bytes)?;
            }
        }
    }
    Ok(())
}

/// The room on a page of a tree that nothing covers. None, where the page is something else, or not as it should be.
fn holes(page: &[u8], is_first: bool) -> Vec<Range<usize>> {
    let header = if is_first { 100 } else { 0 };
    let number = |at: usize| Some(usize::from(u16::from_be_bytes(page.get(at..at + 2)?.try_into().ok()?)));
    let find = || {
        let length = match page.get(header)? {
            2 | 5 => 12,
            10 | 13 => 8,
            _ => return None,
        };
        let pointers = header + length + 2 * number(header + 3)?;
        let content = match number(header + 5)? {
            0 => 65_536,
            content => content,
        };
        if pointers > content || content > page.len() {
            return None;
        }
        let mut holes: Vec<Range<usize>> = std::iter::once(pointers..content).collect();
        let mut block = number(header + 1)?;
        while block != 0 {
            let (next, size) = (number(block)?, number(block + 2)?);
            let end = block + size;
            if block < content || size < 4 || end > page.len() || (next != 0 && next < end) {
                return None;
            }
            holes.push(block + 4..end);
            block = next;
        }
        Some(holes)
    };
    find().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(kind: u8, cells: u16, content: u16, block: u16) -> Vec<u8> {
        let mut page = vec![7; 512];
        page[0] = kind;
        page[1..3].copy_from_slice(&block.to_be_bytes());
        page[3..5].copy_from_slice(&cells.to_be_bytes());
        page[5..7].copy_from_slice(&content.to_be_bytes());
        page
    }

    #[test]
    fn what_is_between_pointers_and_cells_and_in_free_blocks_is_covered_by_nothing() {
        let one = |range: Range<usize>| std::iter::once(range).collect::<Vec<_>>();
        assert_eq!(holes(&page(13, 3, 300, 0), false), one(14..300));
        assert_eq!(holes(&page(5, 0, 512, 0), false), one(12..512));
        let mut two = page(10, 1, 200, 250);
        two[250..254].copy_from_slice(&[1, 144, 0, 20]);
        two[400..404].copy_from_slice(&[0, 0, 0, 112]);
        assert_eq!(holes(&two, false), [10..200, 254..270, 404..512]);
    }

    #[test]
    fn what_is_not_as_it_should_be_is_left_alone() {
        // Another kind of page; more pointers than room; cells beyond the end; blocks in a circle, too short, or where no cells are.
        for odd in [page(0, 0, 512, 0), page(13, 250, 300, 0), page(13, 0, 513, 0), page(13, 0, 200, 100)] {
            assert_eq!(holes(&odd, false), []);
        }
        for block in [[0, 250, 0, 20], [0, 0, 0, 3], [0, 0, 2, 0], [0, 251, 0, 20]] {
            let mut odd = page(13, 1, 200, 250);
            odd[250..254].copy_from_slice(&block);
            assert_eq!(holes(&odd, false), [], "{block:?}");
        }
        assert_eq!(holes(&[13], false), []);
        assert_eq!(holes(&[], true), []);
    }
}
