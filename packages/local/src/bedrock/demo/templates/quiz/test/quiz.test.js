const assert = require("node:assert/strict");
const { test } = require("node:test");
const { questions } = require("../questions.js");
const { give, goOn, newQuiz, shuffled } = require("../quiz.js");

test("counts only the first answer to a question", () => {
  const quiz = give(give(newQuiz(), false), true);
  assert.equal(quiz.right, 0);
  assert.equal(goOn(quiz).at, 1);
  assert.equal(goOn(newQuiz()).at, 0);
});

test("shuffling keeps every item", () => {
  assert.deepEqual(shuffled([1, 2, 3, 4]).sort(), [1, 2, 3, 4]);
});

test("every question has several different answers", () => {
  for (const { answers } of questions) assert.ok(new Set(answers).size === answers.length && answers.length > 1);
});
