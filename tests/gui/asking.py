"""Asks a server as somebody else's program would: signs in, and reads what an account has published. RFC 6120, XEP-0163."""

import base64
import os
import re
import socket
import ssl

from window import Failed, stage


class Client:
    """A connection that can ask, and nothing else."""

    def __init__(self, address, password):
        name, self.domain = address.split("@")
        trust = ssl.create_default_context(cafile=stage("CA"))
        plain = socket.create_connection(("127.0.0.1", int(stage("TLS_PORT"))), timeout=30)
        self.socket = trust.wrap_socket(plain, server_hostname=self.domain)
        self.open()
        told = base64.b64encode(f"\0{name}\0{password}".encode()).decode()
        self.ask(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{told}</auth>", "<success")
        self.open()
        self.ask("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>")

    def open(self):
        self.ask(f"<stream:stream to='{self.domain}' version='1.0' xmlns='jabber:client' "
                 "xmlns:stream='http://etherx.jabber.org/streams'>", "</stream:features>")

    def ask(self, what, end):
        """Sends something, and gives what comes up to that end."""
        self.socket.sendall(what.encode())
        heard = b""
        while end.encode() not in heard:
            more = self.socket.recv(65536)
            if not more:
                raise Failed(f"the server ends after {heard!r}")
            heard += more
        return heard.decode()

    def item(self, node, raw=False):
        """What is published there, decoded unless it is wanted as it is; nothing where there is nothing."""
        identity = os.urandom(4).hex()
        heard = self.ask(f"<iq type='get' id='{identity}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                         f"<items node='{node}'/></pubsub></iq>", "</iq>")
        found = re.search(r"<item .*</item>", heard, re.S)
        if not found or raw:
            return found and found[0]
        return base64.b64decode(re.search(r"<data[^>]*>([^<]+)</data>", found[0])[1])

    def end(self):
        self.socket.sendall(b"</stream:stream>")
        self.socket.close()
