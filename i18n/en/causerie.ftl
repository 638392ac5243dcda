# The words of Causerie, in English: the language that every other one falls back to.
# Short, active, sentence case; no "please", no "oops", no blame. An error says what happened, whether anything is lost,
# and what to do.

## Dates, times

day-today = Today
day-yesterday = Yesterday
moment = { $day }, { $time }

## Actions that many places share

action-cancel = Cancel
action-close = Close

## Parts of a message

message-show-more = Show more
message-state-waiting = Waiting to be sent
message-state-sent = Sent
message-state-delivered = Delivered
message-state-read = Read
message-state-failed = Not sent
message-said-by-me = You, { $time }: { $text }
message-said-by = { $name }, { $time }: { $text }

## People

presence-online = Online
presence-away = Away
presence-long-away = Away for long
presence-busy = Do not disturb
presence-offline = Offline
presence-asked = Waiting for { $name } to accept you
unread-count =
    { $count ->
        [one] { $count } unread message
       *[other] { $count } unread messages
    }

## Problems: what happened, and what to do. $provider is the part of an address after the @.

problem-unknown-host = There is no provider called { $provider }. Check the part of the address after the @.
problem-no-network = There is no network. Causerie connects as soon as it is back.
problem-no-service = { $provider } says that it offers no chat. Check the part of the address after the @.
problem-connection-refused = { $provider } is there, but its chat service does not answer. It may be down: try again in a while.
problem-timed-out = { $provider } does not answer. Check your network, or try again in a while.
problem-connection-lost = The connection to { $provider } broke. Nothing is lost: Causerie connects again.
problem-no-tls = { $provider } does not encrypt the connection, so nothing was sent, not even your password. Ask your provider, or choose another.
problem-tls-failed = No encrypted connection to { $provider } could be made. Nothing was sent. Try another network, or ask your provider.
problem-certificate-expired = The certificate of { $provider } has run out, so it can’t prove who it is. Check your computer’s clock; if it is right, tell your provider. Nothing was sent.
problem-certificate-not-yet-valid = The certificate of { $provider } is not valid yet. Your computer’s clock is most likely wrong: set it, then try again. Nothing was sent.
problem-certificate-wrong-name = What answered is not { $provider }: its certificate is for another name. Check the address; on a public Wi-Fi, open a web page first to sign in there. Nothing was sent.
problem-certificate-unknown-issuer = Nobody this computer trusts vouches for { $provider }. Somebody may be in between: try another network, and tell your provider. Nothing was sent.
problem-certificate-revoked = The certificate of { $provider } was withdrawn. Wait until your provider has replaced it. Nothing was sent.
problem-certificate-invalid = The certificate of { $provider } is not in order, so it can’t prove who it is. Tell your provider. Nothing was sent.
problem-wrong-password = The address or the password is wrong. Capital letters count in passwords.
problem-password-needed = Causerie does not have your password. Enter it to connect.
problem-account-disabled = { $provider } has disabled this account. Only your provider can open it again.
problem-authentication-unavailable = { $provider } can’t check passwords at the moment. Your password may well be right: try again in a while.
problem-server-too-weak = { $provider } offers no way to sign in that protects your password, so it was not sent. Ask your provider, or choose another.
problem-keys-locked = Your keyring is locked, and with it the keys to your messages. Unlock it and try again: nothing is lost. With new keys you go on without it, but who compared your key has to do so again.
problem-no-keys = The other side has no device that can read encrypted messages. Your message was not sent.
problem-keys-undecided = The other side has new keys. Your message will be sent when you have decided about them.
problem-downgrade = { $provider } used to protect your password better than it does now. Somebody may be in between, so nothing was sent. Try another network, or ask your provider whether it changed something.
problem-server-not-proved = { $provider } could not prove that it knows your password. Somebody may be in between. Try another network, and ask your provider.
problem-plain-only = { $provider } takes the password only as plain text. You have to agree before it is sent.
problem-wrong-address = { $provider } signed you in under another address than yours. The connection was closed: ask your provider.
problem-bind-failed = { $provider } could not open your account. Try again in a while; if it goes on, ask your provider.
problem-conflict = Another program has signed in and took this one’s place. Close it, then try again.
problem-redirected = { $provider } sends you on to another server, which Causerie does not follow. Ask your provider for the right server address.
problem-policy-violation = { $provider } closed the connection because of its rules. Wait a few minutes; if it goes on, ask your provider.
problem-server-shutdown = { $provider } is restarting. Causerie connects as soon as it is back.
problem-server-busy = { $provider } has too much to do. Causerie tries again in a while.
problem-not-served = That server does not serve { $provider }. Check the address, and the server address under More options.
problem-protocol = { $provider } said something that Causerie can’t understand. Try again; if it goes on, tell your provider.
problem-over-limits = { $provider } sent more at once than Causerie lets in. It was left out.
problem-no-such-address = This address does not exist. Check its spelling.
problem-remote-unreachable = The provider of this person can’t be reached. Try again later.
problem-refused = The other side does not accept this. Ask the person another way.
problem-not-supported = The other side can’t do this.
problem-disk-full = The disk is full, so nothing more can be kept. Make some room, then try again.
problem-disk-read-only = Causerie can’t write into its data folder. Check the folder’s permissions.
problem-disk-failed = Reading or writing the data folder failed. Check the disk, then start Causerie again.
problem-database-newer = Your history was made by a newer version of Causerie. It was not touched: install the newer version again.
problem-database-damaged = Your history is damaged. It was not touched: put a backup in its place, or move it away to start afresh.
problem-already-running = Causerie already runs with this data folder. Use that window.
problem-internal = Something went wrong inside Causerie. Try again; nothing that was stored is lost.

