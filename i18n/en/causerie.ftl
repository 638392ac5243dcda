# The words of Causerie, in English: the language that every other one falls back to.
# Short, active, sentence case; no "please", no "oops", no blame. An error says what happened, whether anything is lost,
# and what to do.

## Dates, times

day-today = today
day-yesterday = yesterday
moment = { $day }, { $time }
moment-within = { $day } at { $time }

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
message-edited = edited
message-written-then = By the clock of the device that sent it, it was written { $moment }.
message-edited-at = Edited { $moment }
message-edit-failed = The edit was not sent.
message-reaction-failed = Your reaction was not sent.
message-deleted = This message was deleted.
message-deleted-fallback = The sender deleted an earlier message for everyone. Your app can’t do that by itself.
message-deletion-failed = It is deleted here. The request to delete it for everyone was not sent.
message-delete-why = Others may have seen it or keep it: their app is asked to delete it, and may not do so. Here it is gone for good.
message-answers = In reply to { $name }: { $text }
message-answers-us = In reply to you: { $text }
message-not-here = In reply to a message that is not here.
message-reacted = { $emoji } { $names }
message-react = React with { $emoji }
message-react-no-more = Take { $emoji } away
you = You

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
problem-certificate-expired = The certificate of { $provider } has run out, so it can’t prove who it is. Your computer believes that it is { $date }: if it is not, set its clock, then try again; if it is, tell your provider. Nothing was sent.
problem-certificate-not-yet-valid = The certificate of { $provider } is not valid yet. Your computer believes that it is { $date }: its clock is most likely wrong. Set it, then try again. Nothing was sent.
problem-certificate-wrong-name = What answered is not { $provider }: its certificate is for another name. Check the address; on a public Wi-Fi, open a web page first to sign in there. Nothing was sent.
problem-certificate-unknown-issuer = Nobody this computer trusts vouches for { $provider }. Somebody may be in between: try another network, and tell your provider. Nothing was sent.
problem-certificate-revoked = The certificate of { $provider } was withdrawn. Wait until your provider has replaced it. Nothing was sent.
problem-certificate-invalid = The certificate of { $provider } is not in order, so it can’t prove who it is. Tell your provider. Nothing was sent.
problem-sign-in-to-network = This network wants you to sign in first, as in cafés, hotels and trains. Open a web page to do so; Causerie connects as soon as it is let through.
problem-proxy-unreachable = The proxy does not answer. Check its address in the settings, under Network, and whether it is running. Causerie does not go past it.
problem-proxy-login = The proxy wants a name and a password, or others than it got. Enter them in the settings, under Network.
problem-proxy-refused = The proxy does not allow a connection to { $provider }. Ask whoever runs it, or choose another one in the settings, under Network.
problem-proxy-cannot-reach = The proxy can’t reach { $provider }. If your provider has told you a server address, enter it for this account; otherwise try again in a while.
problem-proxy-not-understood = What answers at the proxy’s address is not a proxy of the kind you chose. Check both in the settings, under Network.
problem-proxy-unknown = Causerie can’t tell which proxy to use, so it has connected to nobody. Choose again in the settings, under Network.
problem-wrong-password = The address or the password is wrong. Capital letters count in passwords.
problem-password-needed = Causerie does not have your password. Enter it to connect.
problem-account-disabled = { $provider } has disabled this account. Only your provider can open it again.
problem-authentication-unavailable = { $provider } can’t check passwords at the moment. Your password may well be right: try again in a while.
problem-server-too-weak = { $provider } offers no way to sign in that protects your password, so it was not sent. Ask your provider, or choose another.
problem-password-refused = { $provider } does not take this password. Choose a longer one with other characters.
problem-form-required = { $provider } wants to know more than can be asked here. Its website may let you do this.
problem-keys-locked = Your keyring is locked, and with it the keys to your messages. Unlock it and try again: nothing is lost. With new keys you go on without it, but who compared your key has to do so again.
problem-keys-unreadable = The file “vault.key”, with the key to your messages, can’t be read. Put a copy of it back and try again. With new keys you go on without it: your messages stay, but who compared your key has to do so again.
problem-no-keys = The other side has no device that can read encrypted messages. Your message was not sent.
problem-not-encrypted = This message could not be encrypted, so it was not sent. Sent again, it goes the way this conversation is set now.
problem-perhaps-sent = This message was sent encrypted, but whether it arrived is not known. Sent again, it goes the way this conversation is set now, and may arrive twice.
problem-cancelled = You took this message back before it was sent.
problem-arrival-unknown = This message went out, but whether it arrived is not known. If you try again, it may be there twice.
problem-not-in-room = You are not in this room any more, so this message was not sent. Enter the room and try again.
problem-cancelled-late = You took this message back, but it was already on its way: it may arrive. It is not sent again.
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
provider-refused = { $provider } does not allow this.
provider-not-supported = { $provider } can’t do this.
provider-policy = The rules of { $provider } do not allow this.
provider-busy = { $provider } has too much to do. Try again in a while.
provider-lost = There was no connection to { $provider }. Try again when you are online.
provider-silent = { $provider } did not answer in time. Try again in a while.
problem-disk-full = The disk is full, so nothing more can be kept. Make some room, then try again.
problem-disk-read-only = Causerie can’t write into its data folder. Check the folder’s permissions.
problem-disk-failed = Reading or writing the data folder failed. Check the disk, then try again.
problem-database-newer = Your history was made by a newer version of Causerie. It was not touched: install the newer version again.
problem-database-damaged = Your history is damaged. It was not touched: put a backup in its place, or move it away to start afresh.
problem-already-running = Causerie already runs with this data folder. Use that window.
problem-internal = Something went wrong inside Causerie. Try again; nothing that was stored is lost.
try-no-network = There is no network. Check your connection, then try again; what you typed is still here.
try-sign-in-to-network = This network wants you to sign in first, as in cafés, hotels and trains. Open a web page to do so, then try again; what you typed is still here.
try-connection-lost = The connection to { $provider } broke off. What you typed is still here: try again.
try-server-shutdown = { $provider } is restarting. Wait a minute, then try again.
try-server-busy = { $provider } has too much to do. Try again in a few minutes.
try-over-limits = { $provider } sent more at once than Causerie lets in. Try again later, or choose another provider.

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

