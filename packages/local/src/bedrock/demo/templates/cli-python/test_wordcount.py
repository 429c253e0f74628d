import contextlib
import io
import unittest

from wordcount import count, main, most_frequent


class WordCountTest(unittest.TestCase):
    def test_counts_lines_words_and_characters(self):
        self.assertEqual(count("one two\ntwo\n"), {"lines": 2, "words": 3, "characters": 12})
        self.assertEqual(count(""), {"lines": 0, "words": 0, "characters": 0})

    def test_words_have_letters_of_any_alphabet(self):
        self.assertEqual(count("Äpfel, naïve l'été 東京!")["words"], 4)

    def test_frequent_words_come_first(self):
        self.assertEqual(most_frequent("b a B c a b", 2), [("b", 3), ("a", 2)])

    def test_a_missing_file_is_an_error(self):
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            self.assertEqual(main(["nothing.txt"]), 1)
        self.assertIn("nothing.txt", printed.getvalue())


if __name__ == "__main__":
    unittest.main()
