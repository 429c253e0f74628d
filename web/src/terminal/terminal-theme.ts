import type { ITheme } from "@xterm/xterm";

/** Colours of programs, which know sixteen by number. The rest are the page's tokens. */
const light = {
  black: "#1d2021",
  red: "#b3261e",
  green: "#2c6e2f",
  yellow: "#8a5a00",
  blue: "#1f5fa8",
  magenta: "#8b2f6b",
  cyan: "#0b6e63",
  white: "#5f625e",
  brightBlack: "#5f625e",
  brightRed: "#c5362d",
  brightGreen: "#357f38",
  brightYellow: "#9a6700",
  brightBlue: "#2a6fbf",
  brightMagenta: "#a03a7c",
  brightCyan: "#0d7d71",
  brightWhite: "#1d2021",
};
const dark = {
  black: "#25292a",
  red: "#f2998f",
  green: "#9fd39f",
  yellow: "#e8b977",
  blue: "#8fbdf0",
  magenta: "#e29bc8",
  cyan: "#5cc4b3",
  white: "#e6e4df",
  brightBlack: "#a2a5a0",
  brightRed: "#f7b3ab",
  brightGreen: "#b6e0b6",
  brightYellow: "#f0cc95",
  brightBlue: "#abcef5",
  brightMagenta: "#edb5d6",
  brightCyan: "#7fd6c8",
  brightWhite: "#ffffff",
};

export function terminalTheme(isDark: boolean): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...(isDark ? dark : light),
    background: token("paper"),
    foreground: token("ink"),
    cursor: token("accent"),
    cursorAccent: token("paper"),
    selectionBackground: isDark ? "#2d5a53" : "#bfe0d9",
    selectionInactiveBackground: isDark ? "#2b3a38" : "#dfe9e6",
    scrollbarSliderBackground: isDark ? "#ffffff26" : "#00000026",
    scrollbarSliderHoverBackground: isDark ? "#ffffff40" : "#00000040",
    scrollbarSliderActiveBackground: isDark ? "#ffffff59" : "#00000059",
  };
}

/** Of matches while searching. */
export function searchColors(isDark: boolean) {
  return {
    matchBackground: isDark ? "#3a4a2a" : "#f3e3b0",
    matchBorder: isDark ? "#5c7a3a" : "#c9a95a",
    matchOverviewRuler: "#c9a95a",
    activeMatchBackground: isDark ? "#6b5a1a" : "#ffd24d",
    activeMatchBorder: isDark ? "#e2b65c" : "#8a5a00",
    activeMatchColorOverviewRuler: "#8a5a00",
  };
}