unreadable-over-limits = This message was too large to be read. Ask for it to be sent again in shorter pieces.
unreadable-not-for-this-device = This message was not encrypted for this device. Your other devices may have it; what comes from now on is.
unreadable-in-room = This message was encrypted, and Causerie can’t read encrypted messages in rooms yet. Ask for it to be sent again without encryption, or to you alone.
unreadable-keys-lost = This message was encrypted with keys that this device no longer has. Repair the encryption, then ask for it to be sent again.
unreadable-no-keys-here = This message is encrypted, and this device has no keys to read it, because { $provider } can’t pass them on. Read it on another device, or ask for it to be sent in another way.
unreadable-altered = This message was damaged or altered on its way and can’t be trusted. Ask for it to be sent again; if that goes on, repair the encryption.
unreadable-key-replaced = This message comes from a device whose key has changed. Look at the keys: if you accept the new one, the message is read. If it is not, ask for it to be sent again.
unreadable-misdirected = This message was written by or for somebody else than it says, so it is not shown. If you expected one, ask them in another way whether they wrote it, and to send it again.
unreadable-early = This message can be read as soon as the earlier ones are here. Causerie is fetching them.
unreadable-delayed = So much that could not be read came from there that this message is looked at in a minute. If it stays, ask for it to be sent again.
unreadable-key-of-other = This message comes with a key that is known as somebody else’s. Look at the keys: if you accept this one, the message is read. If you don’t know why it is so, ask them in another way whether they wrote it.
unreadable-key-of-other-stranger = This message comes with a key that is known as somebody else’s, from someone who is not among your contacts, so it was not read or kept. If you know them, add them to your contacts and ask for it to be sent again.
unreadable-copied = This message was sent by another copy of this device, so its text is not here: a backup was restored, or the same data is in use twice. If the other copy still exists, read the message there; to go on using it, sign in there anew.
unreadable-not-shown = This message has no text, but something that Causerie can’t show yet, such as a file. Look at it with another program, or ask for it to be sent in another way.
unreadable-not-kept = This message could not be read when it came, and was not kept. Ask for it to be sent again.
unreadable-malformed = This message was not put together as it should be, and could not be read. Ask for it to be sent again; if that does not help, with another program.

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
action-cancel-message = Don’t send
action-reply = Reply
action-edit-message = Edit
action-delete-for-everyone = Delete for everyone
action-disconnect = Disconnect
action-enter-password = Enter password
action-save = Save
action-try-again = Try again
action-write = Write

## Before there is an account

opening-refused = Causerie can’t open your history
opening-folder = Open the folder
opening-quit = Quit
welcome-what = XMPP works like e-mail: there are many providers, you choose one, and everyone can write to everyone.
welcome-new = I’m new
welcome-new-note = Create an account in a few steps.
welcome-sign-in-note = Sign in with its address and password.
welcome-invited = I was invited
welcome-invited-note = With a link or a QR code.
welcome-private = What you write to people is end-to-end encrypted: only you and they can read it. The providers still see who writes to whom, when, and about how much.
welcome-sign-in = I have an account

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
server-address-hint = xmpp.example.org:5222
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
keyring-note-now = Note it down now: Causerie will ask for it at each start.
keyring-ask-each-time = Ask me at each start
password-needed-absent = This desktop has no keyring to keep your password in. Enter it to connect.
password-needed-locked = The keyring is locked. Enter your password to connect.
password-needed-failed = The keyring gave no password. Enter it to connect.

## The list

list = Conversations
list-filter = Search or start a chat
list-requests = Requests
list-contacts = Contacts
list-empty = No conversations yet
list-no-result = Nobody by that name. Type a whole address to add somebody.
list-news-elsewhere =
    { $count ->
        [one] News in another account: show all
       *[other] News from { $count } people in other accounts: show all
    }
list-add = Add { $address }
list-of-account = account { $account }
list-draft = Draft:
list-you = You:
list-failed = Not sent:
list-typing = is writing…
list-unreadable = Message that could not be read
request-from = { $name } wants to add you
request-moved = { $name } has moved to a new address
request-moved-note = { $old } says so itself. Add this one, and it takes over name and groups; the old address no longer sees you.
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
own-show = Show
own-all-accounts = All accounts
own-change = Change your availability
own-status = Status
own-status-hint = Your contacts see it
own-set = Set

## A conversation

