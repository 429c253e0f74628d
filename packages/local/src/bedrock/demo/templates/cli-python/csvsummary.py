"""Summarises a CSV file: its rows, and what each column holds."""

import argparse
import csv
import sys
from statistics import mean


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def summarise(lines, delimiter=","):
    """The number of rows, and for each column its empty and distinct cells and the range of its numbers."""
    rows = list(csv.DictReader(lines, delimiter=delimiter))
    columns = []
    for name in rows[0] if rows else []:
        cells = [(row[name] or "").strip() for row in rows]
        filled = [cell for cell in cells if cell]
        column = {"name": name, "empty": len(cells) - len(filled), "distinct": len(set(filled))}
        numbers = [number(cell) for cell in filled]
        if numbers and None not in numbers:
            column |= {"minimum": min(numbers), "maximum": max(numbers), "mean": mean(numbers)}
        columns.append(column)
    return len(rows), columns


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Summarises a CSV file with a header.")
    parser.add_argument("file")
    parser.add_argument("--delimiter", default=",", help="what separates cells (default: a comma)")
    options = parser.parse_args(arguments)
    try:
        with open(options.file, newline="", encoding="utf-8-sig") as lines:
            rows, columns = summarise(lines, options.delimiter)
    except (OSError, UnicodeDecodeError, csv.Error, TypeError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    print(f"{rows} rows")
    for column in columns:
        line = f"{column['name']}: {column['distinct']} distinct, {column['empty']} empty"
        if "mean" in column:
            line += f", from {column['minimum']:g} to {column['maximum']:g}, mean {column['mean']:g}"
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
