/** Expenses, without a page. Amounts are whole cents, so that sums are exact. */

/*:: export interface Expense { id: number; what: string; cents: number; group: string } */

/*:: export */ function addExpense(rows /*: Expense[] */, what /*: string */, amount /*: string */, group /*: string */) /*: Expense[] */ {
  const cents = Math.round(Number(amount) * 100);
  if (what.trim() === "" || !(cents > 0)) return rows;
  const id = Math.max(0, ...rows.map((row) => row.id)) + 1;
  return [{ id, what: what.trim(), cents, group }, ...rows];
}

/*:: export */ function removeExpense(rows /*: Expense[] */, id /*: number */) /*: Expense[] */ {
  return rows.filter((row) => row.id !== id);
}

/*:: export */ function totalOf(rows /*: Expense[] */) /*: number */ {
  return rows.reduce((sum, { cents }) => sum + cents, 0);
}

/** The sum of each category, largest first. */
/*:: export */ function byGroup(rows /*: Expense[] */) /*: [string, number][] */ {
  const sums = new Map/*:: <string, number> */();
  for (const { group, cents } of rows) sums.set(group, (sums.get(group) ?? 0) + cents);
  return [...sums].sort(([, a], [, b]) => b - a);
}

/*:: export */ function money(cents /*: number */) /*: string */ {
  return (cents / 100).toFixed(2);
}
// feature:csv

/*:: export */ function toCsv(rows /*: Expense[] */) /*: string */ {
  const quoted = (text /*: string */) => `"${text.replaceAll('"', '""')}"`;
  return ["what,category,amount", ...rows.map((row) => `${quoted(row.what)},${quoted(row.group)},${money(row.cents)}`)].join("\n");
}
// end:csv

if (typeof module !== "undefined") module.exports = { addExpense, removeExpense, totalOf, byGroup, money }; // for the tests