typing = { $name } is writing…
timeline = Messages
timeline-jump = Jump to latest
timeline-older = Fetching older messages…
timeline-new = New
timeline-empty-title = Say hello
timeline-empty = No messages yet. What you write offline is sent later.
timeline-notes-title = Your notes
timeline-notes = What you write here goes only to you, on your devices.
composer-hint = Message { $name }…
composer-hint-clear = Message { $name }, not encrypted…
composer-send = Send
composer-too-long = This is too long for one message. Send it in parts.
composer-answers = Replying to { $name }: { $text }
composer-answers-us = Replying to yourself: { $text }
composer-corrects = Editing your message
encrypted = End-to-end encrypted
encrypted-what = What you write here is encrypted for you and { $name }, on the devices listed under “Devices and keys”. Each message tells in its menu how it was protected.
to-be-encrypted = Encrypted before it is sent
to-be-encrypted-what = What you write here is encrypted for you and { $name } before it is sent. It is not known yet whether { $name } has a device that can read it.
not-yet-encrypted = Nothing is sent yet
not-yet-encrypted-why = What you write to { $name } can’t be encrypted at the moment. Nothing is sent in clear unless you choose so.
version-legacy = OMEMO
version-omemo-2 = OMEMO 2
clear-bar = Messages to { $name } are not encrypted: both providers can read them.
no-keys-bar = { $name } has no program that can read encrypted messages yet. You can wait, or write without encryption: both providers could read it.
out-of-reach-bar = The keys of { $name }’s devices can’t be fetched at the moment. What you write waits, and is sent as soon as it can be encrypted. Without encryption, both providers could read it.
no-encryption-bar = { $provider } can’t pass on the keys that encryption needs. You can still write without it: both providers could read it.
undecided-bar = { $name } has new keys. Nothing is sent until you have decided whether they are really theirs.
refused-bar = You have refused all keys of { $name }. Nothing is sent until you accept one.
action-encrypt = Encrypt again
action-send-clear = Write without encryption
action-try-again-clear = Send without encryption
action-look-at-keys = Look at the keys
action-new-keys = Go on with new keys
message-unreached = Can’t be read on { $devices }.
message-unreached-more = { $count ->
    [one] Can’t be read on { $devices } and one other device.
   *[other] Can’t be read on { $devices } and { $count } other devices.
}
message-unreached-beyond = { $count ->
    [one] Can’t be read on one device.
   *[other] Can’t be read on { $count } devices.
}
unreached-beyond = { $count ->
    [one] { $name } has more devices than Causerie writes to: one more can’t read this message.
   *[other] { $name } has more devices than Causerie writes to: { $count } more can’t read this message.
}
unreached-no-keys = { $device }: can’t read this message, because its keys could not be fetched.
unreached-undecided = { $device }: can’t read this message, because you have not decided about its key yet.
unreached-distrusted = { $device }: was left out, because you refused its key.
device-of = { $device } ({ $name })
device-mine = { $device } (yours)
devices = Devices and keys
devices-none = No device of theirs is known that can read encrypted messages.
devices-unknown = Which devices { $name } uses is not known here yet.
devices-why = Each device of { $name } has a key of its own. Compare the keys once, and nobody can take their place unnoticed.
device-number = Device { $number }
device-gone = No longer in use
device-unlisted = Not among the devices in use
device-keyless = Its keys are not known here. They are asked for with your next message, and without them it can’t be read there. If you no longer use this device, remove it.
device-keyless-theirs = Its key is not known here yet. It was asked for: close these details and open them again to ask once more. Your next message asks for it, too. Without it, this device can’t read what you write.
device-unwanted = Will be removed at the next connection
device-known-since = First seen here: { $when }
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
action-unverify = I didn’t compare it
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
compare-nothing-known = No device of { $name } is known here yet, so there is nothing to compare this link with.
compare-awaited =
    { $count ->
        [one] One key of this link is for a device whose key is not known here yet. It was asked for: go back, close the list of devices and open it again to ask once more. Nothing can be said about it before it is here.
       *[other] { $count } keys of this link are for devices whose keys are not known here yet. They were asked for: go back, close the list of devices and open it again to ask once more. Nothing can be said about them before they are here.
    }
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
repair-waiting = New keys are agreed on at the next connection.
repair-begun = New keys are being agreed on…
repair-done = New keys are agreed on. Ask for what could not be read to be sent again.
repair-failed = No keys could be fetched, so nothing has changed. Check your connection and try again, or try later.
encryption-honesty = Encryption protects what is written. The providers still see who writes to whom, when, and about how much.
encryption-on-disk = On your own devices the messages can be read by whoever can unlock them.
encryption-compare = To be sure that nobody stands in between, compare the keys with { $name } once.
notice-key-replaced = A device of { $name } has another key than before. Somebody may have taken its place: nothing is sent to it until you have decided.
notice-new-own-device = A new device was added to your account: { $device }. If that was not you, change your password and remove the device.
notice-keys-renewed = This device has new keys, because the old ones could no longer be used safely. Your history is untouched. People who had compared your key will be asked to do so again.
notice-keys-used-elsewhere = Another program seems to use this device’s keys, perhaps from a copy of this computer. Messages may not arrive. Quit that program or remove the account there; if you know of no copy, change your password.
notice-keys-not-published = Others can’t write to this device encrypted at the moment. { $why }
not-encrypted = Not encrypted
message-undecided-device = From a device you had not decided about
message-distrusted-device = From a device you did not trust
not-encrypted-why = Messages are encrypted on their way to and between the providers, but not end to end: both providers can read them.
empty-nobody-title = Nobody here yet
empty-nobody = Add somebody by address to start a conversation.
empty-choose-title = Choose a conversation
empty-choose = Pick somebody on the left, or type an address into the search box.

## Adding somebody

add-contact = Add a contact
add-what = They are asked whether you may see each other’s availability. You can write to them at once.
add-address = Their address
add-address-note = Or paste a link that you were given.
add-invited = This person has invited you: they need not answer any question.
add-name = Name
add-name-note = What you call them. Only you and your provider see it.
add-account = From which account
add-submit = Add
add-text-kept = The link brings a text for this person. You will find it where you write; nothing is sent until you send it.
add-write = Write without adding
add-groups = Groups in your contacts: { $groups }.
add-invite-note = You don’t know the address, or there is none yet?

## Inviting somebody

invite = Invite somebody
invite-what = You get a link and a code to give to somebody: in a message, by e-mail, on paper.
invite-kind = What for
invite-talk = To talk with me
invite-talk-note = Good for one person, who becomes your contact without a question to you.
invite-talk-here = Good for one person, who becomes your contact without a question to you. { $provider } makes no such links, so Causerie does: this computer lets them in, as soon as it is online.
invite-account = To get an account at { $provider }
invite-account-note = Good for one new account.
invite-address = My address alone
invite-address-note = Good for everybody, without an end. You are asked before somebody becomes your contact.
invite-name = Name of the new account (optional)
invite-name-note = What comes before @{ $provider }. Left empty, they choose it.
invite-make = Make the link
invite-waiting = Waiting for { $provider } to make the link…
invite-is-talk = Who opens this link becomes your contact without a question to you.
invite-is-account = With this link somebody can create an account at { $provider }.
invite-is-address = Who opens this link can write to you, and ask to become your contact. It is good for everybody, without an end.
invite-once = Good once, for one person.
invite-once-until = Good once, for one person, until { $time }.
invite-by-us = It does not come from { $provider }: Causerie on this computer lets them in. Until it is online, they wait.
invite-another = Another one
invite-made = Made { $time }.
invite-given = Links you have made
invite-given-until = Made { $made }. Good until { $end }.
invite-given-unknown = It may have been used already; your provider doesn’t tell.
handout-code = QR code of this link
handout-copied = The link is copied.
handout-copied-page = The web link is copied.
handout-page-note = The web link is for people who have no program for it yet.

## Somebody’s page

details = Details
details-address = Address
details-copy = Copy the address
details-share = Share this contact
details-share-what = Who opens the link or scans the code can write to { $name } and ask to be added. { $name } is not told that it comes from you.
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

