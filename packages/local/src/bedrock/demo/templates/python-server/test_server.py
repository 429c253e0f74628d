import json
# feature:records
import tempfile
# end:records
import threading
import unittest
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from server import create_server
# feature:records
from store import Store

SAMPLE = {{sample}}
# end:records


class ServerTest(unittest.TestCase):
    def setUp(self):
        self.server = create_server(0)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://localhost:{self.server.server_address[1]}"

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def request(self, method, path, body=None):
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            with urlopen(Request(self.base + path, data, method=method)) as reply:
                content = reply.read()
                return reply.status, json.loads(content) if content else None
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    # feature:records
    def test_creates_lists_reads_changes_and_deletes(self):
        status, record = self.request("POST", "/items", SAMPLE)
        self.assertEqual(status, 201)
        self.assertEqual({**record, **SAMPLE}, record)
        self.assertEqual(self.request("GET", "/items"), (200, [record]))
        path = f"/items/{record['id']}"
        self.assertEqual(self.request("GET", path), (200, record))
        change = {{change}}
        self.assertEqual(self.request("PATCH", path, change), (200, {**record, **change}))
        self.assertEqual(self.request("DELETE", path), (204, None))
        self.assertEqual(self.request("GET", path)[0], 404)

    def test_refuses_what_is_not_valid_and_says_why(self):
        for body, reason in [
            ({}, "required"),
            ({**SAMPLE, "{{required}}": []}, "must be a"),
            ({**SAMPLE, "nonsense": 1}, "not a field"),
            ([], "object"),
            (b"{", "JSON"),
        ]:
            status, reply = self.request("POST", "/items", body)
            self.assertEqual(status, 400)
            self.assertIn(reason, reply["error"])
        self.assertEqual(self.request("GET", "/items"), (200, []))

    def test_keeps_them_in_a_file_when_it_is_given_one(self):
        with tempfile.TemporaryDirectory() as folder:
            file = f"{folder}/items.json"
            Store(file).add(SAMPLE)
            self.assertEqual(len(Store(file).all()), 1)

    # end:records
    def test_answers_404_for_what_is_not_there(self):
        status, reply = self.request("GET", "/nothing")
        self.assertEqual(status, 404)
        self.assertIn("error", reply)

    # More tests go here.


if __name__ == "__main__":
    unittest.main()
