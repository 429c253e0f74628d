/** How a quiz goes on, without a page. */

/*:: export interface Quiz { at: number; right: number; answered: boolean } */

/*:: export */ function newQuiz() /*: Quiz */ {
  return { at: 0, right: 0, answered: false };
}

/** Only the first answer to a question counts. */
/*:: export */ function give(quiz /*: Quiz */, isRight /*: boolean */) /*: Quiz */ {
  return quiz.answered ? quiz : { ...quiz, answered: true, right: quiz.right + (isRight ? 1 : 0) };
}

/*:: export */ function goOn(quiz /*: Quiz */) /*: Quiz */ {
  return quiz.answered ? { ...quiz, at: quiz.at + 1, answered: false } : quiz;
}

/** The items in a random order. */
/*:: export */ function shuffled/*:: <Item> */(items /*: Item[] */, random /*: () => number */ = Math.random) /*: Item[] */ {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(random() * rest.length), 1)).flat();
}

if (typeof module !== "undefined") module.exports = { newQuiz, give, goOn, shuffled }; // for the tests
