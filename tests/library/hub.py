"""A hub on this machine, with the answers of the real one: model info, and files by ranges."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

COMMIT = "c0ffee" * 6 + "beef"
LARGE = 1000  # bytes from which a file has a SHA-256, as one in large-file storage has


@dataclass
class Repository:
    """Files at one commit.

    Args:
        files: by name.
        gated: whether only a token opens it.
        lies: names of files that arrive with a byte changed.
        breaks: after how many bytes the next answer for a file breaks off.
    """

    files: dict[str, bytes]
    gated: bool = False
    lies: set[str] = field(default_factory=set)
    breaks: dict[str, int] = field(default_factory=dict)


class Hub(ThreadingHTTPServer):
    """Serves repositories by name; ``asked`` has every request, with its range."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repositories: dict[str, Repository] = {}
        self.asked: list[tuple[str, str, str | None]] = []
        self.tokens: list[str | None] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        del code, size

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(self.path.partition("?")[0])
        self.server.asked.append((self.command, path, self.headers.get("range")))
        self.server.tokens.append(self.headers.get("authorization"))
        if path.startswith("/api/models/"):
            name, _, revision = path.removeprefix("/api/models/").partition("/revision/")
            self._model(name, revision)
        else:
            name, _, rest = path.removeprefix("/").partition("/resolve/")
            revision, _, file = rest.partition("/")
            self._file(name, revision, file)

    def _repository(self, name: str, revision: str) -> Repository | None:
        repository = self.server.repositories.get(name)
        if repository is None:
            self._error(401, "RepoNotFound", "Repository Not Found")
        elif repository.gated and not self.headers.get("authorization"):
            self._error(401, "GatedRepo", "Access to this model is restricted.")
        elif revision not in ("main", COMMIT):
            self._error(404, "RevisionNotFound", "Invalid rev id")
        else:
            return repository
        return None

    def _model(self, name: str, revision: str) -> None:
        repository = self._repository(name, revision)
        if repository is not None:
            siblings = [_sibling(*pair) for pair in repository.files.items()]
            self._json({"id": name, "modelId": name, "sha": COMMIT, "siblings": siblings})

    def _file(self, name: str, revision: str, file: str) -> None:
        repository = self._repository(name, revision)
        if repository is None:
            return
        data = repository.files[file]
        start, status = 0, 200
        asked = self.headers.get("range")
        if asked:
            start, status = int(asked.removeprefix("bytes=").partition("-")[0]), 206
        whole, data = len(data), data[start:]
        self.send_response(status)
        self.send_header("ETag", f'"{hashlib.sha256(repository.files[file]).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data)))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        self.end_headers()
        if self.command == "HEAD":
            return
        if file in repository.lies:
            data = bytes([data[0] ^ 1]) + data[1:]
        cut = repository.breaks.pop(file, None)
        self.wfile.write(data[:cut])
        if cut is not None:
            self.close_connection = True

    def _json(self, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _error(self, status: int, code: str, message: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", message)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _sibling(name: str, data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": "0" * 40}
    if len(data) >= LARGE:
        sha = hashlib.sha256(data).hexdigest()
        found["lfs"] = {"sha256": sha, "size": len(data), "pointerSize": 134}
    return found
