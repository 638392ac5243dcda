"""Lets a file fall onto a window, as a file manager does (XDND 5, freedesktop.org: Drag-and-Drop Protocol for the X Window System)."""

import pathlib
import sys
import time

from Xlib import X, Xatom, display
from Xlib.protocol import event

VERSION, PATIENCE = 5, 20


class Source:
    """A window that offers a file."""

    def __init__(self, target, file):
        self.display = display.Display()
        screen = self.display.screen()
        self.window = screen.root.create_window(0, 0, 1, 1, 0, screen.root_depth)
        self.target = self.display.create_resource_object("window", target)
        where = self.target.translate_coords(screen.root, 0, 0)
        # The middle of the window, on the screen.
        size = self.target.get_geometry()
        self.place = (-where.x + size.width // 2, -where.y + size.height // 2)
        self.content = pathlib.Path(file).resolve().as_uri().encode() + b"\r\n"

    def atom(self, name):
        return self.display.intern_atom(name)

    def tell(self, what, *data):
        """A message to the target."""
        words = [self.window.id, *data] + [0] * (4 - len(data))
        message = event.ClientMessage(window=self.target, client_type=self.atom(what), data=(32, words))
        self.target.send_event(message)
        self.display.flush()

    def answers(self, wanted):
        """Gives what is asked for, until the target says that."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not self.display.pending_events():
                time.sleep(0.01)
                continue
            heard = self.display.next_event()
            if heard.type == X.SelectionRequest:
                self.give(heard)
            elif heard.type == X.ClientMessage and heard.client_type == self.atom(wanted):
                return heard.data[1]
        sys.exit(f"the window does not answer with {wanted}")

    def give(self, asked):
        """The file's address, in the form that is asked for."""
        given = asked.property if asked.target == self.atom("text/uri-list") else X.NONE
        if given != X.NONE:
            asked.requestor.change_property(given, asked.target, 8, self.content)
        asked.requestor.send_event(event.SelectionNotify(
            time=asked.time, requestor=asked.requestor, selection=asked.selection, target=asked.target, property=given))
        self.display.flush()

    def drop(self):
        """Over the window, and down."""
        aware = self.target.get_full_property(self.atom("XdndAware"), Xatom.ATOM)
        if not aware:
            sys.exit("nothing can be dropped onto this window")
        self.window.set_selection_owner(self.atom("XdndSelection"), X.CurrentTime)
        copy = self.atom("XdndActionCopy")
        self.tell("XdndEnter", min(VERSION, aware.value[0]) << 24, self.atom("text/uri-list"))
        self.tell("XdndPosition", 0, self.place[0] << 16 | self.place[1], X.CurrentTime, copy)
        if not self.answers("XdndStatus")[1] & 1:
            sys.exit("the window does not take it")
        self.tell("XdndDrop", 0, X.CurrentTime)
        self.answers("XdndFinished")


Source(int(sys.argv[1]), sys.argv[2]).drop()
