//! What is pasted, dropped and chosen.

use super::*;
use crate::screen::samples;

const LINK: &str = "xmpp:chat.example?register;preauth=secret";

fn happen(invited: &mut Invited, messages: impl IntoIterator<Item = Message>) {
    let context = samples::empty(800.0, 600.0);
    for message in messages {
        let (_, wish) = invited.update(message, &context);
        assert_eq!(wish, Wish::None);
    }
}

#[test]
fn text_and_pictures_are_pasted() {
    let code = || Message::PicturePasted(Some(Ok(LINK.to_owned())));
    for messages in [
        vec![Message::PastePressed, Message::TextPasted(Some(format!(" {LINK}\n")))],
        vec![Message::PastePressed, Message::TextPasted(None), code()],
        vec![Message::PasteTyped, code()],
    ] {
        let mut invited = Invited::default();
        happen(&mut invited, messages);
        assert_eq!((invited.link(), invited.invitation().is_some()), (LINK, true));
    }
}

#[test]
fn a_clipboard_without_an_invitation_says_so_where_it_was_asked() {
    let mut invited = Invited::default();
    happen(&mut invited, [Message::PasteTyped, Message::PicturePasted(None)]);
    assert_eq!(invited.given, Given::Nothing);
    happen(&mut invited, [Message::PastePressed, Message::TextPasted(None), Message::PicturePasted(None)]);
    assert_eq!(invited.given, Given::NothingPasted);
    let no_code = Message::PicturePasted(Some(Err(scan::Fault::NoCode)));
    happen(&mut invited, [Message::PastePressed, Message::TextPasted(None), no_code]);
    assert_eq!(invited.given, Given::NoCode(scan::Fault::NoCode));
}

#[test]
fn what_was_typed_counts_more_than_a_picture() {
    let other = || Message::PicturePasted(Some(Ok("xmpp:other.example?register".to_owned())));
    let mut invited = Invited::default();
    happen(&mut invited, [Message::PasteTyped, Message::LinkTyped(LINK.to_owned()), other()]);
    assert_eq!(invited.link(), LINK);
    happen(&mut invited, [Message::PasteTyped, other()]);
    assert_eq!(invited.link(), LINK);
}