## What is wrong with an address that is being typed

address-empty = Enter an address, like name@example.org.
address-no-local-part = The name before the @ is missing.
address-no-domain = The provider after the @ is missing, like name@example.org.
address-too-long = This is too long for an address.
address-bad-local-part = There is a character before the @ that no address may have.
address-bad-domain = What comes after the @ is not a provider’s name.
address-has-resource = An address ends before the /.
address-second-at = There is more than one @.
address-own = This is your own address.
address-known = This person is in your contacts already.
address-account-known = This account is in Causerie already.

## Availability

presence-chat = Free to chat

## Who sees whose availability

subscription-none = You do not see each other’s availability.
subscription-asked = Waiting for { $name } to accept you.
subscription-to = You see when { $name } is online; { $name } does not see you.
subscription-from = { $name } sees when you are online; you do not see { $name }.
subscription-both = You see each other’s availability.

## What could not be read

unreadable-over-limits = This message was too large to be read.
unreadable-not-for-this-device = This message was not encrypted for this device. Your other devices may have it; what comes from now on is.
unreadable-keys-lost = This message was encrypted with keys that this device no longer has. Repair the encryption, then ask for it to be sent again.
unreadable-altered = This message was damaged or altered on its way and can’t be trusted. Ask for it to be sent again; if that goes on, repair the encryption.
unreadable-key-replaced = This message comes from a device whose key has changed. Look at the keys before you trust it.
unreadable-misdirected = This message was written by or for somebody else than it says. It is not shown.
unreadable-malformed = This message could not be read.

## The connection of an account

connection-offline = Offline
connection-connecting = Connecting…
connection-signing-in = Signing in…
connection-online = Connected
connection-waiting = Offline: will send when back

## Actions

action-back = Back
action-connect = Connect
action-copy = Copy
action-disconnect = Disconnect
action-enter-password = Enter password
action-save = Save
action-try-again = Try again

## Before there is an account

opening-refused = Causerie can’t open your history
opening-folder = Open the folder
opening-quit = Quit
welcome-what = A calm place to talk. You have an address with the provider of your choice, as with e-mail, and reach everybody on XMPP.
welcome-sign-in = I have an account
welcome-no-account = You can’t create an account here yet. Until then, create one on a provider’s website.
welcome-providers = Find a provider

