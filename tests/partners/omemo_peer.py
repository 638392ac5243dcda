#!/usr/bin/env python3
"""A partner for tests: OMEMO of other people's making, in both versions, that does what it is told.

It speaks as `drive` does: one JSON object a line, a command in, exactly one answer out, and events between them. Its
packages are in requirements.txt beside it. It trusts every device, accepts every subscription, and always checks the
certificate of its server.

COMMANDS: {"do": NAME, ...}. Fields in [ ] may be left out.

  look_up  jid                         fetch the lists and bundles of somebody; answer: devices, their numbers by version
  make_room                            let there be bundles of many devices: the library leaves that to servers, some of which keep one
  write    to body version             encrypt without sending; answer: id, xml, devices. version: legacy, omemo2 or both, which
                                       gives each device the newest that it has
  send     to body version             the same, and send it; version may also be clear
  raw      xml                         send that as it is
  keep                                 put encrypted messages that come aside, from now on
  take     order                       read those of them whose numbers, from 0, are in the list, in its order
  release                              read what comes at once again, and forget what was put aside
  quit                                 leave

ANSWERS: {"answer": NAME, "ok": true, ...} or {"answer": NAME, "ok": false, "fault": TEXT}

EVENTS: {"event": NAME, ...}

  ready       device key               the first line: online, and everything is published
  message     from id body version device copy     a text; version as above, copy tells whether it came as a copy from the server
  empty       from version             something that says nothing, and could be decrypted
  unreadable  from id why              something that could not be
  kept        count                    so many are put aside
"""

import argparse
import asyncio
import json
import logging
import os
import pathlib
import secrets
import sys
import time
from xml.etree import ElementTree

import oldmemo
import oldmemo.etree
import omemo
import slixmpp
import slixmpp_omemo.xep_0384
import twomemo
import twomemo.etree
from omemo.session_manager import MessageNotForUs
from omemo.storage import Just, Nothing, Storage
from slixmpp import JID
from slixmpp.plugins import register_plugin
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from slixmpp_omemo import TrustLevel, XEP_0384

LEGACY = oldmemo.oldmemo.NAMESPACE
OMEMO2 = twomemo.twomemo.NAMESPACE
# The newest first, as it is preferred.
NAMES = {OMEMO2: "omemo2", LEGACY: "legacy"}
SPOKEN = {"legacy": [LEGACY], "omemo2": [OMEMO2], "both": [OMEMO2, LEGACY]}
ENVELOPE = "urn:xmpp:sce:1"
FALLBACK = "This is encrypted with OMEMO."
PLUGINS = ["xep_0004", "xep_0030", "xep_0060", "xep_0115", "xep_0163", "xep_0280", "xep_0334", "xep_0380"]


def say(**fields):
    print(json.dumps(fields, ensure_ascii=False), flush=True)


class FileStorage(Storage):
    """Everything that the library keeps, in one file that is written when `commit` says so."""

    def __init__(self, path):
        super().__init__(disable_cache=True)
        self.path = path
        self.changed = False
        try:
            self.values = json.loads(path.read_text())
        except FileNotFoundError:
            self.values = {}

    async def _load(self, key):
        return Just(self.values[key]) if key in self.values else Nothing()

    async def _store(self, key, value):
        self.values[key] = value
        self.changed = True

    async def _delete(self, key):
        self.values.pop(key, None)
        self.changed = True

    def commit(self):
        if self.changed:
            new = self.path.with_suffix(".new")
            new.write_text(json.dumps(self.values))
            os.replace(new, self.path)
            self.changed = False


class Omemo(XEP_0384):
    """The plugin of slixmpp-omemo, with a storage, and trusting everybody."""

    default_config = {"fallback_message": FALLBACK, "kept": None}

    @property
    def storage(self):
        return self.kept

    @property
    def _btbv_enabled(self):
        return True

    async def _prompt_manual_trust(self, manually_trusted, identifier):
        sessions = await self.get_session_manager()
        for device in manually_trusted:
            await sessions.set_trust(device.bare_jid, device.identity_key, TrustLevel.TRUSTED.value)

    async def _on_device_list_update(self, msg):
        try:
            await super()._on_device_list_update(msg)
        except omemo.UnknownNamespace:
            # The list of a version that is not spoken here.
            pass


register_plugin(Omemo)


def publish_only(namespaces):
    """The plugin always has both versions. Replaces the function that makes its sessions by one that makes those of some versions;
    it is private, which is one reason why the package is pinned."""

    async def prepare(xmpp, plugin, storage, _legacy_storage):
        backends = [
            (twomemo.Twomemo if namespace == OMEMO2 else oldmemo.Oldmemo)(storage, 1000, None)
            for namespace in namespaces
        ]
        made = slixmpp_omemo.xep_0384._make_session_manager(xmpp, plugin)
        sessions = await made.create(
            backends, storage, xmpp.boundjid.bare,
            initial_own_label=None, undecided_trust_level_name=TrustLevel.UNDECIDED.value)
        await sessions.ensure_data_consistency()
        await sessions.after_history_sync()
        return sessions

    slixmpp_omemo.xep_0384._prepare = prepare