notice-added-later = { $name } will be added as soon as Causerie is connected again.
notice-not-added = { $name } could not be added. { $why }
notice-arrived = { $name } has come by your invitation, and is in your contacts now.
notice-not-changed = What you changed about { $name } was not kept. { $why }
notice-name-not-published = Your name is still what it was. { $why }
notice-picture-not-published = Your picture is still what it was. { $why }
notice-password-not-changed = Your password is still the old one. { $why }
notice-password-uncertain = The connection broke while your password was being changed. Causerie finds out by itself which one counts, and tells you.
notice-account-not-deleted = Your account was not deleted, and nothing was removed. { $why }
notice-account-maybe-deleted = It is not known whether your account was deleted. Nothing was removed from this computer. { $why }
notice-move-not-announced = Your contacts were not told about your new address. { $why }
notice-invitation-not-made = No invitation could be made. { $why }
notice-no-archive = Your provider keeps no messages: what your other devices receive while this one is away does not appear here.
notice-reading-not-shared = Your provider can’t keep to yourself what you have read, so your other devices are not told. Nothing else changes.
notice-no-roster = Your provider did not send your contacts. You see those of the last time.
notice-not-stored = What you asked could not be kept on this computer. { $why }
unkept-full = The disk is full. What you wrote is kept as soon as there is room: don’t write it again, and leave Causerie open.
unkept-read-only = Causerie can’t write into its data folder. What you wrote is kept as soon as it can: don’t write it again, and leave Causerie open.
unkept-failed = Writing to the disk failed. What you wrote is kept as soon as it works again: don’t write it again, and leave Causerie open.
unkept = Messages not kept yet
unkept-message = Not kept yet
unread = Causerie can’t read your history at the moment. What you see may be out of date; it is read again by itself.
leaving-unkept = Something you wrote is not kept on this computer yet. If you quit now, it is lost.
leaving-stay = Stay
leaving-quit = Quit anyway
notice-unreadable = Something arrived that could not be read. It was left out.
notice-unreadable-from = A message from { $name } could not be read and was left out. If you expected one, add { $name } to your contacts and ask for it to be sent again.
notification-new-message = New message

## Links that lead nowhere

link-no-address = There is no address in this link that Causerie can use.
link-account-known = You have the account { $name } already. Nothing was done.
link-remove = This link asks to remove { $name } from your contacts. Causerie never does that because of a link. If you want to, remove them on the page about them.
link-unregister = This link asks to delete the account { $name }. Causerie never does that because of a link. If it is yours and you want to, delete it in the settings, under Accounts.
link-keys-of-stranger = This link holds keys of { $name }, with whom you have no conversation. Start one, then open the link again.
link-no-program = There is no program on this computer that opens this address.
link-room = { $name } is a room. Causerie can’t open rooms yet: copy the link for a program that can.
link-unknown = This link asks for something that Causerie can’t do. Nothing was done.
link-known = This link leads to { $name } ({ $address }).
link-known-address = This link leads to { $address }.
link-follow = Open the conversation
link-waits-sign-in = { $count ->
    [one] The link that you opened waits until you are signed in.
   *[other] { $count } links that you opened wait until you are signed in.
}
link-waits-settings = { $count ->
    [one] The link that you opened waits until you leave the settings.
   *[other] { $count } links that you opened wait until you leave the settings.
}
link-waits-back = { $count ->
    [one] The link that you opened waits until you are back in the main window.
   *[other] { $count } links that you opened wait until you are back in the main window.
}
link-waits-answer = { $count ->
    [one] One more link that you opened waits until you are done with this one.
   *[other] { $count } more links that you opened wait until you are done with this one.
}
link-waits-press = { $count ->
    [one] A link that you opened waits.
   *[other] { $count } links that you opened wait.
}
link-waits-show = Show
link-dropped = { $count ->
    [one] A link that you opened was not kept, as too many wait or it is too long. Open it again later.
   *[other] { $count } links that you opened were not kept, as too many wait or they are too long. Open them again later.
}
link-dropped-seen = All right

## Settings

settings = Settings
settings-appearance = Appearance
settings-accounts = Accounts
settings-notifications = Notifications
settings-privacy = Privacy
settings-network = Network
settings-about = About
settings-language = Language
appearance-colours = Colours
appearance-system = As the system
appearance-light = Light
appearance-dark = Dark
appearance-contrast = High contrast
appearance-percent = { $percent }%
appearance-text-size = Text size
appearance-larger = Larger text
appearance-smaller = Smaller text
language-system = As the system
acceleration = Graphics
acceleration-automatic = With the graphics card, where there is one
acceleration-on = Always with the graphics card
acceleration-off = Without the graphics card
acceleration-note = Takes effect at the next start.
network-all = How Causerie reaches the network
network-of = How { $account } reaches the network
network-as-all = As all accounts
network-system = As this computer says
network-system-note = Through the proxy that the variables ALL_PROXY or HTTPS_PROXY name, if one of them does.
network-straight = Directly
network-socks5 = Through a SOCKS5 proxy
network-socks5-note = For Tor too. The proxy gets the names of servers; nothing is looked up past it.
network-http = Through an HTTP proxy
network-http-note = As offices have. Nothing is looked up past it.
network-server = Address of the proxy
network-server-wrong = This is not the address of a proxy. It looks like 127.0.0.1:9050 or proxy.example.org:3128.
network-user = Name, if the proxy wants one
network-password = Password
network-password-kept = It is kept in your keyring.
network-password-not-kept = It can’t be kept without a keyring: you enter it again at each start.
network-password-length = A SOCKS5 proxy takes a name and a password of 1 to 255 letters.
network-unreadable = The settings of the network can’t be read, so Causerie connects to nobody. Choose again.
network-accounts = For single accounts
network-change = Change for { $account }
network-back = To all accounts
network-through = Through { $server }
network-unknown = Not known
network-settings = Network settings
network-open-page = Open a web page
accounts-add = Add another account
account-fetching = { $count ->
    [one] Fetching what you missed: { $count } message so far
   *[other] Fetching what you missed: { $count } messages so far
}
account-stop-fetching = Fetch it later
account-start-fetching = Fetch it now
account-not-fetched = Some of what you missed is not here yet.
accounts-sign-out = Remove from Causerie
accounts-sign-out-question = Remove { $account } from Causerie? The account itself stays with your provider. Its password is forgotten here in any case: without it you may not get in again, so make sure first that you have it elsewhere, on the recovery sheet for instance. The history on this computer can stay, or be deleted.
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
about-links = Links
about-links-what = Addresses and invitations on web pages are often XMPP links, which begin with “xmpp”. Your computer can open them with Causerie.
about-links-open = Open XMPP links with Causerie
about-links-asked = Telling your computer…
about-links-done = From now on XMPP links open with Causerie.
about-links-done-file = From now on XMPP links open with Causerie. To undo that, delete { $path }.
about-links-no-place = Causerie can’t tell your computer where it is. Move it to a folder with a simpler name and try again. Nothing was changed.
about-links-theirs = There is already a file { $path } that Causerie has not written. It was left as it is, and nothing was changed. Move it away, then try again.
about-links-not-written = The file { $path } can’t be written. Nothing was changed.
about-links-no-tool = The program xdg-mime, which tells your desktop, is missing. Install xdg-utils, then try again.
about-links-refused = Your computer still opens XMPP links with another program. Choose Causerie for them in its settings.
about-licence = Licence
about-licence-words = Free software under the GNU Affero General Public License, version 3 or later. It comes without any warranty.
about-parts = Made with
about-parts-words = Inter and JetBrains Mono (SIL Open Font License), Twemoji by Twitter and contributors (CC-BY 4.0), icons by Lucide (ISC), lists of the XMPP Providers project (CC0 1.0).
about-parts-crates = The libraries that Causerie is built from, with their licences and authors, are listed in the file THIRD-PARTY-LICENCES.txt, which comes with the program in its folder share/doc/causerie.
accounts-sign-out-unadded = { $count ->
    [one] { $who } is not among your contacts yet: your provider has not confirmed it. Without the account it won’t be done: note the address.
   *[other] { $count } people are not among your contacts yet: your provider has not confirmed it. Without the account it won’t be done: note their addresses ({ $who }).
}
accounts-sign-out-undecided = It isn’t known yet whether { $provider } has taken the new password that you chose. Copy it and note it down: it may be the one that signs you in from now on. If the history stays, Causerie tries it first the next time, as far as your keyring has it.

