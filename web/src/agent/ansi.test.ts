import { expect, test } from "vitest";
import { partsOf, plainText } from "./ansi.ts";

const esc = "\u001b";

test("keeps colours, bold and dim, and nothing else that a terminal would do", () => {
  expect(partsOf(`a ${esc}[31mred${esc}[0m ${esc}[1;32mgood${esc}[22m${esc}[39m end`)).toEqual([
    { text: "a ", class: "" },
    { text: "red", class: "text-bad" },
    { text: " ", class: "" },
    { text: "good", class: "text-good font-semibold" },
    { text: " end", class: "" },
  ]);
  expect(
    plainText(`${esc}[2J${esc}[10;5Hx${esc}]0;title\u0007y${esc}]8;;https://evil${esc}\\z${esc}(B${esc}[?25l`),
  ).toBe("xyz");
  expect(partsOf(`${esc}[38;5;196mx${esc}[38;2;1;2;3my`)).toEqual([{ text: "xy", class: "" }]);
});

test("an overwritten line is shown as it was left", () => {
  expect(plainText("10%\r50%\r100%\ndone\r\n")).toBe("100%\ndone\n");
  expect(partsOf(`${esc}[31m1\r2`)).toEqual([{ text: "2", class: "text-bad" }]);
});

test("control characters, and half a sequence at the end, are nothing", () => {
  expect(plainText(`a\u0000b\u0008\u202Ec\u009b31m${esc}`)).toBe("abc31m");
  expect(plainText(`a${esc}[31`)).toBe("a");
  expect(plainText("<b>not markup</b>")).toBe("<b>not markup</b>");
});