def wrap(body, sender):
    """The envelope of a text (XEP-0420)."""
    envelope = ElementTree.Element(f"{{{ENVELOPE}}}envelope")
    content = ElementTree.SubElement(envelope, f"{{{ENVELOPE}}}content")
    ElementTree.SubElement(content, "{jabber:client}body").text = body
    ElementTree.SubElement(envelope, f"{{{ENVELOPE}}}rpad").text = secrets.token_hex(1 + secrets.randbelow(50))
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    ElementTree.SubElement(envelope, f"{{{ENVELOPE}}}time", stamp=stamp)
    ElementTree.SubElement(envelope, f"{{{ENVELOPE}}}from", jid=sender)
    return ElementTree.tostring(envelope)


def unwrap(plaintext, sender):
    """The text in an envelope, whose sender must be the one outside."""
    envelope = ElementTree.fromstring(plaintext)
    inside = envelope.find(f"{{{ENVELOPE}}}from")
    if inside is None or JID(inside.get("jid")).bare != sender:
        raise ValueError("the sender inside the envelope is another")
    if envelope.find(f"{{{ENVELOPE}}}rpad") is None:
        raise ValueError("the envelope is not padded")
    return envelope.findtext(f"{{{ENVELOPE}}}content/{{jabber:client}}body")


