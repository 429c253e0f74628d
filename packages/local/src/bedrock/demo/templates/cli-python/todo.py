"""A todo list for the terminal, kept in a JSON file."""

import argparse
import json
import os
import sys

DEFAULT_FILE = os.path.join(os.path.expanduser("~"), ".todo.json")


class NoSuchTask(Exception):
    pass


class TodoList:
    def __init__(self, file):
        self.file = file
        self.tasks = []
        if os.path.exists(file):
            with open(file, encoding="utf-8") as content:
                self.tasks = json.load(content)

    def save(self):
        with open(f"{self.file}.new", "w", encoding="utf-8") as content:
            json.dump(self.tasks, content, ensure_ascii=False, indent=2)
        os.replace(f"{self.file}.new", self.file)

    def add(self, text):
        self.tasks.append({"text": text, "done": False})
        self.save()

    def complete(self, number):
        self.task(number)["done"] = True
        self.save()

    def remove(self, number):
        self.tasks.remove(self.task(number))
        self.save()

    def task(self, number):
        if not 1 <= number <= len(self.tasks):
            raise NoSuchTask(f"There is no task {number}.")
        return self.tasks[number - 1]

    def lines(self):
        return [f"{index:3} [{'x' if task['done'] else ' '}] {task['text']}" for index, task in enumerate(self.tasks, 1)]


def main(arguments=None):
    parser = argparse.ArgumentParser(description="A todo list for the terminal.")
    parser.add_argument("--file", default=os.environ.get("TODO_FILE", DEFAULT_FILE), help="where it is kept")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("list", help="show the tasks; the same as no command")
    commands.add_parser("add", help="add a task").add_argument("text", nargs="+")
    commands.add_parser("done", help="complete a task").add_argument("number", type=int)
    commands.add_parser("remove", help="remove a task").add_argument("number", type=int)
    options = parser.parse_args(arguments)
    try:
        todo = TodoList(options.file)
        if options.command == "add":
            todo.add(" ".join(options.text))
        elif options.command == "done":
            todo.complete(options.number)
        elif options.command == "remove":
            todo.remove(options.number)
    except (NoSuchTask, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(todo.lines()) or "Nothing to do.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
