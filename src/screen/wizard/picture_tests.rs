//! The picture that others see: it is taken back by who wants that, and by nothing else.

use causerie_model::{Connection, ProfilePart};

use super::stages::*;
use super::*;
use crate::portrait::{Fault as PictureFault, Original};
use crate::screen::samples;

fn picture(side: u32) -> Box<ready::Framed> {
    let mut file = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(side, side, image::Rgb([90, 140, 180]))
        .write_to(&mut file, image::ImageFormat::Png)
        .unwrap();
    let original = Original::of(file.get_ref()).unwrap();
    let shown = original.view();
    ready::Framed::new((original, shown))
}

fn tell_ready(wizard: &mut Wizard, message: ready::Message, context: &Context) -> Vec<Action> {
    happen(wizard, Message::Ready(message), context)
}

fn withdrawn(actions: &[Action]) -> Vec<ProfilePart> {
    let gone = actions.iter().filter_map(|action| match action {
        Action::Withdraw(_, parts) => Some(parts.clone()),
        _ => None,
    });
    gone.flatten().collect()
}

/// With the account in here.
fn home() -> Context {
    let mut context = samples::empty(800.0, 1200.0);
    context.accounts = vec![samples::account(samples::HOME, "alice@chapril.org", Connection::Online)];
    // The provider has what was published.
    context.accounts[0].account.profile.picture = Some(causerie_model::AvatarHash([7; 20]));
    context
}

/// Another run, with what was written down.
fn restarted(kept: &Kept, context: &Context) -> Wizard {
    let written = serde_json::to_string(kept).unwrap();
    Wizard::again(&serde_json::from_str(&written).unwrap(), context).0
}

/// At the page of the first contact, with a name and a picture that others see.
fn published(context: &Context) -> Wizard {
    let mut wizard = framed(context);
    tell_ready(&mut wizard, ready::Message::NameChanged("Alice".to_owned()), context);
    happen(&mut wizard, Message::OnPressed, context);
    assert_eq!(wizard.page, Page::Contact);
    wizard
}

#[test]
fn a_file_that_is_gone_takes_nothing_from_what_others_see() {
    let context = home();
    let wizard = published(&context);
    let not_shown = "others don’t see it";
    let mut lost: Vec<(Wizard, &str)> = Vec::new();
    let mut unplugged = restarted(&wizard.kept(), &context);
    opened(&mut unplugged, Err(PictureFault::Unreadable), &context);
    lost.push((unplugged, "the file is gone"));
    let mut kept = wizard.kept();
    kept.picture = None;
    lost.push((restarted(&kept, &context), "its path could not be written down"));
    kept.shown_name.clear();
    lost.push((restarted(&kept, &context), "nor the name"));
    for (mut wizard, why) in lost {
        assert!(!says(&wizard, &context, not_shown), "{why}");
        happen(&mut wizard, Message::BackPressed, &context);
        assert!(says(&wizard, &context, "Others still see the picture from before"), "{why}");
        let mut again = restarted(&wizard.kept(), &context);
        for wizard in [&mut wizard, &mut again] {
            let on = happen(wizard, Message::OnPressed, &context);
            assert_eq!(withdrawn(&on), [], "{why}");
            // Who wants it to be gone has it gone.
            happen(wizard, Message::BackPressed, &context);
            assert!(labels(wizard, &context).contains(&"Remove".to_owned()), "{why}");
            tell_ready(wizard, ready::Message::RemovePressed, &context);
            assert!(!says(wizard, &context, "Others still see"), "{why}");
            let on = happen(wizard, Message::OnPressed, &context);
            assert_eq!(withdrawn(&on), [ProfilePart::Picture], "{why}");
            happen(wizard, Message::BackPressed, &context);
            assert_eq!(withdrawn(&happen(wizard, Message::OnPressed, &context)), [], "once");
        }
    }
}

