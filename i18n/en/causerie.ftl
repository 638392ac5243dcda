# The words of Causerie, in English: the language that every other one falls back to.
# Short, active, sentence case; no "please", no "oops", no blame. An error says what happened, whether anything is lost,
# and what to do.

## Dates, times, sizes

day-today = Today
day-yesterday = Yesterday
moment = { $day }, { $time }
size-bytes = { $size } B
size-kilobytes = { $size } kB
size-megabytes = { $size } MB
size-gigabytes = { $size } GB

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
message-edited = edited
message-link = Link: { $target }
message-unencrypted = Not end-to-end encrypted
message-said-by-me = You, { $time }: { $text }
message-said-by = { $name }, { $time }: { $text }

## People

avatar-of = Picture of { $name }
presence-online = Online
presence-away = Away
presence-long-away = Away for long
presence-busy = Do not disturb
presence-offline = Offline
unread-count =
    { $count ->
        [one] { $count } unread message
       *[other] { $count } unread messages
    }
