import contextlib
import io
import os
import tempfile
import unittest

from rename import main, plan, problems


class RenameTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        for name in ["IMG_1.jpg", "IMG_2.jpg", "notes.txt"]:
            with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as file:
                file.write(name)

    def tearDown(self):
        self.folder.cleanup()

    def run_main(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            status = main([self.folder.name, *arguments])
        return status, sorted(os.listdir(self.folder.name))

    def test_keeps_extensions_and_numbers_files(self):
        self.assertEqual(plan(["b.jpg", "a.jpg"], "^.*$", "trip-{n}"), [("a.jpg", "trip-001.jpg"), ("b.jpg", "trip-002.jpg")])

    def test_only_shows_it_until_it_is_told_to_do_it(self):
        self.assertEqual(self.run_main("IMG_", "photo-"), (0, ["IMG_1.jpg", "IMG_2.jpg", "notes.txt"]))
        self.assertEqual(self.run_main("IMG_", "photo-", "--yes"), (0, ["notes.txt", "photo-1.jpg", "photo-2.jpg"]))

    def test_overwrites_nothing(self):
        status, names = self.run_main(r"IMG_\d", "same", "--yes")
        self.assertEqual((status, len(names)), (1, 3))
        self.assertEqual(len(problems(["a", "b"], [("a", "b")])), 1)

    def test_files_can_swap_their_names(self):
        self.assertEqual(problems(["a", "b"], [("a", "b"), ("b", "a")]), [])


if __name__ == "__main__":
    unittest.main()
