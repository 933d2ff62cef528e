"""A TCP proxy on loopback that can be cut or hang: to clients the broker is then away, or silent."""

import contextlib
import socket
import threading


class Proxy:
    """Passes bytes between `port` and a target port until cut; while it hangs, they wait and nothing is closed."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self._open: list[socket.socket] = []
        self._server: socket.socket | None = None
        self._passing = threading.Event()
        self._passing.set()
        self.restore()

    def hang(self) -> None:
        """Passes nothing on any more, on connections that are there and on new ones."""
        self._passing.clear()

    def go_on(self) -> None:
        """Passes on what waited."""
        self._passing.set()

    def forget(self) -> None:
        """Falls silent for good on the connections that are there; new ones work. As when a firewall forgot them."""
        self.hang()
        self._passing = threading.Event()
        self._passing.set()

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
                threading.Thread(target=self._pass, args=(source, sink, self._passing), daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, sink: socket.socket, passing: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                passing.wait()
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