## What is told of a provider, each in a few words without a full stop

provider-run-by-april = Run by April, an association for free software in France
provider-run-by-person = Run by one person, in their spare time
provider-run-by-association = Run by an association
provider-run-by-company = Run by a company
provider-run-by-public-body = Run by a public body
provider-run-by-unknown = It does not say who runs it
provider-free = Free of charge
provider-paid = Costs money
provider-on-web = The account is made on a web page
provider-no-registration = It does not say how to get an account
provider-puzzle = Asks you to solve a picture puzzle
provider-email = Asks for your e-mail address
provider-reset = Can replace a lost password
provider-no-reset = Can’t replace a lost password
provider-file-size = Files up to { $size } each
provider-files-size = { $size } of files in all
provider-files-kept =
    { $count ->
        [one] Files are kept for one day
       *[other] Files are kept for { $count } days
    }
provider-files-kept-always = Files are kept as long as the account
provider-archive-kept =
    { $count ->
        [one] Messages are kept for one day, for your other devices
       *[other] Messages are kept for { $count } days, for your other devices
    }
provider-archive-kept-always = Messages are kept as long as the account, for your other devices
provider-countries = Servers in { $countries }
provider-since = Since { $year }
size-megabytes = { $count } MB
size-gigabytes = { $count } GB
country-name =
    { $code ->
        [AD] Andorra
        [AR] Argentina
        [AT] Austria
        [AU] Australia
        [BE] Belgium
        [BG] Bulgaria
        [BR] Brazil
        [BY] Belarus
        [CA] Canada
        [CH] Switzerland
        [CL] Chile
        [CN] China
        [CO] Colombia
        [CY] Cyprus
        [CZ] Czechia
        [DE] Germany
        [DK] Denmark
        [DZ] Algeria
        [EE] Estonia
        [EG] Egypt
        [ES] Spain
        [FI] Finland
        [FR] France
        [GB] the United Kingdom
        [GR] Greece
        [HK] Hong Kong
        [HR] Croatia
        [HU] Hungary
        [ID] Indonesia
        [IE] Ireland
        [IL] Israel
        [IN] India
        [IR] Iran
        [IS] Iceland
        [IT] Italy
        [JP] Japan
        [KR] South Korea
        [LT] Lithuania
        [LU] Luxembourg
        [LV] Latvia
        [MA] Morocco
        [MD] Moldova
        [MX] Mexico
        [MY] Malaysia
        [NL] the Netherlands
        [NO] Norway
        [NZ] New Zealand
        [PE] Peru
        [PL] Poland
        [PT] Portugal
        [RO] Romania
        [RS] Serbia
        [RU] Russia
        [SE] Sweden
        [SG] Singapore
        [SI] Slovenia
        [SK] Slovakia
        [TN] Tunisia
        [TR] Turkey
        [TW] Taiwan
        [UA] Ukraine
        [US] the United States
        [UY] Uruguay
        [VN] Vietnam
        [ZA] South Africa
       *[other] { $code }
    }
language-name =
    { $code ->
        [ar] Arabic
        [bg] Bulgarian
        [br] Breton
        [ca] Catalan
        [cs] Czech
        [da] Danish
        [de] German
        [el] Greek
        [en] English
        [eo] Esperanto
        [es] Spanish
        [et] Estonian
        [eu] Basque
        [fa] Persian
        [fi] Finnish
        [fr] French
        [gl] Galician
        [he] Hebrew
        [hr] Croatian
        [hu] Hungarian
        [id] Indonesian
        [it] Italian
        [ja] Japanese
        [ko] Korean
        [lt] Lithuanian
        [lv] Latvian
        [nb] Norwegian
        [nl] Dutch
        [no] Norwegian
        [oc] Occitan
        [pl] Polish
        [pt] Portuguese
        [ro] Romanian
        [ru] Russian
        [sk] Slovak
        [sl] Slovenian
        [sr] Serbian
        [sv] Swedish
        [tr] Turkish
        [uk] Ukrainian
        [vi] Vietnamese
        [zh] Chinese
       *[other] { $code }
    }

## What is wrong with a name that is wanted before the @

name-empty = Choose a name.
name-space = There is no space in a name. How about { $name }?
name-space-alone = There is no space in a name.
name-address = Only the name, without the provider: { $name }
name-address-alone = Only the name, without the @ and the provider.
name-forbidden = { $sign } can’t be in a name.
name-too-long = This name is too long.
name-not-possible = There is a character in it that no name may have.

## The wizard: from no account to a first conversation

