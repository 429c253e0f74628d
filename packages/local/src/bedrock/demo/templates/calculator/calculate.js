/** Computes what is typed: + − × ÷, brackets and decimals, with × and ÷ before + and −. */

/** @throws Error for what is not a sum, or a division by zero */
/*:: export */ function calculate(text /*: string */) /*: number */ {
  const tokens = text.match(/\d+(?:\.\d*)?|\.\d+|[-+−×*÷/()]|\S/g) ?? [];
  let at = 0;

  function sum() /*: number */ {
    let value = product();
    while (["+", "-", "−"].includes(tokens[at] ?? "")) value = tokens[at++] === "+" ? value + product() : value - product();
    return value;
  }

  function product() /*: number */ {
    let value = factor();
    while (["×", "*", "÷", "/"].includes(tokens[at] ?? "")) {
      const isTimes = ["×", "*"].includes(tokens[at++] ?? "");
      const next = factor();
      if (!isTimes && next === 0) throw new Error("Cannot divide by zero");
      value = isTimes ? value * next : value / next;
    }
    return value;
  }

  function factor() /*: number */ {
    const token = tokens[at++] ?? "";
    if (token === "-" || token === "−") return -factor();
    if (token === "(") {
      const value = sum();
      if (tokens[at++] !== ")") throw new Error("A bracket is missing");
      return value;
    }
    if (!/^[\d.]+$/.test(token)) throw new Error("Not complete");
    return Number(token);
  }

  const value = sum();
  if (at < tokens.length) throw new Error("Not complete");
  // Twelve digits hide the binary rounding of 0.1 + 0.2.
  return Number(value.toPrecision(12));
}

if (typeof module !== "undefined") module.exports = { calculate }; // for the tests
