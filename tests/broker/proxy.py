"""A TCP proxy on loopback that can be cut: to clients the broker is then away."""

import contextlib
import socket
import threading


class Proxy:
    """Passes bytes between `port` and a target port until cut."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self._open: list[socket.socket] = []
        self._server: socket.socket | None = None
        self.restore()

    def cut(self) -> None:
        """Stops listening and breaks every connection."""
        server, self._server = self._server, None
        for one in [server, *self._open]:
            if one:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._open.clear()

    def restore(self) -> None:
        """Listens again."""
        server = socket.create_server(("127.0.0.1", self.port))
        self._server = server
        threading.Thread(target=self._accept, args=(server,), daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                client, _ = server.accept()
                upstream = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            self._open += [client, upstream]
            for source, sink in ((client, upstream), (upstream, client)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
