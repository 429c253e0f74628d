/** A switch between light and dark. Until it is used, the page follows the system. */
const themeButton = document.getElementById("theme");
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.style.colorScheme;
  return chosen === "" ? systemIsDark.matches : chosen === "dark";
}

function useTheme(theme /*: string */) {
  document.documentElement.style.colorScheme = theme;
  themeButton?.setAttribute("aria-pressed", String(isDark()));
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}

try {
  const saved = localStorage.getItem("theme");
  if (saved === "light" || saved === "dark") useTheme(saved);
} catch {
  // Without storage the page follows the system.
}
themeButton?.setAttribute("aria-pressed", String(isDark()));
themeButton?.addEventListener("click", () => useTheme(isDark() ? "light" : "dark"));
/*:: export {}; */
