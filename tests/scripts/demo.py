"""A short scene for machines without a display: Alice opens her list, writes to Bob, and is answered."""

import sys

from window import Window, play, until

PROGRAM, DATA, PICTURES = sys.argv[1:4]


def answers(window):
    """How many messages came from Bob."""
    rows = window.rows("SELECT count(*) FROM message JOIN conversation ON conversation.id = message.conversation "
                       "WHERE peer = 'bob@chat.test' AND direction = 0")
    return rows[0][0] if rows else 0


def scene():
    window = Window(PROGRAM, DATA, PICTURES, size=(1100, 740))
    try:
        until("contacts", lambda: window.rows("SELECT 1 FROM contact"))
        until("what was written before", lambda: answers(window) >= 2)
        window.picture("1-list", 2)
        window.key("ctrl+k")
        window.type("bob")
        window.picture("2-search")
        window.key("Return")
        window.picture("3-conversation", 1)
        for number, text in enumerate(["Hello Bob! Nice to meet you.", "Are you there every day?"]):
            before = answers(window)
            window.type(text)
            window.key("Return")
            until("the message", lambda: window.message(text))
            window.picture(f"{4 + 2 * number}-written", 1.2)
            until("an answer", lambda: answers(window) > before)
            window.picture(f"{5 + 2 * number}-answered", 1)
        window.key("ctrl+n")
        window.picture("8-add-a-contact")
        window.key("Escape", "ctrl+comma")
        window.picture("9-settings", 1)
        window.quit()
    finally:
        window.kill()


play(scene)
