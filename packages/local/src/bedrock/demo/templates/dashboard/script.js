/*:: import { axisTop, growth, lastMonths, total, type Month } from "./data.ts"; */
// feature:csv
/*:: import { toCsv } from "./data.ts"; */
// end:csv
/** Draws the figures and charts of the chosen period as SVG. */

function element(id /*: string */) /*: HTMLElement */ {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found;
}

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: "percent", signDisplay: "exceptZero" });
const buttons = [...document.querySelectorAll/*:: <HTMLElement> */("[data-months]")];
let months = lastMonths(12);

function orders(month /*: Month */) /*: number */ {
  return month.web + month.shop + month.phone;
}

function svg(name /*: string */, attributes /*: Record<string, string | number> */, text /*: string */ = "") /*: SVGElement */ {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

function show() {
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.months) === months.length));
  }
  element("tiles").replaceChildren(
    tile("Revenue", number.format(total(months, ({ revenue }) => revenue)), growth(months, ({ revenue }) => revenue)),
    tile("Visitors", number.format(total(months, ({ visitors }) => visitors)), growth(months, ({ visitors }) => visitors)),
    tile("Orders", number.format(total(months, orders)), growth(months, orders)),
  );
  element("bars").replaceChildren(bars());
  element("line").replaceChildren(line());
  showShare();
  showTable();
}

function tile(name /*: string */, value /*: string */, change /*: number */) /*: HTMLElement */ {
  const made = document.createElement("div");
  made.className = "card tile";
  const heading = document.createElement("h2");
  heading.textContent = name;
  const figure = document.createElement("p");
  figure.className = "value";
  figure.textContent = value;
  const trend = document.createElement("p");
  trend.className = change < 0 ? "down" : "up";
  trend.textContent = `${percent.format(change)} since ${months[0]?.month ?? ""}`;
  made.append(heading, figure, trend);
  return made;
}

/** The chart's frame with its horizontal rules, and where a value is in it. */
function frame(label /*: string */, values /*: number[] */, [width, height] /*: [number, number] */) {
  const top = axisTop(values);
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  const y = (value /*: number */) => height - 24 - (value / top) * (height - 40);
  for (const share of [0, 0.5, 1]) {
    chart.append(svg("line", { class: "rule", x1: 44, x2: width, y1: y(top * share), y2: y(top * share) }));
    chart.append(svg("text", { x: 38, y: y(top * share) + 4, "text-anchor": "end" }, short.format(top * share)));
  }
  return { chart, y };
}

function bars() /*: SVGElement */ {
  const values = months.map(({ revenue }) => revenue);
  const isNarrow = element("bars").clientWidth < 480;
  const [width, height] = isNarrow ? [400, 240] : [900, 260];
  const { chart, y } = frame("Revenue by month", values, [width, height]);
  const step = (width - 48) / months.length;
  for (const [index, { month, revenue }] of months.entries()) {
    const x = 48 + index * step;
    const bar = svg("rect", { class: "bar", x: x + step * 0.15, y: y(revenue), width: step * 0.7, height: y(0) - y(revenue), rx: 4 });
    bar.append(svg("title", {}, `${month}: ${number.format(revenue)}`));
    chart.append(bar);
    const isLabelled = !isNarrow || months.length <= 6 || index % 2 === 1;
    if (isLabelled) chart.append(svg("text", { x: x + step / 2, y: height - 4, "text-anchor": "middle" }, month));
  }
  return chart;
}

function line() /*: SVGElement */ {
  const values = months.map(({ visitors }) => visitors);
  const { chart, y } = frame("Visitors by month", values, [400, 220]);
  const x = (index /*: number */) => 52 + (index / Math.max(1, values.length - 1)) * 336;
  const points = values.map((value, index) => `${x(index)},${y(value)}`).join(" ");
  chart.append(svg("polygon", { class: "area", points: `${x(0)},${y(0)} ${points} ${x(values.length - 1)},${y(0)}` }));
  chart.append(svg("polyline", { class: "curve", points }));
  for (const index of [0, months.length - 1]) {
    const anchor = index === 0 ? "start" : "end";
    chart.append(svg("text", { x: x(index), y: 216, "text-anchor": anchor }, months[index]?.month ?? ""));
  }
  return chart;
}

function showShare() {
  const channels = [
    { name: "Web", value: total(months, ({ web }) => web), colour: "var(--accent)" },
    { name: "Shop", value: total(months, ({ shop }) => shop), colour: "var(--second)" },
    { name: "Phone", value: total(months, ({ phone }) => phone), colour: "var(--third)" },
  ];
  const sum = total(months, orders);
  const ring = svg("svg", { viewBox: "0 0 42 42", role: "img", "aria-label": "Orders by channel" });
  const list = document.createElement("ul");
  let begin = 25;
  for (const { name, value, colour } of channels) {
    const share = (value / sum) * 100;
    ring.append(
      svg("circle", {
        cx: 21,
        cy: 21,
        r: 15.9155,
        fill: "none",
        "stroke-width": 7,
        "stroke-dasharray": `${Math.max(0, share - 0.8)} ${100 - Math.max(0, share - 0.8)}`,
        "stroke-dashoffset": begin,
        style: `stroke: ${colour}`,
      }),
    );
    begin -= share;
    const item = document.createElement("li");
    const swatch = document.createElement("i");
    swatch.style.background = colour;
    const portion = document.createElement("strong");
    portion.textContent = `${Math.round(share)} %`;
    item.append(swatch, name, portion);
    list.append(item);
  }
  element("share").replaceChildren(ring, list);
}

function showTable() {
  const names = ["Month", "Revenue", "Visitors", "Web", "Shop", "Phone"];
  const row = (cells /*: (string | number)[] */, isHead /*: boolean */) => {
    const made = document.createElement("tr");
    for (const [index, value] of cells.entries()) {
      const cell = document.createElement(isHead || index === 0 ? "th" : "td") /*:: as HTMLTableCellElement */;
      if (isHead || index === 0) cell.scope = isHead ? "col" : "row";
      cell.textContent = typeof value === "number" ? number.format(value) : value;
      made.append(cell);
    }
    return made;
  };
  element("table").replaceChildren(row(names, true), ...months.map((month) => row(Object.values(month), false)));
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    months = lastMonths(Number(button.dataset.months));
    show();
  });
}
// feature:csv
element("csv").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toCsv(months)], { type: "text/csv" }));
  link.download = "dashboard.csv";
  link.click();
  URL.revokeObjectURL(link.href);
});
// end:csv
window.addEventListener("resize", show);
show();