class Partner(slixmpp.ClientXMPP):
    def __init__(self, arguments):
        # Without reading ahead: what follows is commands.
        super().__init__(arguments.jid, sys.stdin.buffer.raw.readline().decode().rstrip("\n"))
        self.namespaces = SPOKEN[arguments.omemo]
        self.storage = FileStorage(arguments.store)
        self.use_message_ids = True
        self.ca_certs = arguments.ca
        self.known = set()
        self.arrived = asyncio.Queue()
        # Messages put aside, when they are.
        self.kept = None
        # Sessions are changed by one at a time: the library does not look after that.
        self.turn = asyncio.Lock()
        for plugin in PLUGINS:
            self.register_plugin(plugin)
        self.register_plugin("xep_0384", {"kept": self.storage}, module=sys.modules[__name__])
        self.omemo = self.plugin["xep_0384"]
        self.initialized = asyncio.Event()
        self.add_event_handler("omemo_initialized", lambda _: self.initialized.set())
        self.add_event_handler("session_start", self.begin)
        # Not the event `message`: without a body there is none.
        self.register_handler(Callback(
            "everything", MatchXPath("{jabber:client}message"), lambda stanza: self.arrived.put_nowait((stanza, False))))
        for kind in ("carbon_received", "carbon_sent"):
            self.add_event_handler(kind, lambda stanza, kind=kind: self.arrived.put_nowait((stanza[kind], True)))
        self.add_event_handler("failed_auth", lambda _: sys.exit("the server refuses the password"))

    async def begin(self, _):
        self.auto_authorize = self.auto_subscribe = True
        await self.get_roster()
        await self.plugin["xep_0280"].enable()
        await self.initialized.wait()
        self.storage.commit()
        # Only now: what waits for us is given out when we are present, and has to find the keys.
        self.send_presence()
        sessions = await self.omemo.get_session_manager()
        own, _ = await sessions.get_own_device_information()
        say(event="ready", device=own.device_id, key=" ".join(sessions.format_identity_key(own.identity_key)))
        asyncio.ensure_future(self.read_all())

    async def read_all(self):
        while True:
            arrived = await self.arrived.get()
            if self.kept is None:
                await self.read(*arrived)
            elif self.omemo.is_encrypted(arrived[0]):
                self.kept.append(arrived)
                say(event="kept", count=len(self.kept))

    async def read(self, stanza, copy):
        if stanza["type"] in ("error", "groupchat"):
            return
        sender = stanza["from"].bare
        about = {"from": sender, "id": stanza["id"]}
        try:
            async with self.turn:
                await self.decrypt(stanza, copy, about)
        except MessageNotForUs:
            # An empty message for another device of ours is no concern of this one.
            if any(stanza.xml.find(f"{{{namespace}}}encrypted/{{{namespace}}}payload") is not None for namespace in NAMES):
                say(event="unreadable", why="it is not for this device", **about)
        except Exception as fault:
            say(event="unreadable", why=f"{type(fault).__name__}: {fault}", **about)
        self.storage.commit()

    async def decrypt(self, stanza, copy, about):
        encrypted = self.omemo.is_encrypted(stanza)
        if not encrypted:
            if stanza["body"]:
                say(event="message", body=stanza["body"], version="clear", device=None, copy=copy, **about)
            return
        sessions = await self.omemo.get_session_manager()
        sender = about["from"]
        if sender != self.boundjid.bare:
            await self.look_up_once(sender)
        fault = MessageNotForUs("nothing in a version that is spoken here")
        for namespace in self.namespaces:
            if namespace not in encrypted:
                continue
            element = stanza.xml.find(f"{{{namespace}}}encrypted")
            if namespace == OMEMO2:
                message = twomemo.etree.parse_message(element, sender)
            else:
                message = await oldmemo.etree.parse_message(element, sender, self.boundjid.bare, sessions)
            try:
                plaintext, device, _ = await sessions.decrypt(message)
            except MessageNotForUs as not_for_us:
                fault = not_for_us
                continue
            about["version"] = NAMES[namespace]
            if plaintext is None:
                say(event="empty", **about)
                return
            body = unwrap(plaintext, sender) if namespace == OMEMO2 else plaintext.decode()
            say(event="message", body=body, device=device.device_id, copy=copy, **about)
            return
        raise fault

    async def look_up_once(self, jid):
        if jid not in self.known:
            sessions = await self.omemo.get_session_manager()
            for namespace in self.namespaces:
                await sessions.refresh_device_list(namespace, jid)
            self.known.add(jid)

    async def encrypt(self, to, body, version):
        await self.look_up_once(to)
        namespaces = SPOKEN[version]
        plaintexts = {LEGACY: body.encode(), OMEMO2: wrap(body, self.boundjid.bare)}
        sessions = await self.omemo.get_session_manager()
        messages, faults = await sessions.encrypt(
            frozenset({to}), {namespace: plaintexts[namespace] for namespace in namespaces},
            backend_priority_order=namespaces)
        if faults:
            raise RuntimeError(f"not for all devices: {sorted(map(str, faults))}")
        stanza = self.make_message(mto=JID(to), mtype="chat")
        stanza["id"] = secrets.token_hex(8)
        stanza["body"] = FALLBACK
        stanza.enable("store")
        stanza["eme"]["namespace"] = namespaces[-1]
        stanza["eme"]["name"] = "OMEMO"
        devices = {}
        for message in messages:
            serialize = (twomemo if message.namespace == OMEMO2 else oldmemo).etree.serialize_message
            stanza.append(serialize(message))
            devices[NAMES[message.namespace]] = sorted(key.device_id for key, _ in message.keys)
        return stanza, devices

    async def obey(self, command):
        """Does what a command asks. Answers with the fields of the answer."""
        what = command["do"]
        if what == "look_up":
            devices = frozenset()
            async with self.turn:
                self.known.discard(command["jid"])
                try:
                    await self.look_up_once(command["jid"])
                    sessions = await self.omemo.get_session_manager()
                    devices = await sessions.get_device_information(command["jid"])
                except omemo.DeviceListDownloadFailed:
                    # Servers say it in more than one way that there is no list yet.
                    pass
            self.storage.commit()
            return {"devices": {
                NAMES[namespace]: sorted(
                    device.device_id for device in devices if dict(device.active).get(namespace))
                for namespace in self.namespaces}}
        if what == "make_room":
            form = self.plugin["xep_0004"].make_form(ftype="submit")
            form.add_field("FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#node_config")
            form.add_field("pubsub#max_items", value="100")
            form.add_field("pubsub#persist_items", value="true")
            await self.plugin["xep_0060"].set_node_config(JID(self.boundjid.bare), f"{OMEMO2}:bundles", form)
            return {}
        if what == "send" and command["version"] == "clear":
            stanza = self.make_message(mto=JID(command["to"]), mbody=command["body"], mtype="chat")
            stanza.send()
            return {"id": stanza["id"]}
        if what in ("write", "send"):
            async with self.turn:
                stanza, devices = await self.encrypt(command["to"], command["body"], command["version"])
            # Before anybody sees what was encrypted: a key is used once.
            self.storage.commit()
            if what == "send":
                stanza.send()
            return {"id": stanza["id"], "xml": str(stanza), "devices": devices}
        if what == "raw":
            self.send_raw(command["xml"])
            return {}
        if what == "keep":
            self.kept = []
            return {}
        if what == "take":
            for number in command["order"]:
                await self.read(*self.kept[number])
            return {}
        if what == "release":
            self.kept = None
            return {}
        raise ValueError(f"what is {what}?")


async def follow(partner):
    """Does what stands on the lines of the input."""
    lines = asyncio.StreamReader(limit=1 << 24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        command = json.loads(line)
        if command["do"] == "quit":
            return
        try:
            say(answer=command["do"], ok=True, **await partner.obey(command))
        except Exception as fault:
            say(answer=command.get("do"), ok=False, fault=f"{type(fault).__name__}: {fault}")


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jid", required=True, help="the account; its password is the first line of the input")
    parser.add_argument("--server", required=True, help="host:port")
    parser.add_argument("--ca", required=True, type=pathlib.Path, help="the authority that vouches for the server, in PEM")
    parser.add_argument("--store", required=True, type=pathlib.Path, help="the file with keys: a new one is a new device")
    parser.add_argument("--omemo", choices=SPOKEN, default="both", help="the versions that are published")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    publish_only(SPOKEN[arguments.omemo])
    partner = Partner(arguments)
    host, port = arguments.server.rsplit(":", 1)
    partner.connect(host, int(port))
    await follow(partner)
    async with partner.turn:
        partner.storage.commit()
    await partner.disconnect(wait=1)
    say(answer="quit", ok=True)


if __name__ == "__main__":
    asyncio.run(main())
