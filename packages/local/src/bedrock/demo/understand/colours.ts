/** Colours by name: for a light and for a dark page, so that text on both stays readable. */
const colours: Record<string, readonly [light: string, dark: string]> = {
  red: ["#b3261e", "#f2a199"],
  blue: ["#1d5fbf", "#8ab8f5"],
  green: ["#1c7a3e", "#7fd19a"],
  orange: ["#a84a00", "#f0a571"],
  purple: ["#6b3fa0", "#c4a6f2"],
  pink: ["#a3265c", "#f29ac0"],
  teal: ["#0b6e63", "#5cc4b3"],
  yellow: ["#7a5c00", "#f2d26b"],
  black: ["#1b1e20", "#eceae5"],
  white: ["#ffffff", "#ffffff"],
  grey: ["#5a6063", "#a5aaa8"],
  brown: ["#6e4526", "#d8b08c"],
  turquoise: ["#0a6c7a", "#6fd3e0"],
  navy: ["#1f2f6b", "#9fb2f0"],
  gold: ["#7d5a00", "#e8c25a"],
};

const names: Record<string, keyof typeof colours> = {
  violet: "purple",
  gray: "grey",
  cyan: "turquoise",
  magenta: "pink",
  indigo: "navy",
  lime: "green",
  coral: "orange",
  crimson: "red",
  salmon: "orange",
  olive: "green",
  maroon: "brown",
  lavender: "purple",
  beige: "brown",
  mint: "teal",
  rot: "red",
  blau: "blue",
  grün: "green",
  gruen: "green",
  lila: "purple",
  rosa: "pink",
  türkis: "turquoise",
  tuerkis: "turquoise",
  gelb: "yellow",
  schwarz: "black",
  weiß: "white",
  weiss: "white",
  grau: "grey",
  braun: "brown",
  rouge: "red",
  bleu: "blue",
  bleue: "blue",
  vert: "green",
  verte: "green",
  violette: "purple",
  rose: "pink",
  jaune: "yellow",
  noir: "black",
  noire: "black",
  blanc: "white",
  blanche: "white",
  gris: "grey",
  grise: "grey",
  marron: "brown",
  rojo: "red",
  roja: "red",
  azul: "blue",
  verde: "green",
  naranja: "orange",
  morado: "purple",
  morada: "purple",
  violeta: "purple",
  amarillo: "yellow",
  amarilla: "yellow",
  negro: "black",
  negra: "black",
  blanco: "white",
  blanca: "white",
  marrón: "brown",
  turquesa: "turquoise",
  dorado: "gold",
  红: "red",
  红色: "red",
  蓝: "blue",
  蓝色: "blue",
  绿: "green",
  绿色: "green",
  橙色: "orange",
  紫色: "purple",
  粉色: "pink",
  粉红色: "pink",
  黄色: "yellow",
  黑色: "black",
  白色: "white",
  灰色: "grey",
  棕色: "brown",
  青色: "turquoise",
};

/** A colour as CSS, for light and dark pages; undefined for a name that is not known. */
export function colourOf(text: string): { light: string; dark: string } | undefined {
  const name = text.trim().toLowerCase();
  if (/^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(name)) return { light: name, dark: name };
  const plain = name.replace(/^(?:dark|light|pale|deep|dunkel|hell|深|浅)[ -]?/, "");
  const found = colours[names[plain] ?? plain];
  return found && { light: found[0], dark: found[1] };
}

/** Whether white text is readable on it. */
export function isDark(colour: string): boolean {
  const hex = colour.length < 6 ? colour.slice(1, 4).replace(/./g, "$&$&") : colour.slice(1, 7);
  const channels = [0, 2, 4].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = channels;
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5;
}
