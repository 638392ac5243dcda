#!/usr/bin/env python3
"""Reads the whole archive of an account (XEP-0313), as a program that has nothing to do with ours sees it.

One JSON object a line, in the order of the archive: name (what the archive calls it), stamp, from, to, id, origin, body,
encrypted. Messages that say nothing (receipts, markers) are left out. The last line is {"end": true}. The password is the first
line of the input. It needs slixmpp alone of what is in requirements.txt.
"""

import argparse
import asyncio
import json
import sys
from xml.etree import ElementTree

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

MAM = "{urn:xmpp:mam:2}"
RSM = "{http://jabber.org/protocol/rsm}"
CLIENT = "{jabber:client}"
OMEMO = ("{eu.siacs.conversations.axolotl}encrypted", "{urn:xmpp:omemo:2}encrypted")


def tell(**fields):
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def told(result):
    forwarded = result.find("{urn:xmpp:forward:0}forwarded")
    delay = forwarded.find("{urn:xmpp:delay}delay")
    message = forwarded.find(f"{CLIENT}message")
    encrypted = [element for element in (message.find(name) for name in OMEMO) if element is not None]
    payload = any(child.tag.endswith("}payload") for element in encrypted for child in element)
    body = message.findtext(f"{CLIENT}body")
    if message.get("type") == "error" or not (payload or (body and not encrypted)):
        return None
    origin = message.find("{urn:xmpp:sid:0}origin-id")
    return {
        "name": result.get("id"),
        "stamp": None if delay is None else delay.get("stamp"),
        "from": message.get("from"),
        "to": message.get("to"),
        "id": message.get("id"),
        "origin": None if origin is None else origin.get("id"),
        "body": None if encrypted else body,
        "encrypted": [element.tag for element in encrypted],
    }


class Reader(slixmpp.ClientXMPP):
    def __init__(self, arguments, password):
        super().__init__(arguments.jid, password)
        self.ca_certs = arguments.ca
        self.results = []
        self.add_event_handler("session_start", self.begin)
        self.add_event_handler("failed_auth", lambda _: sys.exit("the server refuses the password"))
        self.register_handler(Callback(
            "results", MatchXPath(f"{CLIENT}message/{MAM}result"), lambda stanza: self.results.append(stanza.xml)))

    async def begin(self, _):
        after = None
        while True:
            self.results.clear()
            iq = self.make_iq_set(ito=self.boundjid.bare)
            query = ElementTree.SubElement(iq.xml, f"{MAM}query", queryid="all")
            limits = ElementTree.SubElement(query, f"{RSM}set")
            ElementTree.SubElement(limits, f"{RSM}max").text = "200"
            if after is not None:
                ElementTree.SubElement(limits, f"{RSM}after").text = after
            answer = await iq.send(timeout=120)
            for message in self.results:
                fields = told(message.find(f"{MAM}result"))
                if fields is not None:
                    tell(**fields)
            fin = answer.xml.find(f"{MAM}fin")
            last = fin.findtext(f"{RSM}set/{RSM}last")
            if fin.get("complete") == "true" or not last or last == after:
                break
            after = last
        tell(end=True)
        await self.disconnect(wait=1)


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jid", required=True, help="the account")
    parser.add_argument("--server", required=True, help="host:port")
    parser.add_argument("--ca", required=True, help="the authority that vouches for the server, in PEM")
    arguments = parser.parse_args()
    reader = Reader(arguments, sys.stdin.readline().rstrip("\n"))
    host, port = arguments.server.rsplit(":", 1)
    reader.connect(host, int(port))
    await reader.disconnected


if __name__ == "__main__":
    asyncio.run(main())
