//! A server that lies about somebody's lists of devices (XEP-0384): the modules `device_lists` of both servers do it.

use std::fs;

use super::Server;

/// What a server says in the place of a list of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// That nobody may read it.
    Withheld,
    /// That there is none.
    Missing,
    /// That nothing is on it.
    Emptied,
    /// That another device is on it, of which nobody has ever heard.
    Replaced,
    /// Something that makes no sense.
    Broken,
}

impl Lie {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Withheld, Self::Missing, Self::Emptied, Self::Replaced, Self::Broken];

    fn name(self) -> &'static str {
        match self {
            Self::Withheld => "withheld",
            Self::Missing => "missing",
            Self::Emptied => "emptied",
            Self::Replaced => "replaced",
            Self::Broken => "broken",
        }
    }
}

impl Server {
    /// From now on it lies to others about somebody's lists of devices, or to nobody any more.
    ///
    /// # Panics
    ///
    /// When its folder can't be written.
    pub fn lie_about(&self, lie: Option<(&str, Lie)>) {
        self.tell(lie.map(|(name, lie)| format!("{} {}", lie.name(), self.jid(name))));
    }

    /// From now on it tells nobody of any list of the newer version, so that the older one is left.
    ///
    /// # Panics
    ///
    /// When its folder can't be written.
    pub fn hide_newer_lists(&self) {
        self.tell(Some("older *".to_owned()));
    }

    fn tell(&self, mood: Option<String>) {
        let file = self.place.folder.join("device-lists.txt");
        let Some(mood) = mood else {
            let _ = fs::remove_file(file);
            return;
        };
        // In one step: it is read at each stanza.
        let unfinished = file.with_extension("part");
        fs::write(&unfinished, mood).expect("its folder");
        fs::rename(unfinished, file).expect("its folder");
    }
}
