/** The numbers of the dashboard, and what is computed from them. Replace them with your own. */

/*::
export interface Month { month: string; revenue: number; visitors: number; web: number; shop: number; phone: number }
*/

/*:: export */ const data /*: Month[] */ = [
  { month: "Jan", revenue: 18200, visitors: 5400, web: 210, shop: 140, phone: 62 },
  { month: "Feb", revenue: 17650, visitors: 5150, web: 204, shop: 131, phone: 58 },
  { month: "Mar", revenue: 20480, visitors: 6020, web: 246, shop: 149, phone: 60 },
  { month: "Apr", revenue: 21990, visitors: 6480, web: 268, shop: 152, phone: 55 },
  { month: "May", revenue: 21340, visitors: 6290, web: 271, shop: 146, phone: 51 },
  { month: "Jun", revenue: 23870, visitors: 7010, web: 302, shop: 158, phone: 53 },
  { month: "Jul", revenue: 22710, visitors: 6840, web: 297, shop: 149, phone: 47 },
  { month: "Aug", revenue: 24150, visitors: 7230, web: 318, shop: 151, phone: 44 },
  { month: "Sep", revenue: 26320, visitors: 7810, web: 351, shop: 163, phone: 46 },
  { month: "Oct", revenue: 27900, visitors: 8260, web: 377, shop: 168, phone: 42 },
  { month: "Nov", revenue: 30210, visitors: 9120, web: 421, shop: 179, phone: 45 },
  { month: "Dec", revenue: 33480, visitors: 9870, web: 468, shop: 196, phone: 49 },
];

/*:: export */ function lastMonths(count /*: number */) /*: Month[] */ {
  return data.slice(-count);
}

/*:: export */ function total(months /*: Month[] */, of /*: (month: Month) => number */) /*: number */ {
  return months.reduce((sum, month) => sum + of(month), 0);
}

/** Change from the first to the last month, as a share: 0.1 is 10 % more. */
/*:: export */ function growth(months /*: Month[] */, of /*: (month: Month) => number */) /*: number */ {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined || of(first) === 0) return 0;
  return of(last) / of(first) - 1;
}

/** A round number above the largest one, for the top of an axis. */
/*:: export */ function axisTop(values /*: number[] */) /*: number */ {
  const largest = Math.max(...values, 1);
  const unit = 10 ** Math.floor(Math.log10(largest)) / 2;
  return Math.ceil(largest / unit) * unit;
}
// feature:csv

/*:: export */ function toCsv(months /*: Month[] */) /*: string */ {
  const names = Object.keys(months[0] ?? {});
  return [names, ...months.map((month) => Object.values(month))].map((row) => row.join(",")).join("\n") + "\n";
}
// end:csv

if (typeof module !== "undefined") {
  module.exports = { data, lastMonths, total, growth, axisTop }; // for the tests
}