## Signing in

sign-in-title = Sign in
sign-in-again = Enter your password
sign-in-address = Address
sign-in-address-hint = name@example.org
sign-in-password = Password
sign-in-show = Show the password
sign-in-hide = Hide the password
sign-in-no-password = Enter the password of this address.
sign-in-more-options = More options
sign-in-fewer-options = Fewer options
sign-in-submit = Sign in
server-address = Server address
server-address-note = Only if your provider gave you one. Its certificate is still checked for your own provider’s name.
server-address-wrong = This is not a server address. It looks like xmpp.example.org or xmpp.example.org:5222.
plain-title = Send the password as plain text?
plain-question = { $provider } knows no way to check your password without receiving it. The connection is encrypted, so only { $provider } would see it.
plain-allow = Send it
downgrade-allow = Sign in all the same
plain-refuse = Don’t send it
keyring-title = Keeping your password
keyring-waiting = Waiting for the keyring of your system…
keyring-not-kept = You are signed in
keyring-absent = This desktop has no keyring, so Causerie can’t keep your password safely. It never keeps one in a plain file.
keyring-locked = The keyring of your system stayed locked, so your password was not kept.
keyring-failed = The keyring of your system did not take your password.
keyring-ask-each-time = Ask me at each start
password-needed-absent = This desktop has no keyring to keep your password in. Enter it to connect.
password-needed-locked = The keyring is locked. Enter your password to connect.
password-needed-failed = The keyring gave no password. Enter it to connect.

## The list

list = Conversations
list-filter = Search or start a chat
list-requests = Requests
list-contacts = Contacts
list-empty = Nobody here yet
list-no-result = Nobody by that name. Type a whole address to add somebody.
list-add = Add { $address }
list-draft = Draft:
list-you = You:
list-failed = Not sent:
list-typing = is writing…
list-unreadable = Message that could not be read
request-from = { $name } wants to add you
request-to = to { $account }
request-accept = Accept
request-decline = Decline
request-block = Block

## Ourselves

own-accounts =
    { $count ->
        [one] { $count } account
       *[other] { $count } accounts
    }
own-change = Change your availability
own-status = Status
own-status-hint = Your contacts see it
own-set = Set

## A conversation

typing = { $name } is writing…
timeline = Messages
timeline-jump = Jump to latest
timeline-new = New
timeline-empty-title = Say hello
timeline-empty = Nothing was said here yet. What you write to { $name } stays here, even offline.
composer-hint = Message { $name }…
composer-hint-clear = Message { $name }, not encrypted…
composer-send = Send
composer-too-long = This is too long for one message. Send it in parts.
encrypted = End-to-end encrypted
encrypted-what = Only you and { $name } can read what is written here, on the devices listed under “Devices and keys”.
not-yet-encrypted = Nothing is sent yet
not-yet-encrypted-why = What you write to { $name } can’t be encrypted at the moment. Nothing is sent in clear unless you choose so.
version-legacy = OMEMO
version-omemo-2 = OMEMO 2
clear-bar = Messages to { $name } are not encrypted: both providers can read them.
no-keys-bar = { $name } has no program that can read encrypted messages yet. You can wait, or write without encryption: both providers could read it.
no-encryption-bar = { $provider } can’t pass on the keys that encryption needs. You can still write without it: both providers could read it.
undecided-bar = { $name } has new keys. Nothing is sent until you have decided whether they are really theirs.
action-encrypt = Encrypt again
action-send-clear = Write without encryption
action-look-at-keys = Look at the keys
action-new-keys = Go on with new keys
message-unreached = { $count ->
    [one] One device could not be reached and can’t read this message.
   *[other] { $count } devices could not be reached and can’t read this message.
}
devices = Devices and keys
devices-none = No device of theirs is known that can read encrypted messages.
devices-why = Each device of { $name } has a key of its own. Compare the keys once, and nobody can take their place unnoticed.
device-number = Device { $number }
device-gone = No longer in use
device-last-used = Last message: { $when }
device-never-used = No message yet
device-here = This device
device-unknown = A device that is not known here
devices-gone =
    { $count ->
        [one] { $count } device no longer in use
       *[other] { $count } devices no longer in use
    }
