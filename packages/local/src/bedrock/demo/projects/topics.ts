/** What a small web page can be about: its markup inside <main>, and its logic as TypeScript that is also JavaScript. */
export interface Topic {
  name: string;
  words: readonly string[];
  about: string;
  body(title: string): string;
  /** `element(id)` finds an element. Types are inferred, so that the script serves both stacks. */
  script: string;
}

const todo: Topic = {
  name: "Task list",
  words: ["todo", "to-do", "task", "tasks", "checklist", "shopping", "list"],
  about: "A task list: add, complete and remove tasks. They are stored in this browser.",
  body: (title) => `<h1>${title}</h1>
      <p id="count" role="status"></p>
      <form id="add">
        <input id="text" aria-label="New item" placeholder="What needs doing?" required maxlength="200" />
        <button>Add</button>
      </form>
      <ul id="items"></ul>`,
  script: `const stored = localStorage.getItem("items");
const items = stored === null ? [{ text: "Try this list", done: false }] : JSON.parse(stored);

function show() {
  localStorage.setItem("items", JSON.stringify(items));
  const left = items.filter((item) => !item.done).length;
  element("count").textContent = left === 0 ? "All done." : left + " to do";
  element("items").replaceChildren(
    ...items.map((item, index) => {
      const row = document.createElement("li");
      row.className = item.done ? "done" : "";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = item.done;
      box.style.flex = "0";
      box.setAttribute("aria-label", "Done: " + item.text);
      box.onchange = () => {
        item.done = box.checked;
        show();
      };
      const text = document.createElement("span");
      text.textContent = item.text;
      const remove = document.createElement("button");
      remove.className = "plain";
      remove.textContent = "Remove";
      remove.onclick = () => {
        items.splice(index, 1);
        show();
      };
      row.append(box, text, remove);
      return row;
    }),
  );
}

element("add").addEventListener("submit", (event) => {
  event.preventDefault();
  items.push({ text: input("text").value.trim(), done: false });
  input("text").value = "";
  show();
});
show();
`,
};

const timer: Topic = {
  name: "Pomodoro timer",
  words: ["pomodoro", "timer", "countdown", "stopwatch", "clock"],
  about: "25 minutes of work, then 5 of rest, with start, pause and reset.",
  body: (title) => `<h1>${title}</h1>
      <p id="phase" role="status">Work</p>
      <p class="big" id="time">25:00</p>
      <div class="row">
        <button id="start">Start</button>
        <button id="reset" class="plain">Reset</button>
      </div>
      <p id="rounds">0 rounds done</p>`,
  script: `const lengths = { Work: 25 * 60, Rest: 5 * 60 };
let working = true;
let left = lengths.Work;
let rounds = 0;
let ticking = 0;

function show() {
  const minutes = String(Math.floor(left / 60)).padStart(2, "0");
  const seconds = String(left % 60).padStart(2, "0");
  element("time").textContent = minutes + ":" + seconds;
  element("phase").textContent = working ? "Work" : "Rest";
  element("start").textContent = ticking ? "Pause" : "Start";
  element("rounds").textContent = rounds + (rounds === 1 ? " round" : " rounds") + " done";
  document.title = minutes + ":" + seconds;
}

function tick() {
  left -= 1;
  if (left < 0) {
    if (working) rounds += 1;
    working = !working;
    left = working ? lengths.Work : lengths.Rest;
  }
  show();
}

element("start").addEventListener("click", () => {
  if (ticking) {
    clearInterval(ticking);
    ticking = 0;
  } else {
    ticking = window.setInterval(tick, 1000);
  }
  show();
});
element("reset").addEventListener("click", () => {
  clearInterval(ticking);
  ticking = 0;
  working = true;
  left = lengths.Work;
  show();
});
show();
`,
};

const calculator: Topic = {
  name: "Calculator",
  words: ["calculator", "calculate", "converter", "tip"],
  about: "Adds, subtracts, multiplies and divides two numbers, and keeps a history.",
  body: (title) => `<h1>${title}</h1>
      <form id="sum">
        <input id="left" type="number" step="any" aria-label="First number" required />
        <select id="operation" aria-label="Operation">
          <option>+</option>
          <option>−</option>
          <option>×</option>
          <option>÷</option>
        </select>
        <input id="right" type="number" step="any" aria-label="Second number" required />
        <button>=</button>
      </form>
      <p class="big" id="result" role="status">0</p>
      <ul id="history"></ul>`,
  script: `function calculate(left, operation, right) {
  if (operation === "+") return left + right;
  if (operation === "−") return left - right;
  if (operation === "×") return left * right;
  return right === 0 ? NaN : left / right;
}

element("sum").addEventListener("submit", (event) => {
  event.preventDefault();
  const [left, operation, right] = [Number(input("left").value), input("operation").value, Number(input("right").value)];
  const result = calculate(left, operation, right);
  const text = Number.isNaN(result) ? "Undefined" : String(Number(result.toFixed(10)));
  element("result").textContent = text;
  const row = document.createElement("li");
  row.textContent = left + " " + operation + " " + right + " = " + text;
  element("history").prepend(row);
});
`,
};

