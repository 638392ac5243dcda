"""A network between the program and a server, which breaks as a scene wants it to."""

import socket
import threading


class Relay:
    """Passes on what comes, until it is told otherwise."""

    def __init__(self, server):
        self.server = server
        self.holds, self.refuses = threading.Event(), threading.Event()
        self.door = socket.socket()
        self.door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.door.bind(("127.0.0.1", 0))
        self.door.listen()
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def hold(self):
        """What the server says from now on gets lost."""
        self.holds.set()

    def refuse(self):
        """Nobody new gets through from now on."""
        self.refuses.set()

    def resume(self):
        """Whoever comes from now on gets through."""
        self.holds.clear()
        self.refuses.clear()

    def _serve(self):
        while True:
            client, _ = self.door.accept()
            if self.refuses.is_set():
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.server))
            threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _pass(self, source, target, is_answer):
        try:
            while data := source.recv(65536):
                if not (is_answer and self.holds.is_set()):
                    target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