trust-verified = Compared by you
trust-blind = Trusted without comparing
trust-undecided = New: gets nothing until you decide
trust-distrusted = Not trusted: gets no messages
trust-changed = Another key than before: gets nothing until you decide
action-verified = I compared it
action-unverify = Not compared after all
action-trust = Trust it
action-distrust = Don’t trust it
action-remove-device = Remove
remove-device-question = Remove { $device }? Nobody writes to it any more, so it can’t read new messages. A program that still knows your password comes back by itself: to keep a stranger out, change your password too.
own-devices = Devices and keys
own-devices-why = These are the devices that read and write encrypted messages in your name. Remove what you don’t recognise.
own-devices-none = This device has no keys yet. They are made as soon as it is connected.
own-devices-others = Your other devices
action-compare = Compare keys
compare-title = Compare keys
compare-ours = Your key
compare-show = Let { $name } scan this code with their program, or read out the key.
compare-show-mine = Scan this code with your other device, or compare the key by eye.
compare-code = QR code with your key
compare-copy = Copy as a link
compare-theirs = The keys of { $name }
compare-other = The keys of your other device
compare-take = Ask for their code or link face to face or in a call, not in this chat. Drop a picture of the code here, choose one, or paste the link.
compare-take-mine = Drop a picture of the code that your other device shows here, choose one, or paste the link.
compare-choose = Choose a picture
compare-pictures = Pictures
compare-link = Link
compare-reading = Reading the picture…
compare-unreadable = This file could not be read. Choose another one.
compare-no-picture = This is no picture that Causerie understands. PNG and JPEG work.
compare-no-code = There is no QR code to be found on this picture. Try a sharper one, with some free space around the code.
compare-no-link = This is no link with keys. It begins with “xmpp” and holds long numbers.
compare-no-keys = There are no keys in this link that Causerie can compare.
compare-too-long = There is far more in this link than the keys of one person. It was not used.
compare-malformed = A key in this link is damaged, so none of it was used. Ask for the link again.
compare-somebody-else = These are keys of { $other }, not of { $name }. Nothing was compared.
compare-differs = A key does not match. A device of { $name } has another key here than the link says. Somebody may be reading along: write nothing secret until { $name } has explained it.
compare-unknown =
    { $count ->
        [one] A key of this link was never shown by a device of { $name }. Either that device is new, or this link is not from { $name }.
       *[other] { $count } keys of this link were never shown by a device of { $name }. Either those devices are new, or this link is not from { $name }.
    }
compare-in-link = In the link
compare-known-here = Known here
compare-matches =
    { $count ->
        [one] The key of { $name } matches.
       *[other] { $count } keys of { $name } match.
    }
compare-unnamed =
    { $count ->
        [one] One other device is not in the link and stays as it is.
       *[other] { $count } other devices are not in the link and stay as they are.
    }
compare-before-confirming = Confirm it if the code or link came from { $name } in person.
compare-confirm = Confirm
compare-done = You have confirmed that.
details-repair = Repair encryption
encryption-honesty = Encryption protects what is written. The providers still see who writes to whom, when, and about how much.
encryption-on-disk = On your own devices the messages can be read by whoever can unlock them.
encryption-compare = To be sure that nobody stands in between, compare the keys with { $name } once.
notice-key-replaced = A device of { $name } has another key than before. Somebody may have taken its place: nothing is sent to it until you have decided.
notice-keys-renewed = This device has new keys, because the old ones could no longer be used safely. Your history is untouched. People who had compared your key will be asked to do so again.
notice-keys-not-published = Others can’t write to this device encrypted at the moment. { $why }
not-encrypted = Not encrypted
not-encrypted-why = Messages are encrypted on their way to and between the providers, but not end to end: both providers can read them.
empty-nobody-title = Nobody here yet
empty-nobody = Add somebody by address to start a conversation.
empty-choose-title = Choose a conversation
empty-choose = Pick somebody on the left, or type an address into the search box.

