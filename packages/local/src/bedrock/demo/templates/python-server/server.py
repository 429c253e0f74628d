"""{{title}}: an HTTP server on the standard library."""

import json
import os
# feature:time
import time
# end:time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# feature:records
from store import InvalidInput, Store

# end:records
# GET routes besides the records: a path and what it answers.
ROUTES = {
    # More routes go here.
}


class Handler(BaseHTTPRequestHandler):
    # feature:records
    store: Store

    # end:records
    def do_GET(self):
        path = self.path.split("?")[0]
        if path in ROUTES:
            return self.send(200, ROUTES[path]())
        # feature:records
        if path == "/items":
            return self.send(200, self.store.all())
        record = self.store.find(self.record_id())
        if record is not None:
            return self.send(200, record)
        # end:records
        self.send(404, {"error": f"There is no {path}."})

    # feature:records
    def do_POST(self):
        if self.path != "/items":
            return self.send(404, {"error": f"There is no {self.path}."})
        self.write(lambda values: (201, self.store.add(values)))

    def do_PATCH(self):
        if self.store.find(self.record_id()) is None:
            return self.send(404, {"error": f"There is no {self.path}."})
        self.write(lambda values: (200, self.store.change(self.record_id(), values)))

    def do_DELETE(self):
        if not self.store.remove(self.record_id()):
            return self.send(404, {"error": f"There is no {self.path}."})
        self.send(204)

    def record_id(self):
        """The id in /items/:id, or an empty string."""
        parts = self.path.split("?")[0].split("/")
        return parts[2] if len(parts) == 3 and parts[1] == "items" else ""

    def write(self, change):
        """Answers with what `change` makes of the body, or with what is wrong with it."""
        try:
            length = int(self.headers.get("Content-Length") or 0)
            if length > 100_000:
                raise InvalidInput("the body is too large")
            values = json.loads(self.rfile.read(length))
            self.send(*change(values))
        except InvalidInput as error:
            self.send(400, {"error": str(error)})
        except ValueError:
            self.send(400, {"error": "the body must be JSON"})

    # end:records
    def send(self, status, body=None):
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *arguments):
        """Says nothing; the tests stay readable."""


# feature:records
def create_server(port, file=None):
    """A server that is not running yet; port 0 takes a free one."""
    handler = type("StoreHandler", (Handler,), {"store": Store(file)})
    return ThreadingHTTPServer(("", port), handler)


# end:records
# not:records
def create_server(port):
    """A server that is not running yet; port 0 takes a free one."""
    return ThreadingHTTPServer(("", port), Handler)


# end:records
if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8000"))
    # feature:records
    # feature:persist
    server = create_server(port, os.environ.get("DATA_FILE", "items.json"))
    # end:persist
    # not:persist
    # With DATA_FILE=items.json they are kept in that file; otherwise in memory.
    server = create_server(port, os.environ.get("DATA_FILE"))
    # end:persist
    # end:records
    # not:records
    server = create_server(port)
    # end:records
    print(f"Listening at http://localhost:{port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
