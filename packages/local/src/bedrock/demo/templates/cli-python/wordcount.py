"""Counts lines, words and characters, and lists the most frequent words."""

import argparse
import re
import sys
from collections import Counter


def words_of(text):
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())


def count(text):
    return {"lines": len(text.splitlines()), "words": len(words_of(text)), "characters": len(text)}


def most_frequent(text, limit=5):
    """Words and how often they occur; ties in alphabetical order."""
    counted = Counter(words_of(text))
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:limit]


def read(name):
    if name == "-":
        return sys.stdin.read()
    with open(name, encoding="utf-8") as file:
        return file.read()


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Counts lines, words and characters in text files.")
    parser.add_argument("files", nargs="*", default=["-"], help="text files; standard input without any")
    parser.add_argument("--top", type=int, default=5, metavar="N", help="frequent words to list (default: 5)")
    options = parser.parse_args(arguments)
    failed = False
    for name in options.files:
        try:
            text = read(name)
        except (OSError, UnicodeDecodeError) as error:
            print(f"{name}: {getattr(error, 'strerror', None) or 'not a text file'}", file=sys.stderr)
            failed = True
            continue
        print(f"{name}: " + ", ".join(f"{number} {what}" for what, number in count(text).items()))
        for word, number in most_frequent(text, options.top):
            print(f"  {number:5} {word}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
