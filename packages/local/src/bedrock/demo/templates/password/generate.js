/** Random passwords. Letters that look alike (l, I, O, 0, 1) are left out. */

const sets /*: Record<string, string> */ = {
  lower: "abcdefghijkmnopqrstuvwxyz",
  upper: "ABCDEFGHJKLMNPQRSTUVWXYZ",
  digits: "23456789",
  signs: "!?#$%&*+-=@_",
};

/** A password that holds at least one character of each set. */
/*:: export */ function generate(length /*: number */, names /*: string[] */) /*: string */ {
  const alphabet = alphabetOf(names);
  for (;;) {
    const made = Array.from({ length }, () => alphabet[below(alphabet.length)]).join("");
    if (names.every((name) => [...(sets[name] ?? "")].some((each) => made.includes(each)))) return made;
  }
}

/** How hard it is to guess, in bits. */
/*:: export */ function strength(length /*: number */, names /*: string[] */) /*: number */ {
  return Math.floor(length * Math.log2(alphabetOf(names).length));
}

function alphabetOf(names /*: string[] */) /*: string */ {
  return names.map((name) => sets[name] ?? "").join("");
}

/** A random number below a limit, each equally likely: bytes that would favour some are drawn again. */
function below(limit /*: number */) /*: number */ {
  const fair = 256 - (256 % limit);
  for (;;) {
    const byte = crypto.getRandomValues(new Uint8Array(1))[0] ?? 255;
    if (byte < fair) return byte % limit;
  }
}

if (typeof module !== "undefined") module.exports = { generate, strength }; // for the tests
