import { slug } from "../words.ts";
import { readme, type DemoProject } from "./project.ts";

/** A command-line tool on Python's standard library, with tests: a CSV summary or a word count. */
export function pythonCli(title: string, words: readonly string[]): DemoProject {
  const isCsv = words.some((word) => /^(csv|table|spreadsheet|data|json|column|columns|excel)$/.test(word));
  const name = isCsv ? "summary" : "wordcount";
  const about = isCsv
    ? "A command-line tool that summarises a CSV file: its rows and, per column, empty and distinct values, and the minimum, maximum and mean of numbers."
    : "A command-line tool that counts lines, words and characters in text files and lists the most frequent words.";
  const run = `python3 -m ${name} ${isCsv ? "data.csv" : "notes.txt"}\npython3 -m unittest`;
  return {
    title,
    about,
    run,
    files: {
      [`${name}/__init__.py`]: `"""${title}."""\n`,
      [`${name}/__main__.py`]: `import sys

from .cli import main

sys.exit(main())
`,
      [`${name}/core.py`]: isCsv ? csvCore : textCore,
      [`${name}/cli.py`]: isCsv ? csvCli(title) : textCli(title),
      [`tests/__init__.py`]: "",
      [`tests/test_core.py`]: isCsv ? csvTest : textTest,
      ".gitignore": "__pycache__/\n*.pyc\n",
      "README.md": readme({
        title,
        about,
        run,
        extra: `It needs only Python 3.9 or newer. The package is \`${name}\`; the project is called ${slug(title)}.`,
      }),
    },
  };
}

const csvCore = `"""Summary of a table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Iterable, Optional


@dataclass
class Column:
    name: str
    empty: int
    distinct: int
    minimum: Optional[float] = None
    maximum: Optional[float] = None
    mean: Optional[float] = None


def number(text: str) -> Optional[float]:
    try:
        return float(text)
    except ValueError:
        return None


def summarise(lines: Iterable[str]) -> tuple[int, list[Column]]:
    """Rows and columns of a CSV with a header."""
    rows = list(csv.DictReader(lines))
    names = list(rows[0].keys()) if rows else []
    columns = []
    for name in names:
        values = [(row[name] or "").strip() for row in rows]
        filled = [value for value in values if value]
        column = Column(name, empty=len(values) - len(filled), distinct=len(set(filled)))
        numbers = [number(value) for value in filled]
        if numbers and all(each is not None for each in numbers):
            column.minimum, column.maximum = min(numbers), max(numbers)
            column.mean = sum(numbers) / len(numbers)
        columns.append(column)
    return len(rows), columns
`;

function csvCli(title: string): string {
  return `"""${title}: the command line."""

import argparse
import sys

from .core import summarise


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="summary", description="Summarises a CSV file.")
    parser.add_argument("file", help="a CSV file with a header")
    options = parser.parse_args(arguments)
    try:
        with open(options.file, newline="", encoding="utf-8") as lines:
            rows, columns = summarise(lines)
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{rows} rows")
    for column in columns:
        line = f"{column.name}: {column.distinct} distinct, {column.empty} empty"
        if column.mean is not None:
            line += f", {column.minimum:g} to {column.maximum:g}, mean {column.mean:g}"
        print(line)
    return 0
`;
}

const csvTest = `import unittest

from summary.core import summarise


class SummariseTest(unittest.TestCase):
    def test_numbers_have_a_range_and_a_mean(self):
        rows, (name, age) = summarise(["name,age", "Ada,36", "Bob,40", "Eve,"])
        self.assertEqual(rows, 3)
        self.assertEqual((age.minimum, age.maximum, age.mean), (36, 40, 38))
        self.assertEqual(age.empty, 1)
        self.assertIsNone(name.mean)
        self.assertEqual(name.distinct, 3)

    def test_an_empty_file_has_no_columns(self):
        self.assertEqual(summarise([]), (0, []))


if __name__ == "__main__":
    unittest.main()
`;

const textCore = `"""Summary of a text."""

from __future__ import annotations

import re
from collections import Counter


def words(text: str) -> list[str]:
    return re.findall(r"\\w+", text.lower())


def counts(text: str) -> dict[str, int]:
    return {"lines": len(text.splitlines()), "words": len(words(text)), "characters": len(text)}


def frequent(text: str, most: int = 5) -> list[tuple[str, int]]:
    """The most frequent words, ties in alphabetical order."""
    found = Counter(words(text))
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:most]
`;

function textCli(title: string): string {
  return `"""${title}: the command line."""

import argparse
import sys

from .core import counts, frequent


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="wordcount", description="Counts lines, words and characters in text files.")
    parser.add_argument("files", nargs="+", help="text files")
    parser.add_argument("--most", type=int, default=5, help="how many frequent words to list")
    options = parser.parse_args(arguments)
    for name in options.files:
        try:
            with open(name, encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            print(f"{name}: {error.strerror}", file=sys.stderr)
            return 1
        print(name + ": " + ", ".join(f"{count} {what}" for what, count in counts(text).items()))
        for word, count in frequent(text, options.most):
            print(f"  {word}: {count}")
    return 0
`;
}

const textTest = `import unittest

from wordcount.core import counts, frequent


class WordCountTest(unittest.TestCase):
    def test_lines_words_and_characters_are_counted(self):
        self.assertEqual(counts("one two\\ntwo\\n"), {"lines": 2, "words": 3, "characters": 12})

    def test_frequent_words_come_first(self):
        self.assertEqual(frequent("b a b c a b", 2), [("b", 3), ("a", 2)])


if __name__ == "__main__":
    unittest.main()
`;
