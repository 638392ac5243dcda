"""A name server for a scene: says where the server of a domain is, and knows nothing else.

    dns.py DOMAIN=PORT[,TLS-PORT]…

Writes its own address and port in a line, and answers until it is ended. RFC 1035, RFC 2782.
"""

import socket
import struct
import sys

A, SRV, IN = 1, 33, 1
NO_SUCH_NAME = 3
HOST = "here.test"


def packed(name):
    """A name as it is written in an answer."""
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def asked(query):
    """The name and the type that a query is about, and where its question ends."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii", "replace"))
        at += 1 + query[at]
    return ".".join(labels).lower(), struct.unpack(">H", query[at + 1:at + 3])[0], at + 5


def answer(query, domains):
    """What to say to a query."""
    name, kind, end = asked(query)
    records, known = [], name == HOST or name in domains
    for domain, (port, tls_port) in domains.items():
        for service, where in (("_xmpp-client", port), ("_xmpps-client", tls_port)):
            if name == f"{service}._tcp.{domain}":
                known = True
                if kind == SRV and where:
                    records.append(struct.pack(">HHH", 0, 5, where) + packed(HOST))
    if name == HOST and kind == A:
        records.append(socket.inet_aton("127.0.0.1"))
    flags = 0x8580 if known else 0x8580 | NO_SUCH_NAME
    head = query[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + query[12:end]
    return head + b"".join(
        b"\xc0\x0c" + struct.pack(">HHIH", kind, IN, 0, len(record)) + record for record in records)


def serve(door, domains):
    """Answers for ever."""
    while True:
        query, whence = door.recvfrom(4096)
        try:
            door.sendto(answer(query, domains), whence)
        except (IndexError, struct.error):
            pass


def main():
    domains = {}
    for argument in sys.argv[1:]:
        domain, _, ports = argument.partition("=")
        port, _, tls_port = ports.partition(",")
        domains[domain] = int(port), int(tls_port or 0)
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))
    print(f"127.0.0.1:{door.getsockname()[1]}", flush=True)
    serve(door, domains)


main()
