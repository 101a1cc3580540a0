"""A web server for the built site, as GitHub Pages is one: plain files below a folder, compressed, with their age."""

import gzip
import hashlib
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

FOLDER = "/REPOSITORY/"  # where a project's site stands on its owner's address
TEXT = "; charset=utf-8"
TYPES = {
    ".css": f"text/css{TEXT}", ".html": f"text/html{TEXT}", ".ipynb": f"application/json{TEXT}",
    ".js": f"text/javascript{TEXT}", ".json": f"application/json{TEXT}", ".md": f"text/markdown{TEXT}",
    ".mjs": f"text/javascript{TEXT}", ".svg": "image/svg+xml", ".txt": f"text/plain{TEXT}",
    ".wasm": "application/wasm", ".webmanifest": "application/manifest+json",
}  # fmt: skip
UNCOMPRESSED = {
    ".csv": f"text/csv{TEXT}", ".gif": "image/gif", ".ico": "image/x-icon", ".png": "image/png",
    ".woff": "font/woff", ".woff2": "font/woff2", ".zip": "application/zip",
}  # fmt: skip
OTHER = "application/octet-stream"


@cache  # what is built does not change; a test that changes a file does so in `Host.instead`
def compressed(path):
    return gzip.compress(path.read_bytes(), 6)


class Host(ThreadingHTTPServer):
    """Serves the files of `root` below `address`, and counts what it sends.

    Attributes
    ----------
    sent : dict of str to int
        Bytes of the bodies, by path below the address.
    missing : list of str
        Paths that were asked for and are not there.
    instead : dict of str to bytes
        What takes the place of files, by path.
    held : dict of str to threading.Event
        Files, by path, of which all but the beginning is sent only once the event is set.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, root):
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.instead, self.held = root, {}, {}
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.address = self.origin + FOLDER
        self.lock = threading.Lock()
        self.forget()
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    def forget(self):
        """Count from nothing."""
        self.sent, self.missing = {}, []

    def close(self):
        self.shutdown()
        self.thread.join()
        self.server_close()

    def handle_error(self, request, client_address):
        """A page that is closed does not wait for what it has asked for."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        name = path.removeprefix(FOLDER)
        if not name or name.endswith("/"):
            name += "index.html"
        found = self.read(name) if path.startswith(FOLDER) else None
        if found is None:
            with self.server.lock:
                self.server.missing.append(path)
            return self.answer(404, b"<!doctype html><title>404</title>", {"Content-Type": TYPES[".html"]})
        body, headers = found
        if self.headers.get("If-None-Match") == headers["ETag"]:
            return self.answer(304, b"", headers)
        with self.server.lock:
            self.server.sent[name] = self.server.sent.get(name, 0) + len(body)
        return self.answer(200, body, headers, self.server.held.get(name))

    def read(self, name):
        """Return the body of a file and its headers, or None."""
        file = self.server.root / name
        if name not in self.server.instead and not (
            file.is_file() and file.resolve().is_relative_to(self.server.root.resolve())
        ):
            return None
        suffix = PurePosixPath(name).suffix
        headers = {"Content-Type": TYPES.get(suffix) or UNCOMPRESSED.get(suffix, OTHER)}
        if name in self.server.instead:
            body = self.server.instead[name]
        elif suffix in TYPES:
            body = compressed(file)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        else:
            body = file.read_bytes()
        tag = hashlib.sha256(body).hexdigest()[:20]
        return body, headers | {"ETag": f'"{tag}"', "Cache-Control": "max-age=600"}

    def answer(self, status, body, headers, held=None):
        self.send_response(status)
        if status != 304:
            headers = headers | {"Content-Length": len(body)}
        for key, value in headers.items():
            self.send_header(key, str(value))
        self.end_headers()
        if held:  # it has begun, or the browser would ask for it again after a while
            begun, body = body[:1], body[1:]
            self.wfile.write(begun)
            held.wait(300)
        self.wfile.write(body)

    def log_message(self, *_words):
        pass
