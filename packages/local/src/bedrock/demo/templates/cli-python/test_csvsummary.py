import unittest

from csvsummary import summarise


class SummariseTest(unittest.TestCase):
    def test_numbers_have_a_range_and_a_mean(self):
        rows, (name, age) = summarise(["name,age", "Ada,36", "Bob,40", "Eve,"])
        self.assertEqual(rows, 3)
        self.assertEqual((age["minimum"], age["maximum"], age["mean"], age["empty"]), (36, 40, 38, 1))
        self.assertNotIn("mean", name)
        self.assertEqual(name["distinct"], 3)

    def test_an_empty_file_has_no_columns(self):
        self.assertEqual(summarise([]), (0, []))


if __name__ == "__main__":
    unittest.main()
