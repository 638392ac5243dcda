"""A desktop that shows notifications: says on its output, a line of JSON each, what it is asked to show and to withdraw, and takes
`click ID` on its input."""

import asyncio
import json
import sys

from dbus_next.aio import MessageBus
from dbus_next.service import ServiceInterface, method, signal

CLICKED, WITHDRAWN = 2, 3


def say(**what):
    """A line of output."""
    print(json.dumps(what), flush=True)


class Notifications(ServiceInterface):
    """Desktop Notifications Specification 1.2."""

    def __init__(self):
        super().__init__("org.freedesktop.Notifications")
        self.count = 0

    @method()
    def GetCapabilities(self) -> "as":
        return ["body", "body-markup", "actions"]

    @method()
    def Notify(self, app: "s", replaces: "u", icon: "s", summary: "s", body: "s", actions: "as", hints: "a{sv}",
               timeout: "i") -> "u":
        if replaces == 0:
            self.count += 1
            replaces = self.count
        say(event="shown", id=replaces, app=app, title=summary, body=body, actions=actions)
        return replaces

    @method()
    def CloseNotification(self, number: "u"):
        say(event="withdrawn", id=number)
        self.NotificationClosed(number, WITHDRAWN)

    @method()
    def GetServerInformation(self) -> "ssss":
        return ["desktop", "causerie", "1", "1.2"]

    @signal()
    def NotificationClosed(self, number, reason) -> "uu":
        return [number, reason]

    @signal()
    def ActionInvoked(self, number, action) -> "us":
        return [number, action]


async def main():
    bus = await MessageBus().connect()
    notifications = Notifications()
    bus.export("/org/freedesktop/Notifications", notifications)
    await bus.request_name("org.freedesktop.Notifications")
    say(event="ready")
    lines = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := (await lines.readline()).split():
        notifications.ActionInvoked(int(line[1]), "default")
        notifications.NotificationClosed(int(line[1]), CLICKED)


asyncio.run(main())