wizard-title-invited = You were invited
wizard-title-provider = Choose your provider
wizard-title-identity = Your name and password
wizard-title-asking = A few questions
wizard-title-puzzle = One small puzzle
wizard-title-stuck = No account yet
wizard-title-unsure = Is your account there?
wizard-title-waiting = One moment
wizard-title-made = Your account is there
wizard-title-web = Create it on the web
wizard-title-ready = Your account is ready
wizard-title-contact = Your first contact
wizard-on = Continue
wizard-create = Create the account
wizard-add = Add and write
wizard-leave = Finish later
wizard-never = Don’t ask again
wizard-never-sure = Causerie is about to forget the password that was chosen for { $address }. If the account is there, nobody can sign in to it without that password: copy it first, if you want to keep the account.
wizard-never-stay = Keep it
wizard-never-forget = Forget it
wizard-doubt = Whether { $address } was created isn’t known: the answer of { $provider } was lost. Its password is kept until that is known.
wizard-doubt-web = You opened the web page of { $provider } to create { $address }. The password that was shown for it is kept, until you say that it is of no use.
wizard-doubt-find-out = Find out by signing in
wizard-web-other-password = You opened the page with another password. If you used that one there, take it back: this one will not sign you in.
wizard-web-other-password-back = Use the one from before
wizard-skip = Skip
wizard-step = Step { $step } of { $count }
wizard-link-waits = { $count ->
    [one] The link that you opened waits until these first steps are done.
   *[other] { $count } links that you opened wait until these first steps are done.
}
wizard-link-waits-answer = { $count ->
    [one] The link that you opened waits for this answer.
   *[other] { $count } links that you opened wait for this answer.
}
wizard-have-account = I have an account already
wizard-have-invitation = I have an invitation
wizard-open-page = Open the page
wizard-their-words = The provider says: “{ $words }”
wizard-waiting-connect = Connecting to { $provider }…
wizard-waiting-form = Asking { $provider } what it wants to know…
wizard-waiting-account = { $provider } is creating your account…
wizard-waiting-sign-in = Your account is there. Signing in to { $provider }…
wizard-waiting-sign-in-unknown = Signing in to { $provider }…

wizard-link = Invitation
wizard-link-note = Paste the link you were given or a picture of its QR code, or drop the picture onto this window.
wizard-link-paste = Paste
wizard-link-nothing-pasted = There is nothing to paste: no text and no picture. Copy the link, or the picture of the code, then try again.
wizard-link-picture = Choose a picture of the code
wizard-link-none = This invites to nothing that Causerie knows. Check that you copied the whole link.
wizard-link-page = The invitation is on a web page. Open { $page }, then copy the link that it shows and paste it here.
wizard-link-page-with-token = This invitation is a web page, and does not say by itself where the account is to be. Open { $page }, then copy the link that it shows and paste it here. If you know that it is at { $provider }, go on with that.
wizard-link-page-here = The account is at { $provider }
wizard-invited-account = This invites you to an account at { $provider }.
wizard-invited-before = Your earlier invitation is kept: { $name }
wizard-invited-page-before = Show that page’s invitation again
wizard-invited-contact = { $name } would like to talk with you. All you need is an address, at any provider: you can write to each other wherever you are.
wizard-invited-both = { $name } would like to talk with you, and invites you to an account at { $provider }. Another provider works just as well.

wizard-chapril = Our suggestion: run in France by April, an association for free software
wizard-terms = Read its terms
wizard-more-providers = Choose another provider
wizard-fewer-providers = Hide the other providers
wizard-filter = Search, or type any provider
wizard-filter-hint = A country, a language, or a name such as example.org
wizard-providers = Providers
wizard-any-provider = The provider of this name
wizard-no-provider = No provider fits that. Type its whole name, such as example.org.
wizard-provider-source = From the XMPP Providers project, which checks these providers every day.
wizard-provider-unasked = Not asked yet whether it takes new accounts
wizard-provider-asking = Asking { $provider } whether it takes new accounts…
wizard-provider-open = Takes new accounts now
wizard-provider-invitations = Takes new accounts, perhaps only by invitation
wizard-provider-invitation-only = Only by invitation: { $provider } takes nobody without one.
wizard-provider-web = The account is made on its web page
wizard-provider-unreachable = { $provider } can’t be found at the moment. Check your network, or choose another provider: you can write to the same people from there.
wizard-provider-closed = { $provider } is not taking new accounts at the moment.
wizard-provider-others = You can reach the same people from these:

wizard-name = Name
wizard-name-hint = alice
wizard-name-note = Letters, digits, dots and hyphens. What comes after it is @{ $provider }.
wizard-name-address = Your address: { $address }
wizard-name-taken = Somebody at { $provider } has this name already.
wizard-name-refused = { $provider } does not allow this name. Choose another one.
wizard-name-perhaps = Perhaps one of these?
wizard-password-way = Kind of password
wizard-password-words = Easy to read
wizard-password-signs = Letters and digits
wizard-password-mine = My own
wizard-password-made = Made up for you, and kept in your system’s keyring.
wizard-password-made-alone = Made up for you.
wizard-password-made-unkept = Made up for you. This desktop has no keyring to keep it in: note it down now.
wizard-password-renewed = This is a new password: the one from before was not used.
wizard-password-renewed-perhaps = This is a new password. If you have used the one from before already, enter that one.
wizard-password-own = Long is better than complicated. It is kept in your system’s keyring.
wizard-password-own-alone = Long is better than complicated.
wizard-password-own-unkept = Long is better than complicated. This desktop has no keyring to keep it in: note it down now.
wizard-password-another = Another password
wizard-password-copy = Copy the password
wizard-password-none = Choose a password.
wizard-password-refused = The provider does not take this password. Choose another one.
wizard-no-reset = { $provider } cannot give you a new password: write this one down, or keep the recovery sheet that comes at the end.
wizard-reset-unknown = It is not known whether { $provider } can replace a lost password: write this one down, or keep the recovery sheet that comes at the end.