const notes: Topic = {
  name: "Notes",
  words: ["note", "notes", "notebook", "journal", "diary", "markdown", "editor"],
  about: "Short notes: write, search and remove them. They are stored in this browser.",
  body: (title) => `<h1>${title}</h1>
      <form id="add">
        <textarea id="text" aria-label="New note" rows="3" required></textarea>
        <button>Keep</button>
      </form>
      <div class="row"><input id="find" type="search" aria-label="Find notes" placeholder="Find" /></div>
      <ul id="notes"></ul>`,
  script: `const stored = localStorage.getItem("notes");
let notes = stored === null ? ["Write a note above."] : JSON.parse(stored);

function show() {
  localStorage.setItem("notes", JSON.stringify(notes));
  const wanted = input("find").value.toLowerCase();
  element("notes").replaceChildren(
    ...notes
      .filter((note) => note.toLowerCase().includes(wanted))
      .map((note) => {
        const row = document.createElement("li");
        const text = document.createElement("span");
        text.textContent = note;
        const remove = document.createElement("button");
        remove.className = "plain";
        remove.textContent = "Remove";
        remove.onclick = () => {
          notes = notes.filter((other) => other !== note);
          show();
        };
        row.append(text, remove);
        return row;
      }),
  );
}

element("add").addEventListener("submit", (event) => {
  event.preventDefault();
  notes.unshift(input("text").value.trim());
  input("text").value = "";
  show();
});
element("find").addEventListener("input", show);
show();
`,
};

const game: Topic = {
  name: "Tic-tac-toe",
  words: ["tic-tac-toe", "tictactoe", "noughts", "game", "chess", "snake", "puzzle", "memory"],
  about: "Noughts and crosses for two players on one screen, with a winner and a new game.",
  body: (title) => `<h1>${title}</h1>
      <p id="status" role="status"></p>
      <div class="board" id="board"></div>
      <div class="row"><button id="again">New game</button></div>`,
  script: `const lines = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]];
let cells = Array(9).fill("");
let turn = "X";

function winner() {
  const line = lines.find(([a, b, c]) => cells[a] !== "" && cells[a] === cells[b] && cells[a] === cells[c]);
  return line === undefined ? "" : cells[line[0]];
}

function show() {
  const won = winner();
  element("status").textContent = won ? won + " has won" : cells.includes("") ? turn + " is next" : "A draw";
  element("board").replaceChildren(
    ...cells.map((mark, index) => {
      const cell = document.createElement("button");
      cell.textContent = mark;
      cell.setAttribute("aria-label", "Field " + (index + 1) + (mark ? ", " + mark : ""));
      cell.disabled = mark !== "" || won !== "";
      cell.onclick = () => {
        cells[index] = turn;
        turn = turn === "X" ? "O" : "X";
        show();
      };
      return cell;
    }),
  );
}

element("again").addEventListener("click", () => {
  cells = Array(9).fill("");
  turn = "X";
  show();
});
show();
`,
};

const expenses: Topic = {
  name: "Expense tracker",
  words: ["expense", "expenses", "budget", "money", "spending", "invoice"],
  about: "Expenses and their total. They are stored in this browser.",
  body: (title) => `<h1>${title}</h1>
      <p class="big" id="total" role="status">0.00</p>
      <form id="add">
        <input id="what" aria-label="What for" placeholder="What for" required />
        <input id="amount" type="number" step="0.01" min="0.01" aria-label="Amount" placeholder="0.00" required />
        <button>Add</button>
      </form>
      <ul id="rows"></ul>`,
  script: `const stored = localStorage.getItem("expenses");
let rows = stored === null ? [] : JSON.parse(stored);

function show() {
  localStorage.setItem("expenses", JSON.stringify(rows));
  const total = rows.reduce((sum, row) => sum + row.amount, 0);
  element("total").textContent = total.toFixed(2);
  element("rows").replaceChildren(
    ...rows.map((row, index) => {
      const item = document.createElement("li");
      const what = document.createElement("span");
      what.textContent = row.what;
      const amount = document.createElement("strong");
      amount.textContent = row.amount.toFixed(2);
      const remove = document.createElement("button");
      remove.className = "plain";
      remove.textContent = "Remove";
      remove.onclick = () => {
        rows = rows.filter((_, at) => at !== index);
        show();
      };
      item.append(what, amount, remove);
      return item;
    }),
  );
}

element("add").addEventListener("submit", (event) => {
  event.preventDefault();
  rows.push({ what: input("what").value.trim(), amount: Number(input("amount").value) });
  input("what").value = "";
  input("amount").value = "";
  show();
});
show();
`,
};

