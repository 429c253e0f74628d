/*:: import { give, goOn, newQuiz, shuffled } from "./quiz.ts"; */
/*:: import { questions } from "./questions.ts"; */
/** Asks one question after the other. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

let quiz = newQuiz();

function ask() {
  const question = questions[quiz.at];
  (element("progress") /*:: as HTMLProgressElement */).value = quiz.at / questions.length;
  element("feedback").textContent = "";
  element("next").hidden = question !== undefined;
  if (question === undefined) {
    element("question").textContent = `${quiz.right} of ${questions.length} right`;
    element("answers").replaceChildren();
    element("next").textContent = "Play again";
    return;
  }
  element("question").textContent = question.text;
  element("next").textContent = "Next";
  element("answers").replaceChildren(
    ...shuffled(question.answers).map((answer) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = answer;
      button.addEventListener("click", () => choose(button, answer === question.answers[0]));
      return button;
    }),
  );
}

function choose(chosen /*: HTMLButtonElement */, isRight /*: boolean */) {
  quiz = give(quiz, isRight);
  const rightAnswer = questions[quiz.at]?.answers[0];
  for (const button of element("answers").querySelectorAll("button")) {
    button.disabled = true;
    if (button.textContent === rightAnswer) button.className = "right";
  }
  if (!isRight) chosen.className = "wrong";
  element("feedback").textContent = isRight ? "Right." : `The right answer is: ${rightAnswer}`;
  element("next").hidden = false;
  element("next").focus();
}

element("next").addEventListener("click", () => {
  quiz = quiz.at >= questions.length ? newQuiz() : goOn(quiz);
  ask();
  element("question").focus();
});
ask();