wizard-puzzle = Your answer
wizard-puzzle-note = The picture says what to type.
wizard-puzzle-picture = Picture puzzle. If you can’t see it here, look at it in the browser.
wizard-puzzle-wrong = That was not it, or it came too late. Here is another one; the rest is still filled in.
wizard-reload = Another picture
wizard-reload-question = Another question
wizard-reload-in = { $what } ({ $seconds } s)
wizard-time-left = { $time } left
wizard-form-page = Open it in the browser instead
wizard-puzzle-page = See the puzzle in the browser
wizard-page-plain = This page is not encrypted: others on your network may see what you do there.
wizard-form-old = The puzzle became too old while you were away. What you typed is still here.
wizard-picture-coming = The picture is coming…
wizard-picture-too-large = The picture that came is too large to be shown safely. Ask for another one.
wizard-picture-broken = The picture did not come in one piece. Ask for another one.
wizard-field = Answer
wizard-field-nick = Nickname
wizard-field-name = Full name
wizard-field-first = First name
wizard-field-last = Last name
wizard-field-email = E-mail address
wizard-field-address = Street and number
wizard-field-city = City
wizard-field-state = State or region
wizard-field-zip = Postal code
wizard-field-phone = Phone number
wizard-field-url = Web page
wizard-field-date = Date
wizard-field-misc = Anything else
wizard-field-text = A few words
wizard-field-picture = Picture from the provider
wizard-field-optional = { $name } (optional)
wizard-field-missing = An answer is needed here.
wizard-email-note = Your provider can write to you there, for instance when you lose your password.
wizard-secret-note = It is sent to this provider. Never enter a password that you use elsewhere.
wizard-answers-refused = The provider does not take one of the answers. Change it, then try again: the rest is still here.
wizard-not-made = The connection broke off, and the account was not created. Try once more; what you typed is still here.
wizard-made-not-signed-in = Your account { $address } is there. You are not signed in yet.
wizard-made-no-network = Your account { $address } is there, but { $provider } can’t be reached right now. Causerie signs you in as soon as the network is back.
wizard-perhaps-no-network = Whether { $address } was created isn’t known yet: { $provider } can’t be reached right now. Causerie finds out as soon as the network is back. Nothing you typed is lost.
wizard-elsewhere = Or go to another provider
wizard-elsewhere-kept = You keep your name and password.
wizard-other-provider = Another provider
wizard-website = Open its web page

wizard-web-first = 1. Create the account
wizard-web-first-note = { $provider } makes accounts on its own web page. Open it, and choose a name and a password there.
wizard-web-first-ours = { $provider } makes accounts on its own web page. Open it, and enter the name and the password from below there.
wizard-web-no-page = { $provider } makes accounts on its own web page, but does not say which. Look for it in your browser.
wizard-web-second = 2. Sign in
wizard-web-second-note = Then enter what you chose there.
wizard-web-second-ours = Did the page want another name or another password? Then enter those here.

wizard-ready = Your address is { $address }.
wizard-shown-name = How others see you
wizard-shown-name-hint = Your name
wizard-shown-name-note = Leave it empty to be seen by your address.
wizard-picture-choose = Add a picture
wizard-picture-other = Another picture
wizard-picture-remove = Remove
wizard-picture-note = Its place and date are removed.
wizard-picture-seen = Others still see the picture from before.
wizard-picture-not-shown = Your picture could not be made ready, and others don’t see it. { $why }
wizard-crop = The part of the picture that others see. Arrows move it, + and − size it.
wizard-crop-note = Drag it, or use the arrows. The wheel, + and − make it larger or smaller. Others see what is in the ring.
wizard-crop-nearer = Larger
wizard-crop-further = Smaller
wizard-sheet = Recovery sheet
wizard-sheet-what = All you need to sign in elsewhere, to print or keep. Without the password, { $provider } may not be able to let you in again.
wizard-sheet-password = With the password on it
wizard-sheet-pdf = Save as PDF
wizard-sheet-png = Save as a picture (PNG)
wizard-sheet-writing = Writing the sheet…
wizard-sheet-written = Saved: { $path }
wizard-sheet-open = Open it to print it

wizard-contact = Somebody’s address
wizard-contact-note = Any provider works. This person is asked whether you may see when they are online.
wizard-own = Your own address, to hand out
wizard-own-note = Whoever opens the link or scans the code can write to you.
wizard-own-code = QR code of your address
wizard-copied = Copied.
wizard-copy-address = Copy the address
wizard-copy-link = Copy the link
wizard-copy-page = Copy a web link
wizard-contact-named = In your contacts this person is called “{ $name }”.
wizard-room = Questions about { $provider }? People answer them in its public room, { $room }. Other programs for XMPP open it by this address.
wizard-room-copy = Copy the room’s address
wizard-note = Write a note to myself
wizard-later = Later

refusal-too-many-accounts = An account was made at { $provider } from your network not long ago, perhaps by somebody else. Try again now, or go to another provider.
refusal-too-many-accounts-until = An account was made at { $provider } from your network not long ago, perhaps by somebody else. The next one is possible at { $time }, from another network at once; or go to another provider.
refusal-too-many-accounts-usual = An account was made at { $provider } from your network not long ago, perhaps by somebody else. It does not say how long to wait; ten minutes are usual. Try again at { $time }, from another network at once; or go to another provider.
refusal-too-many-forms = { $provider } was asked too often in a short time. Wait a minute, then try again.
refusal-too-many-forms-until = { $provider } was asked too often in a short time. Try again at { $time }.
refusal-password = { $provider } does not take this password. Choose another one.
refusal-puzzle = The puzzle was not solved, or too late. Try another one.
refusal-answers = { $provider } does not take one of the answers. Change it, then try again.
refusal-invitation-needed = { $provider } makes accounts by invitation only. Nothing you typed is lost: go on with an invitation, or go to another provider.
refusal-invitation-invalid = This invitation was used already, or its time is over. Ask for another one, or go to another provider.
refusal-on-the-web = { $provider } makes accounts on its own web page.
refusal-closed = { $provider } is not taking new accounts at the moment. Nothing you typed is lost.
refusal-refused = { $provider } did not take the request. Try again later, or go to another provider.
refusal-not-supported = { $provider } makes no accounts from programs like this one. Look at its website, or go to another provider.
refusal-not-served = What answers for { $provider } knows nothing of it. Check the name, or go to another provider.
refusal-unknown-host = There is no provider called { $provider }. Check the name, or go to another provider.
refusal-no-service = { $provider } says that it offers no chat. Check the name, or go to another provider.
refusal-policy = { $provider } closed the connection because of its rules. Wait a few minutes, or choose another provider.
refusal-no-tls = No encrypted connection to { $provider } could be made, so nothing was sent. Try another network, or go to another provider.
refusal-certificate-unknown = Nobody this computer trusts vouches for { $provider }. Somebody may be in between: try another network, or go to another provider. Nothing was sent.
refusal-certificate-expired = The certificate of { $provider } has run out, so it can’t prove who it is. Check your computer’s clock; if it is right, go to another provider. Nothing was sent.
refusal-certificate-bad = The certificate of { $provider } is not in order, so it can’t prove who it is. Go to another provider. Nothing was sent.
refusal-not-allowed = { $provider } did not allow it. Try another network, or go to another provider.
refusal-form = { $provider } asks something that Causerie does not understand. Its web page may help; or go to another provider.
refusal-unknown = The connection broke off before { $provider } answered. Sign in to find out whether your account was created.
wizard-invited-again = Show that invitation again
wizard-doubt-unkept = Whether { $address } was created isn’t known: the answer of { $provider } was lost. No keyring has taken its password, and Causerie forgets it when you quit: copy it and note it down now.
wizard-doubt-web-unkept = You opened the web page of { $provider } to create { $address }. No keyring has taken the password that was shown for it, and Causerie forgets it when you quit: copy it and note it down now.
wizard-doubt-lost = Whether { $address } was created isn’t known: the answer of { $provider } was lost. No keyring has taken its password, so Causerie doesn’t know it any more: use the one that you noted down.
wizard-doubt-web-lost = You opened the web page of { $provider } to create { $address }. No keyring has taken the password that was shown for it, so Causerie doesn’t know it any more: use the one that you noted down.