const passwords: Topic = {
  name: "Password generator",
  words: ["password", "passwords", "passphrase"],
  about: "Random passwords of any length, generated in the browser with its cryptographic random source.",
  body: (title) => `<h1>${title}</h1>
      <div class="row">
        <label>Length <input id="length" type="number" min="8" max="64" value="20" /></label>
        <button id="make">Generate</button>
      </div>
      <p class="big" id="password" role="status" style="font-size: 20px; overflow-wrap: anywhere"></p>`,
  script: `const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.!";

function generate(length) {
  const limit = 256 - (256 % letters.length);
  let made = "";
  while (made.length < length) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    // Bytes above the limit would favour the first letters.
    if (byte < limit) made += letters[byte % letters.length];
  }
  return made;
}

function show() {
  const length = Math.min(64, Math.max(8, Number(input("length").value) || 20));
  element("password").textContent = generate(length);
}
element("make").addEventListener("click", show);
show();
`,
};

const quiz: Topic = {
  name: "Quiz",
  words: ["quiz", "trivia", "flashcard", "flashcards"],
  about: "Multiple-choice questions with a score at the end. Edit the questions at the top of the script.",
  body: (title) => `<h1>${title}</h1>
      <p id="question" role="status"></p>
      <div class="row" id="answers"></div>
      <p id="score"></p>`,
  script: `const questions = [
  { text: "How many bits are in a byte?", answers: ["8", "4", "16"] },
  { text: "Which of these is a markup language?", answers: ["HTML", "SQL", "Bash"] },
  { text: "What does HTTP 404 mean?", answers: ["Not found", "Forbidden", "Moved"] },
];
let at = 0;
let right = 0;

function show() {
  const question = questions[at];
  if (question === undefined) {
    element("question").textContent = "Done.";
    element("answers").replaceChildren();
    element("score").textContent = right + " of " + questions.length + " right";
    return;
  }
  element("question").textContent = question.text;
  element("score").textContent = "Question " + (at + 1) + " of " + questions.length;
  const shuffled = [...question.answers].sort();
  element("answers").replaceChildren(
    ...shuffled.map((answer) => {
      const button = document.createElement("button");
      button.textContent = answer;
      button.onclick = () => {
        if (answer === question.answers[0]) right += 1;
        at += 1;
        show();
      };
      return button;
    }),
  );
}
show();
`,
};

/** For whatever has no topic of its own: a page that introduces it and takes messages. */
export const landing: Topic = {
  name: "Page",
  words: [
    "landing",
    "portfolio",
    "website",
    "homepage",
    "site",
    "page",
    "blog",
    "restaurant",
    "shop",
    "company",
    "personal",
  ],
  about: "A landing page with three points and a form whose messages appear below. Nothing is sent anywhere.",
  body: (title) => `<h1>${title}</h1>
      <p>Everything about ${title.toLowerCase()}, on one page.</p>
      <ul>
        <li><span>Clear: it says what it is for in one sentence.</span></li>
        <li><span>Quick: one page, one style sheet, one script.</span></li>
        <li><span>Yours: every word of it can be changed.</span></li>
      </ul>
      <form id="contact">
        <input id="message" aria-label="Your message" placeholder="Your message" required />
        <button>Send</button>
      </form>
      <ul id="messages" aria-live="polite"></ul>`,
  script: `element("contact").addEventListener("submit", (event) => {
  event.preventDefault();
  const row = document.createElement("li");
  row.textContent = input("message").value.trim();
  element("messages").prepend(row);
  input("message").value = "";
});
`,
};

const topics: readonly Topic[] = [timer, calculator, expenses, passwords, quiz, game, notes, todo, landing];

export function topicOf(words: readonly string[]): Topic | undefined {
  return topics.find((topic) => words.some((word) => topic.words.includes(word)));
}
