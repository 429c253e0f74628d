/** The phases of a Pomodoro timer. A timer is a value; it counts whole seconds. */

/*::
export type Phase = "Work" | "Rest" | "Long rest";
export interface Timer { phase: Phase; left: number; rounds: number }
*/

const lengths /*: Record<Phase, number> */ = { Work: 25 * 60, Rest: 5 * 60, "Long rest": 15 * 60 };
const roundsUntilLongRest = 4;

/*:: export */ function newTimer() /*: Timer */ {
  return { phase: "Work", left: lengths.Work, rounds: 0 };
}

/** Lets seconds pass, through as many phases as they last. */
/*:: export */ function pass(timer /*: Timer */, seconds /*: number */) /*: Timer */ {
  let next = timer;
  let rest = seconds;
  while (rest >= next.left) {
    rest -= next.left;
    next = skip(next);
  }
  return { ...next, left: next.left - rest };
}

/** Goes to the next phase. Only finished work counts as a round. */
/*:: export */ function skip(timer /*: Timer */) /*: Timer */ {
  if (timer.phase !== "Work") return { ...timer, phase: "Work", left: lengths.Work };
  const rounds = timer.rounds + 1;
  const phase = rounds % roundsUntilLongRest === 0 ? "Long rest" : "Rest";
  return { phase, left: lengths[phase], rounds };
}

/*:: export */ function progressOf(timer /*: Timer */) /*: number */ {
  return 1 - timer.left / lengths[timer.phase];
}

/*:: export */ function clock(seconds /*: number */) /*: string */ {
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

if (typeof module !== "undefined") module.exports = { newTimer, pass, skip, progressOf, clock }; // for the tests
