import unittest

from csvjson import convert


class ConvertTest(unittest.TestCase):
    def test_rows_become_objects_with_typed_values(self):
        self.assertEqual(
            convert(["name,age,admin,zip\n", "Ada,36,true,01234\n", "Bob,,false,x\n"]),
            [
                {"name": "Ada", "age": 36, "admin": True, "zip": "01234"},
                {"name": "Bob", "age": None, "admin": False, "zip": "x"},
            ],
        )

    def test_quotes_line_breaks_and_a_byte_order_mark(self):
        self.assertEqual(convert(['\ufeffa,b\n', '"x, ""y""","two\n', 'lines"\n']), [{"a": 'x, "y"', "b": "two\nlines"}])

    def test_other_delimiters_and_text_only(self):
        self.assertEqual(convert(["a;b\n", "1;2\n"], ";", as_text=True), [{"a": "1", "b": "2"}])

    def test_a_row_of_another_length_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "line 2 has 1 cells"):
            convert(["a,b\n", "1\n"])

    def test_an_empty_file_is_an_empty_list(self):
        self.assertEqual(convert([]), [])


if __name__ == "__main__":
    unittest.main()