#[test]
fn what_was_removed_is_gone_also_for_who_skips_the_page_or_starts_anew() {
    let context = home();
    let mut wizard = published(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    tell_ready(&mut wizard, ready::Message::RemovePressed, &context);
    tell_ready(&mut wizard, ready::Message::NameChanged(" ".to_owned()), &context);
    let again = restarted(&wizard.kept(), &context);
    for mut wizard in [wizard, again] {
        let skipped = happen(&mut wizard, Message::SkipPressed, &context);
        assert_eq!(withdrawn(&skipped), [ProfilePart::Name, ProfilePart::Picture]);
        assert!(!skipped.iter().any(|action| matches!(action, Action::Publish(..))), "{skipped:?}");
        happen(&mut wizard, Message::BackPressed, &context);
        assert_eq!(withdrawn(&happen(&mut wizard, Message::SkipPressed, &context)), [], "once");
    }
    // What is only typed anew, or was seen by nobody, is left out by skipping, and nothing more.
    let mut wizard = published(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    tell_ready(&mut wizard, ready::Message::NameChanged(String::new()), &context);
    tell_ready(&mut wizard, ready::Message::NameChanged("Bob".to_owned()), &context);
    assert_eq!(withdrawn(&happen(&mut wizard, Message::SkipPressed, &context)), []);
    let mut wizard = framed(&context);
    tell_ready(&mut wizard, ready::Message::RemovePressed, &context);
    assert_eq!(withdrawn(&happen(&mut wizard, Message::SkipPressed, &context)), []);
}

#[test]
fn a_picture_that_could_not_be_made_ready_leaves_the_one_from_before() {
    let context = home();
    let mut wizard = published(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    happen(&mut wizard, Message::OnPressed, &context);
    let _ = wizard.picture_failed(PictureFault::TooLarge);
    assert!(says(&wizard, &context, "Your picture could not be made ready"));
    happen(&mut wizard, Message::BackPressed, &context);
    assert!(says(&wizard, &context, "Others still see the picture from before"));
    // Where there was none, none is seen.
    let mut wizard = published(&context);
    let _ = wizard.picture_failed(PictureFault::TooLarge);
    happen(&mut wizard, Message::BackPressed, &context);
    assert!(!says(&wizard, &context, "Others still see"));
}

#[test]
fn the_picture_that_was_chosen_last_counts_whichever_is_read_first() {
    let context = home();
    let mut wizard = signed_in(&context);
    let sources = |wizard: &Wizard| wizard.ready.source.clone().map(|path| path.display().to_string());
    let [first, second] = ["a.png", "b.png"].map(|path| {
        tell_ready(&mut wizard, ready::Message::Dropped(path.into()), &context);
        wizard.ready.opened()
    });
    tell_ready(&mut wizard, ready::Message::Opened(first, Ok(picture(200))), &context);
    assert!(wizard.ready.is_reading(), "that is not the one");
    tell_ready(&mut wizard, ready::Message::Opened(second, Ok(picture(300))), &context);
    let size = |wizard: &Wizard| wizard.ready.picture().map(|(original, _)| original.size());
    assert_eq!((size(&wizard), sources(&wizard)), (Some((300, 300)), Some("b.png".to_owned())));
    // One that comes when nobody waits for it any more does not come back.
    tell_ready(&mut wizard, ready::Message::RemovePressed, &context);
    tell_ready(&mut wizard, ready::Message::Dropped("c.png".into()), &context);
    tell_ready(&mut wizard, ready::Message::Opened(second, Err(PictureFault::Unreadable)), &context);
    assert!(wizard.ready.is_reading());
}

#[test]
fn a_picture_that_is_being_read_is_waited_for_and_can_be_cancelled() {
    use crate::widget::harness::Harness;
    let context = home();
    for before in [None, Some((400, 300))] {
        let mut wizard = if before.is_some() { framed(&context) } else { signed_in(&context) };
        let source = wizard.ready.source.clone();
        tell_ready(&mut wizard, ready::Message::Dropped("slow.png".into()), &context);
        let mut window = Harness::new((900.0, 1600.0), view(&wizard, &context));
        let on = window.audit().into_iter().find(|found| found.label() == "Continue").unwrap();
        assert!(!on.focusable, "there is nothing to press that does nothing");
        assert!(window.audit().iter().any(|found| found.label() == "Reading the picture…"));
        window.click("Cancel");
        let pressed = window.messages().remove(0);
        drop(window);
        happen(&mut wizard, pressed, &context);
        opened(&mut wizard, Ok(picture(200)), &context);
        let size = wizard.ready.picture().map(|(original, _)| original.size());
        assert_eq!((size, wizard.ready.source.clone()), (before, source), "what was there before is");
        happen(&mut wizard, Message::OnPressed, &context);
        assert_eq!(wizard.page, Page::Contact);
    }
}

#[test]
fn removing_a_picture_that_was_only_chosen_takes_nothing_from_what_others_see() {
    let context = home();
    let chosen = || {
        let mut wizard = published(&context);
        happen(&mut wizard, Message::BackPressed, &context);
        tell_ready(&mut wizard, ready::Message::Dropped("other.png".into()), &context);
        opened(&mut wizard, Ok(picture(200)), &context);
        wizard
    };
    let restart = |wizard: &Wizard| {
        let mut again = restarted(&wizard.kept(), &context);
        opened(&mut again, Ok(picture(200)), &context);
        again
    };
    for (mut wizard, why) in [(chosen(), "chosen"), (restart(&chosen()), "chosen in an earlier run")] {
        tell_ready(&mut wizard, ready::Message::RemovePressed, &context);
        assert!(says(&wizard, &context, "Others still see the picture from before"), "{why}");
        for on in [Message::SkipPressed, Message::OnPressed] {
            assert_eq!(withdrawn(&happen(&mut wizard, on, &context)), [], "{why}");
            happen(&mut wizard, Message::BackPressed, &context);
        }
        // That one is removed by a press of its own.
        tell_ready(&mut wizard, ready::Message::RemovePressed, &context);
        assert!(!says(&wizard, &context, "Others still see"), "{why}");
        let skipped = happen(&mut wizard, Message::SkipPressed, &context);
        assert_eq!(withdrawn(&skipped), [ProfilePart::Picture], "{why}");
    }
    // The one from before is there again where the other one is not waited for: it is still the one that others see.
    let mut wizard = published(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    for message in [
        ready::Message::Dropped("slow.png".into()),
        ready::Message::ReadingCancelled,
        ready::Message::RemovePressed,
    ] {
        tell_ready(&mut wizard, message, &context);
    }
    assert_eq!(withdrawn(&happen(&mut wizard, Message::SkipPressed, &context)), [ProfilePart::Picture]);
    // What was removed before stays so.
    let mut wizard = published(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    tell_ready(&mut wizard, ready::Message::RemovePressed, &context);
    tell_ready(&mut wizard, ready::Message::Dropped("other.png".into()), &context);
    opened(&mut wizard, Ok(picture(200)), &context);
    tell_ready(&mut wizard, ready::Message::RemovePressed, &context);
    assert_eq!(withdrawn(&happen(&mut wizard, Message::SkipPressed, &context)), [ProfilePart::Picture]);
}

#[test]
fn what_no_provider_has_is_not_said_to_be_seen() {
    let mut context = home();
    context.accounts[0].account.profile.picture = None;
    let mut wizard = published(&context);
    happen(&mut wizard, Message::BackPressed, &context);
    tell_ready(&mut wizard, ready::Message::Dropped("gone.png".into()), &context);
    opened(&mut wizard, Err(PictureFault::Unreadable), &context);
    assert!(!says(&wizard, &context, "Others still see"));
    assert!(labels(&wizard, &context).contains(&"Remove".to_owned()), "it is still wanted");
    assert!(says(&wizard, &home(), "Others still see the picture from before"), "as soon as it is there");
}

#[test]
fn a_picture_that_was_chosen_in_another_form_is_not_taken_for_one_of_this() {
    let context = home();
    let mut forms = ["slow.png", "b.png"].map(|path| {
        let mut wizard = signed_in(&context);
        tell_ready(&mut wizard, ready::Message::Dropped(path.into()), &context);
        wizard
    });
    let slow = forms[0].ready.opened();
    tell_ready(&mut forms[1], ready::Message::Opened(slow, Ok(picture(200))), &context);
    assert!(forms[1].ready.is_reading());
}

/// The file that was chosen last was read, or could not be.
fn opened(wizard: &mut Wizard, read: Result<Box<ready::Framed>, PictureFault>, context: &Context) {
    let opened = ready::Message::Opened(wizard.ready.opened(), read);
    tell_ready(wizard, opened, context);
}

#[test]
fn a_file_that_is_no_picture_takes_nothing_from_the_one_that_was_chosen() {
    let context = home();
    let mut wizard = framed(&context);
    tell_ready(&mut wizard, ready::Message::Shifted(crate::portrait::Shift::NEARER), &context);
    let before = (wizard.ready.picture().map(|(_, square)| square), wizard.ready.source.clone());
    tell_ready(&mut wizard, ready::Message::Dropped("letter.txt".into()), &context);
    opened(&mut wizard, Err(PictureFault::Unreadable), &context);
    let after = (wizard.ready.picture().map(|(_, square)| square), wizard.ready.source.clone());
    assert!(before.0.is_some());
    assert_eq!(after, before);
    assert!(says(&wizard, &context, "The file can’t be read"));
    tell_ready(&mut wizard, ready::Message::Dropped("other.png".into()), &context);
    opened(&mut wizard, Ok(picture(200)), &context);
    assert!(!says(&wizard, &context, "The file can’t be read"));
}
