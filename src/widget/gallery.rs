//! Pictures of every widget, light and dark, to be looked at: `CAUSERIE_PICTURES=folder cargo test gallery` writes them.
//! Without the variable they are drawn and thrown away, which at least shows that nothing breaks.

use std::path::PathBuf;

use iced::widget::{Space, column, container, row, text, text_editor, text_input};
use iced::{Alignment, Length, border};

use super::access::{Role, labelled};
use super::avatar::{Availability, avatar, avatar_with_dot, status_dot};
use super::button::{
    button, checkbox, choice, hint, icon_button, icon_button_of, link_button, menu_button,
    menu_button_danger, row_button,
};
use super::harness::Harness;
use super::message_text::{line, message_text};
use super::{emoji, focus};
use crate::icon::{Icon, tinted};
use crate::theme::style::{self, BubbleSide, ButtonKind, Selection};
use crate::theme::{self, Contrast, Element, Theme, Tone, radius, size, space};

/// Nobody listens.
type Said = ();

fn themes() -> [(&'static str, Theme); 4] {
    [
        ("light", Theme::new(Tone::Light, Contrast::Normal)),
        ("dark", Theme::new(Tone::Dark, Contrast::Normal)),
        ("light-contrast", Theme::new(Tone::Light, Contrast::High)),
        ("dark-contrast", Theme::new(Tone::Dark, Contrast::High)),
    ]
}

fn keep(name: &str) -> PathBuf {
    let folder = std::env::var_os("CAUSERIE_PICTURES").map_or_else(std::env::temp_dir, PathBuf::from);
    folder.join(format!("causerie-gallery-{name}-{}.png", std::process::id()))
}

fn draw(name: &str, size: (f32, f32), view: impl Fn() -> Element<'static, Said>) {
    for (theme_name, theme) in themes() {
        let view =
            focus::scope(container(view()).style(style::paper).width(Length::Fill).height(Length::Fill));
        let mut ui = Harness::new(size, view);
        ui.fail_if_unlabelled();
        ui.key(iced::keyboard::key::Named::Tab);
        let path = keep(&format!("{name}-{theme_name}"));
        ui.picture(&theme, &path);
        if std::env::var_os("CAUSERIE_PICTURES").is_none() {
            std::fs::remove_file(&path).unwrap();
        }
    }
}

fn wide<'a>(children: impl IntoIterator<Item = Element<'a, Said>>) -> Element<'a, Said> {
    iced::widget::Row::with_children(children).spacing(space::M).align_y(Alignment::Center).into()
}

fn controls() -> Element<'static, Said> {
    let content = text_editor::Content::with_text("Salut 👋🏽 Zoé, on se voit demain ? 🎉");
    let content: &'static text_editor::Content = Box::leak(Box::new(content));
    let editor = text_editor(content)
        .on_action(|_| ())
        .padding(space::S)
        .highlight_with::<emoji::InColour>((), emoji::format);
    column![
        wide([
            button("Sign in").kind(ButtonKind::Primary).on_press(()).into(),
            button("Cancel").on_press(()).into(),
            button("Later").kind(ButtonKind::Quiet).on_press(()).into(),
            button("Remove contact").icon(Icon::Trash).kind(ButtonKind::Danger).on_press(()).into(),
            button("Sign in").kind(ButtonKind::Primary).into(),
            button("Cancel").into(),
        ]),
        wide([
            icon_button(Icon::SquarePen, "New conversation", Some(())),
            icon_button(Icon::Search, "Search", Some(())),
            icon_button(Icon::Lock, "Encryption", Some(())),
            icon_button(Icon::Ellipsis, "More", None),
            icon_button_of(ButtonKind::Primary, Icon::Send, "Send", Some(())),
            link_button("What is an address?", Some(())),
        ]),
        choice(
            "Appearance",
            [(0, "System".to_owned()), (1, "Light".to_owned()), (2, "Dark".to_owned())],
            1,
            |_| ()
        ),
        checkbox("Show that I am writing", true, |_| ()),
        checkbox("Start when I sign in to the computer", false, |_| ()),
        labelled(
            Role::TextInput,
            "Address",
            text_input("bob@example.org", "").on_input(|_| ()).padding([9.0, space::M])
        ),
        labelled(
            Role::TextInput,
            "Address, wrong",
            text_input("bob@example.org", "bob@")
                .on_input(|_| ())
                .padding([9.0, space::M])
                .style(style::field(true))
        ),
        labelled(Role::Editor, "Message", editor),
        container(
            column![
                menu_button(Icon::Copy, "Copy text", Some(())),
                menu_button(Icon::Reply, "Reply", Some(())),
                menu_button_danger(Icon::Ban, "Block", Some(())),
            ]
            .spacing(2.0)
        )
        .padding(space::XS)
        .width(220.0)
        .style(style::floating),
    ]
    .spacing(space::M)
    .padding(space::XL)
    .into()
}