## Adding somebody

add-contact = Add a contact
add-what = They are asked whether you may see each other’s availability. You can write to them at once.
add-address = Their address
add-name = Name
add-name-note = What you call them. Only you and your provider see it.
add-account = From which account
add-submit = Add

## Somebody’s page

details = Details
details-address = Address
details-copy = Copy the address
details-availability = Availability
details-name = Your name for them
details-name-note = Only you and your provider see it.
details-nickname = Calls themselves { $name }
details-groups = Groups
details-groups-note = Separated by commas
details-add = Add to contacts
details-ask-again = Ask again
details-block = Block
details-block-question = Block { $name }? They can no longer write to you or see you. They are not told.
details-unblock = Unblock
details-remove = Remove from contacts
details-remove-question = Remove { $name } from your contacts? You no longer see each other’s availability. The messages stay.

## What the person should hear

notice-not-added = { $name } could not be added. { $why }
notice-not-changed = What you changed about { $name } was not kept. { $why }
notice-no-archive = Your provider keeps no messages: what your other devices receive while this one is away does not appear here.
notice-no-roster = Your provider did not send your contacts. You see those of the last time.
notice-not-stored = What you asked could not be kept on this computer. { $why }
notice-unreadable = Something arrived that could not be read. It was left out.
notice-unreadable-from = Something from { $name } could not be read. It was left out.
notification-new-message = New message

## Links that lead nowhere

link-no-address = There is no address in this link that Causerie can use.
link-keys-of-stranger = This link holds keys of { $name }, with whom you have no conversation. Start one, then open the link again.
link-no-program = There is no program on this computer that opens this address.
link-room = { $name } is a room. Causerie can’t open rooms yet.
link-unknown = This link asks for something that Causerie can’t do. Nothing was done.

## Settings

settings = Settings
settings-appearance = Appearance
settings-accounts = Accounts
settings-notifications = Notifications
settings-privacy = Privacy
settings-about = About
settings-language = Language
appearance-colours = Colours
appearance-system = As the system
appearance-light = Light
appearance-dark = Dark
appearance-contrast = High contrast
appearance-text-size = Text size
appearance-larger = Larger text
appearance-smaller = Smaller text
language-system = As the system
acceleration = Graphics
acceleration-automatic = With the graphics card, where there is one
acceleration-on = Always with the graphics card
acceleration-off = Without the graphics card
acceleration-note = Takes effect at the next start.
accounts-add = Add another account
account-fetching = { $count ->
    [one] Fetching what you missed: { $count } message so far
   *[other] Fetching what you missed: { $count } messages so far
}
account-stop-fetching = Fetch it later
accounts-sign-out = Remove from Causerie
accounts-sign-out-question = Remove { $account } from Causerie? The account itself stays with your provider. What is on this computer can stay too, or be deleted.
accounts-keep-history = Keep the history
accounts-delete-history = Delete the history
notifications-what = When a message arrives
notifications-none = Show nothing
notifications-name = Show who wrote
notifications-name-note = The text stays in Causerie.
notifications-text = Show who wrote, and the text
notifications-text-note = Others who see your screen can read it.
privacy-typing = Show others that I am writing
privacy-typing-note = They see it while you write to them.
privacy-arrival = Tell contacts that their messages have arrived
privacy-arrival-note = Their programs show it beside the message.
privacy-reading = Tell contacts that I have read their messages
privacy-reading-note = When the conversation is in front of you.
privacy-sharing = Tell contacts my version of Causerie and my local time
privacy-sharing-note = Only contacts, and only when their program asks.
about-version = Version { $version }
about-licence = Licence
about-licence-words = Free software under the GNU Affero General Public License, version 3 or later. It comes without any warranty.
about-parts = Made with
about-parts-words = Inter and JetBrains Mono (SIL Open Font License), Twemoji by Twitter and contributors (CC-BY 4.0), icons by Lucide (ISC).
