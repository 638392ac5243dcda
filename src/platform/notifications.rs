//! Desktop notifications: one a conversation, withdrawn when it is read.
//!
//! Asking the desktop may take long, so a thread of its own does it, from the first notification on.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};

use causerie_model::{AccountId, BareJid};
use notify_rust::{Notification, NotificationHandle};

/// A conversation, as far as notifications know one.
pub(crate) type Key = (AccountId, BareJid);

/// Shows and withdraws. Dropping it withdraws what is still shown.
#[derive(Debug)]
pub(crate) struct Notifier {
    sender: Option<Sender<Request>>,
    clicked: tokio::sync::mpsc::UnboundedSender<Key>,
}

#[derive(Debug)]
enum Request {
    Show { key: Key, title: String, body: String },
    Withdraw(Key),
    WithdrawAll(Sender<()>),
}

impl Notifier {
    /// One that has shown nothing yet, and where clicks on notifications arrive.
    pub(crate) fn new() -> (Self, tokio::sync::mpsc::UnboundedReceiver<Key>) {
        let (clicked, clicks) = tokio::sync::mpsc::unbounded_channel();
        (Self { sender: None, clicked }, clicks)
    }

    /// Shows a notification for a conversation, in place of the one before. The texts are plain: no markup is made of them.
    pub(crate) fn show(&mut self, key: Key, title: String, body: String) {
        if self.sender.is_none() {
            self.sender = start(self.clicked.clone());
        }
        self.request(Request::Show { key, title, body });
    }

    /// Withdraws the notification of a conversation.
    pub(crate) fn withdraw(&self, key: Key) {
        self.request(Request::Withdraw(key));
    }

    /// Withdraws everything, and waits a moment for it: for the end of the program.
    pub(crate) fn withdraw_all(&self) {
        const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);
        let (done, waiting) = channel();
        self.request(Request::WithdrawAll(done));
        let _ = waiting.recv_timeout(PATIENCE);
    }

    fn request(&self, request: Request) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(request);
        }
    }
}

fn start(clicked: tokio::sync::mpsc::UnboundedSender<Key>) -> Option<Sender<Request>> {
    let (sender, requests) = channel();
    let spawned = std::thread::Builder::new()
        .name("notifications".to_owned())
        .spawn(move || Shown { handles: HashMap::new(), markup: has_markup(), clicked }.serve(&requests));
    spawned.ok().map(|_| sender)
}

/// What is on the screen.
struct Shown {
    handles: HashMap<Key, NotificationHandle>,
    /// Whether the desktop takes `<` and `&` for markup.
    markup: bool,
    clicked: tokio::sync::mpsc::UnboundedSender<Key>,
}

impl Shown {
    fn serve(&mut self, requests: &Receiver<Request>) {
        for request in requests {
            match request {
                Request::Show { key, title, body } => self.show(key, &title, &body),
                Request::Withdraw(key) => self.withdraw(&key),
                Request::WithdrawAll(done) => {
                    self.withdraw_all();
                    let _ = done.send(());
                }
            }
        }
        self.withdraw_all();
    }

    fn show(&mut self, key: Key, title: &str, body: &str) {
        // A new one, so that the desktop says that something is new; a replaced one stays silent on most.
        self.withdraw(&key);
        let body = if self.markup { escape(body) } else { body.to_owned() };
        let mut notification = Notification::new();
        notification.appname("Causerie").summary(title).body(&body);
        describe(&mut notification);
        match notification.show() {
            Ok(handle) => {
                self.hear_clicks(&handle, key.clone());
                self.handles.insert(key, handle);
            }
            Err(error) => tracing::debug!(%error, "no notification"),
        }
    }

    fn withdraw(&mut self, key: &Key) {
        if let Some(handle) = self.handles.remove(key) {
            close(handle);
        }
    }

    fn withdraw_all(&mut self) {
        self.handles.drain().for_each(|(_, handle)| close(handle));
    }

    /// Waits for a click, on a thread that ends with the notification.
    #[cfg(target_os = "linux")]
    fn hear_clicks(&self, handle: &NotificationHandle, key: Key) {
        /// More notifications than anybody looks at; those beyond can't be clicked.
        const LISTENERS: usize = 16;
        if self.handles.len() >= LISTENERS {
            return;
        }
        let (id, clicked) = (handle.id(), self.clicked.clone());
        let listener = std::thread::Builder::new().name("notification".to_owned());
        let _ = listener.stack_size(256 * 1024).spawn(move || {
            let _ = notify_rust::handle_action(id, |response: &notify_rust::ActionResponse<'_>| {
                if let notify_rust::ActionResponse::Custom("default") = response {
                    let _ = clicked.send(key);
                }
            });
        });
    }

    #[cfg(not(target_os = "linux"))]
    fn hear_clicks(&self, _handle: &NotificationHandle, _key: Key) {
        let _ = &self.clicked;
    }
}

#[cfg(target_os = "linux")]
fn describe(notification: &mut Notification) {
    use notify_rust::Hint;
    notification
        .icon("org.causerie.Causerie")
        .action("default", "")
        .hint(Hint::DesktopEntry("org.causerie.Causerie".to_owned()))
        .hint(Hint::Category("im.received".to_owned()));
}

#[cfg(not(target_os = "linux"))]
fn describe(_notification: &mut Notification) {}

#[cfg(target_os = "linux")]
fn close(handle: NotificationHandle) {
    handle.close();
}

#[cfg(not(target_os = "linux"))]
fn close(_handle: NotificationHandle) {}

#[cfg(target_os = "linux")]
fn has_markup() -> bool {
    notify_rust::get_capabilities().is_ok_and(|all| all.iter().any(|capability| capability == "body-markup"))
}

#[cfg(not(target_os = "linux"))]
fn has_markup() -> bool {
    false
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_markup_is_made_of_text() {
        assert_eq!(escape("<img src='x'> & <b>"), "&lt;img src='x'&gt; &amp; &lt;b&gt;");
    }
}