## The path of a file, where the desktop has no window to choose one

path-field = Path of the file
path-why = This desktop has no window to choose files in.
path-note-read = For instance ~/Pictures/face.png. You can also drop the file onto this window.
path-note-write = The folder, and the name of the file that is to be made.
path-open = Open
path-save = Save
path-no-file = There is no file of this name. Check the path.
path-no-folder = There is no such folder. Check the path.
path-taken = There is a file of this name already. Choose another name.

## The picture of an account

portrait-unreadable = The file can’t be read. Choose another one.
portrait-too-large = The picture is too large. Choose a smaller one.
portrait-no-picture = This is no picture that Causerie understands. Choose a PNG, JPEG, WebP or GIF file.

## The sheet that brings one back into an account

recovery-title = Your account, on paper
recovery-what = Keep this sheet in a safe place. With it you can sign in again on any device, even when this computer is gone.
recovery-address = Address
recovery-password = Password
recovery-password-blank = Write it here by hand, if you want to.
recovery-provider = Provider
recovery-terms = Terms of use
recovery-lost = If you lose the password
recovery-no-reset = { $provider } can’t replace it: without the password there is no way back into the account.
recovery-reset = { $provider } replaces it on this page: { $page }
recovery-ask = Ask { $provider }.
recovery-elsewhere = To sign in elsewhere
recovery-install = 1. Install Causerie, or another program for XMPP. There are some for every computer and phone: https://xmpp.org/software/
recovery-sign-in = 2. Say that you have an account already.
recovery-type = 3. Enter the address and the password. Your contacts are there at once; encrypted messages stay on the devices that received them.
recovery-code = With this code others add you.
recovery-not-saved = The sheet could not be saved there. Choose another folder.
recovery-no-password = The password is not kept on this device, so it can’t be on the sheet. Save the sheet without it, and write it down by hand.
recovery-not-made = The sheet could not be made. Write the address and the password down by hand.

## Settings: what is seldom done with an account

accounts-more = More
colour-none = None
colour-blue = Blue
colour-teal = Teal
colour-green = Green
colour-amber = Amber
colour-orange = Orange
colour-red = Red
colour-pink = Pink
colour-violet = Violet
upkeep-order = Order
upkeep-up = Move up
upkeep-down = Move down
upkeep-colour = Colour
upkeep-online-only = Some of this can be done only while you are connected.
upkeep-password = Change the password
upkeep-new-password = New password
upkeep-password-note = The present one holds until your provider has taken this one. Your other devices will ask for it.
upkeep-password-asked = Waiting for your provider to take the new password…
upkeep-password-changed = The password is changed, and kept in your system’s keyring.
upkeep-password-changed-alone = The password is changed.
upkeep-password-unkept = Your new password is in no keyring. { $why } Note it down now.
upkeep-password-noted = I have noted it
upkeep-profile = Name and picture
upkeep-profile-asked = Others will see it as soon as your provider has it.
upkeep-export = Save contacts as a file
upkeep-export-title = Save the contacts
upkeep-export-file = contacts.csv
upkeep-exported = Saved: { $path }
upkeep-not-exported = The file could not be written there. Choose another folder.
upkeep-import = Add contacts from a file
upkeep-import-title = Choose a list of contacts
upkeep-lists = Lists
upkeep-found = { $count ->
    [one] One address was found. Whoever it belongs to will be asked.
   *[other] { $count } addresses were found. Each person will be asked.
    } { $unread ->
    [0] { "" }
    [one] One line has no address and is left out.
   *[other] { $unread } lines have no address and are left out.
    }
upkeep-add-them = Add them
upkeep-adding = { $done } added, { $waiting } to go, { $failed } not possible. Causerie goes on with it whenever it runs and is connected.
upkeep-added = { $done } added, { $failed } not possible.
upkeep-stop = Stop
upkeep-no-file = This file could not be read.
upkeep-too-large = This file is too large for a list of contacts.
upkeep-too-many = These are too many contacts for one file: split it into several.
upkeep-no-addresses = There is no address in this file. Each line should begin with one, such as name@example.org.
upkeep-move = I have moved
moving-what = The people who see you at { $old } learn that you are at another address now, and decide themselves whether to add it. This account stays, and messages to it still arrive.
moving-address = My new address
moving-mine = Your other accounts here:
moving-same = This is the old address.
moving-told = Your contacts know this already.
moving-question = Tell everybody who sees you at { $old } that you are at { $new } from now on? You can take it back, but not unsay it to those who have read it.
moving-confirm = Tell them
moving-asked = Telling your contacts…
moving-state = Your contacts are told that you moved to { $new }.
moving-back = Take it back
moving-back-asked = Taking it back…
moving-back-done = Nobody is told any more that you moved.
moving-not-back = Your contacts are still told that you moved. { $why }
moving-along = Take the contacts along
moving-offer =
    { $count ->
        [one] { $old } has moved here. One contact is not here yet: they will be asked, and told that it is you.
       *[other] { $old } has moved here. { $count } contacts are not here yet: each will be asked, and told that it is you.
    }
moving-take = Take them along
upkeep-delete = Delete the account
upkeep-delete-what = { $account } will be deleted at { $provider }, with its contacts and what is kept there, and here with its history. Nobody can bring it back, and somebody else may take the name.
upkeep-delete-type = Type the address to confirm
upkeep-delete-confirm = Delete for good
upkeep-deletion-asked = Waiting for your provider to delete the account…
