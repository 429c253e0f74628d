import contextlib
import io
import os
import tempfile
import unittest

from todo import main


class TodoTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = os.path.join(self.folder.name, "todo.json")

    def tearDown(self):
        self.folder.cleanup()

    def todo(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(printed):
            status = main(["--file", self.file, *arguments])
        return status, printed.getvalue()

    def test_adds_completes_and_removes(self):
        self.assertEqual(self.todo(), (0, "Nothing to do.\n"))
        self.todo("add", "Water", "the", "plants")
        self.todo("add", "Call Ada")
        self.assertEqual(self.todo("done", "1"), (0, "  1 [x] Water the plants\n  2 [ ] Call Ada\n"))
        self.assertEqual(self.todo("remove", "1"), (0, "  1 [ ] Call Ada\n"))

    def test_a_number_that_is_not_there_changes_nothing(self):
        self.todo("add", "One")
        self.assertEqual(self.todo("done", "2"), (1, "There is no task 2.\n"))
        self.assertEqual(self.todo("remove", "0")[0], 1)
        self.assertEqual(self.todo("list"), (0, "  1 [ ] One\n"))


if __name__ == "__main__":
    unittest.main()
