import contextlib
import io
import os
import tempfile
import unittest

from duplicates import find_duplicates, main


class DuplicatesTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        for path, content in {"a.txt": "same", "b/c.txt": "same", "b/d.txt": "else", "empty": "", "empty2": ""}.items():
            full = os.path.join(self.folder.name, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(content)

    def tearDown(self):
        self.folder.cleanup()

    def test_finds_the_same_content_in_other_folders(self):
        [(size, paths)], unreadable = find_duplicates(self.folder.name)
        self.assertEqual(size, 4)
        self.assertEqual([os.path.basename(path) for path in paths], ["a.txt", "c.txt"])
        self.assertEqual(unreadable, [])

    def test_the_same_size_is_not_enough(self):
        with open(os.path.join(self.folder.name, "a.txt"), "w", encoding="utf-8") as file:
            file.write("diff")
        self.assertEqual(find_duplicates(self.folder.name)[0], [])

    def test_says_what_could_be_saved(self):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self.assertEqual(main([self.folder.name]), 0)
        self.assertIn("4 bytes could be saved", printed.getvalue())

    def test_refuses_what_is_not_a_folder(self):
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            self.assertEqual(main([os.path.join(self.folder.name, "a.txt")]), 2)
        self.assertIn("not a folder", printed.getvalue())


if __name__ == "__main__":
    unittest.main()
