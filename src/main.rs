//! Causerie: a warm, quick and honest XMPP client for the desktop.

mod app;
mod context;
mod i18n;
mod icon;
mod intents;
mod invitations;
mod names;
mod network;
mod passwords;
mod platform;
mod portrait;
mod providers;
mod recovery;
mod screen;
mod settings;
mod startup;
mod theme;
mod widget;
mod words;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use iced::{Point, Size, window};

use app::App;
use platform::arguments::{self, Arguments, Request};
use platform::folders::Folders;
use platform::{display, instance, log, renderer};
use startup::Startup;

fn main() -> ExitCode {
    match arguments::parse(std::env::args_os().skip(1)) {
        Request::Run(arguments) => run(arguments),
        Request::Help => say(arguments::HELP),
        Request::Version => say(concat!("causerie ", env!("CARGO_PKG_VERSION"), "\n")),
        Request::Wrong(why) => fail(&format!("{why} Try causerie --help.")),
    }
}

fn run(arguments: Arguments) -> ExitCode {
    let Some(folders) = Folders::new(&arguments) else {
        return fail("there is no home folder to keep anything in; name one with --data-dir");
    };
    if let Err(error) = folders.create() {
        return fail(&format!("the folder {} can't be used: {error}", folders.data.display()));
    }
    if instance::hand_over(&folders.data, arguments.uri.as_deref()) {
        return ExitCode::SUCCESS;
    }
    if let Some(missing) = display::missing() {
        return fail(&missing);
    }
    let settings = settings::load(&folders.settings);
    renderer::apply(settings.acceleration);
    let _log = log::start(&folders.logs);
    log::watch_panics();
    let place = settings.window.sane();
    // The toolkit takes sizes in pixels of the program, whose text may be larger than that of the desktop.
    let factor = settings.text_size.factor();
    let startup = Startup::new(arguments, folders, settings);
    let mut application = iced::application(move || App::new(startup.clone()), App::update, App::view)
        .title(App::title)
        .theme(App::theme)
        .scale_factor(App::scale_factor)
        .subscription(App::subscription)
        .default_font(theme::TEXT)
        .window(window::Settings {
            size: Size::new(place.width / factor, place.height / factor),
            position: place
                .position
                .map_or(window::Position::Default, |(x, y)| window::Position::Specific(Point::new(x, y))),
            maximized: place.maximized,
            min_size: Some(settings::Window::MIN.into()),
            exit_on_close_request: false,
            icon: icon(),
            platform_specific: platform_specific(),
            ..window::Settings::default()
        });
    for font in theme::fonts() {
        application = application.font(font);
    }
    match std::panic::catch_unwind(AssertUnwindSafe(|| application.run())) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => fail(&display::explain(&error.to_string())),
        // The toolkit knows no other way to say that it can't open a window, which was said in a sentence already.
        Err(panic) if log::words_of(panic.as_ref()).and_then(display::explain_panic).is_some() => {
            ExitCode::FAILURE
        }
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// The picture that desktops show for the window.
fn icon() -> Option<window::Icon> {
    const PICTURE: &[u8] = include_bytes!("../assets/icon-256.png");
    let picture = image::load_from_memory_with_format(PICTURE, image::ImageFormat::Png).ok()?.into_rgba8();
    let (width, height) = picture.dimensions();
    window::icon::from_rgba(picture.into_raw(), width, height).ok()
}

/// By this name desktops find the entry in their menu that the window belongs to.
#[cfg(target_os = "linux")]
fn platform_specific() -> window::settings::PlatformSpecific {
    window::settings::PlatformSpecific {
        application_id: "org.causerie.Causerie".to_owned(),
        ..window::settings::PlatformSpecific::default()
    }
}

#[cfg(not(target_os = "linux"))]
fn platform_specific() -> window::settings::PlatformSpecific {
    window::settings::PlatformSpecific::default()
}

#[expect(clippy::print_stdout, reason = "what was asked for on the command line is answered there")]
fn say(text: &str) -> ExitCode {
    print!("{text}");
    ExitCode::SUCCESS
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn fail(why: &str) -> ExitCode {
    eprintln!("causerie: {why}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_an_icon() {
        assert!(super::icon().is_some());
    }
}