fn bubble<'a>(side: BubbleSide, corners: border::Radius, words: &'a str, foot: &'a str) -> Element<'a, Said> {
    let inner = column![
        message_text(words).on_link(|_| ()),
        row![
            text(foot).size(size::META).style(style::muted),
            tinted(Icon::CheckCheck, size::ICON_SMALL, |t| t.accent)
        ]
        .spacing(space::XS)
        .align_y(Alignment::Center),
    ]
    .spacing(2.0);
    let bubble =
        container(inner).padding([7.0, space::M]).max_width(420.0).style(style::bubble(side, corners));
    let align = match side {
        BubbleSide::Mine => iced::alignment::Horizontal::Right,
        BubbleSide::Theirs => iced::alignment::Horizontal::Left,
    };
    container(bubble).width(Length::Fill).align_x(align).into()
}

fn conversation() -> Element<'static, Said> {
    let round = border::Radius::new(radius::BUBBLE);
    column![
        bubble(BubbleSide::Theirs, round.bottom_left(radius::JOINED), "Salut ! 👋", "14:30"),
        bubble(
            BubbleSide::Theirs,
            round.top_left(radius::JOINED),
            "On se voit demain ? Regarde https://fr.wikipedia.org/wiki/Chat_(animal), c’est drôle. Sinon, écris à mailto:zoe@example.org.",
            "14:32"
        ),
        bubble(
            BubbleSide::Mine,
            round,
            "Oui, à midi. Voici le plan : https://www.openstreetmap.org/#map=19/48.85/2.35 et un long texte qui passe à la ligne pour voir ce que cela donne.",
            "14:33"
        ),
        bubble(BubbleSide::Theirs, round, "🎉👩‍👧🇫🇷", "14:34"),
        bubble(BubbleSide::Mine, round, "日本語 русский ελληνικά ← → ✓ №", "14:35"),
    ]
    .spacing(space::XS)
    .padding(space::XL)
    .into()
}

fn people() -> Element<'static, Said> {
    let person = |name: &'static str, last: &'static str, available, selected| {
        let picture = avatar_with_dot(avatar(name, name, None, 40.0), available, 40.0);
        let second: Element<'_, Said> = line(last, size::SECONDARY).color(|t| t.muted).into();
        let badge = container(text("2").size(size::META).font(theme::STRONG).line_height(1.0))
            .padding([4.0, 7.0])
            .style(style::badge);
        let lines = column![
            row![
                text(name).font(theme::STRONG),
                Space::new().width(Length::Fill),
                text("14:32").size(size::META).style(style::muted)
            ]
            .align_y(Alignment::Center),
            row![container(second).width(Length::Fill).clip(true), badge].align_y(Alignment::Center),
        ]
        .spacing(2.0);
        let content = row![picture, lines].spacing(space::M).align_y(Alignment::Center);
        Element::from(row_button(format!("{name}, {last}"), content, Selection::from(selected)).on_press(()))
    };
    let dots = [Availability::Online, Availability::Away, Availability::LongAway, Availability::Busy];
    column![
        person("Bob Martin", "On se voit demain ?", Availability::Online, false),
        person("Chloé", "🎉 Draft: j’arrive", Availability::Away, true),
        person(
            "Équipe April",
            "Zoé : c’est noté 👍🏽 et un texte bien trop long pour la ligne",
            Availability::Busy,
            false
        ),
        person("👩‍👧", "Photo", Availability::LongAway, false),
        person("zoe@example.org", "Salut", Availability::LongAway, false),
        wide(dots.map(|dot| container(status_dot(24.0, dot)).padding(space::S).into())),
        hint(text("Hovered words").size(size::BODY), "They explain"),
    ]
    .spacing(2.0)
    .padding(space::M)
    .into()
}

#[test]
fn gallery_of_controls() {
    draw("controls", (720.0, 620.0), controls);
}

#[test]
fn gallery_of_a_conversation() {
    draw("conversation", (620.0, 480.0), conversation);
}

#[test]
fn gallery_of_people() {
    draw("people", (320.0, 480.0), people);
}
