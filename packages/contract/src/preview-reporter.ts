/**
 * The script of a previewed page: it tells the app's page around it where it is and what fails, and reloads when told to.
 * `preview.ts` has the messages. It runs in a stranger's page, so it holds nothing secret.
 */
export function reporter(app: string, base: string): string {
  return `(${script})(${JSON.stringify(app)}, ${JSON.stringify(base)});\n`;
}

/** Where a previewed site has it, below its base. */
export const reporterPath = "/.slipway/preview.js";

/** Puts the reporter before any other script of a page. A page that is only a fragment gets it first. */
export function withReporter(html: string, base: string): string {
  const tag = `<script src="${base}${reporterPath}"></script>`;
  const head = /<head(?:\s[^>]*)?>/i.exec(html);
  const at = head ?? /^\s*<!doctype[^>]*>/i.exec(html);
  const end = at ? at.index + at[0].length : 0;
  return html.slice(0, end) + tag + html.slice(end);
}

// Text, and not a function's: a bundler would rewrite that for Node.
const script = /* js */ `(app, base) => {
  if (parent === self) return;
  const tell = (message) => parent.postMessage(message, app);
  const fail = (text) => tell({ type: "error", text: String(text).slice(0, 1000) });
  /** The project's path in an address of this page's site. */
  const pathOf = (url) => {
    const path = url.startsWith(location.origin) ? url.slice(location.origin.length) : url;
    return path.startsWith(base + "/") ? path.slice(base.length + 1) : path;
  };
  const locate = () =>
    tell({
      type: "location",
      path: (pathOf(location.pathname) + location.search + location.hash).slice(0, 4000),
      title: document.title.slice(0, 300),
    });

  addEventListener("error", (event) => {
    const address = event.target !== self && (event.target.src || event.target.href);
    if (address)
      fail(pathOf(address) + (/\\.(?:[cm]?tsx?|jsx|vue|svelte|astro|s[ac]ss|less)$/i.test(new URL(address).pathname)
        ? " needs a build step. Previews show files as they are." : " could not be loaded."));
    else if (event.message) fail(event.filename ? event.message + " (" + pathOf(event.filename) + ":" + event.lineno + ")" : event.message);
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => fail((reason && reason.message) || reason));
  const { error } = console;
  console.error = (...parts) => {
    error.apply(console, parts);
    fail(parts.join(" "));
  };

  for (const name of ["pushState", "replaceState"]) {
    const change = history[name];
    history[name] = (...parts) => {
      change.apply(history, parts);
      locate();
    };
  }
  for (const name of ["DOMContentLoaded", "load", "pageshow", "hashchange", "popstate"]) addEventListener(name, locate);

  // Browsers that block third-party storage refuse it to a frame. In place of it, what a page stores lasts as long as the
  // frame, in its name.
  const mark = "slipway-preview:";
  const kept = self.name.startsWith(mark) ? JSON.parse(self.name.slice(mark.length)) : {};
  for (const area of ["localStorage", "sessionStorage"]) {
    try {
      if (self[area]) continue;
    } catch {}
    const items = Object.assign(Object.create(null), kept[area]);
    kept[area] = items;
    const change = (make) => {
      make();
      self.name = mark + JSON.stringify(kept);
    };
    const methods = {
      getItem: (key) => items[key] ?? null,
      setItem: (key, value) => change(() => (items[key] = String(value))),
      removeItem: (key) => change(() => delete items[key]),
      clear: () => change(() => Object.keys(items).forEach((key) => delete items[key])),
      key: (index) => Object.keys(items)[index] ?? null,
    };
    const storage = new Proxy(items, {
      get: (_, key) => (key === "length" ? Object.keys(items).length : Object.hasOwn(methods, key) ? methods[key] : items[key]),
      set: (_, key, value) => (methods.setItem(key, value), true),
      deleteProperty: (_, key) => (methods.removeItem(key), true),
    });
    Object.defineProperty(self, area, { value: storage });
  }

  const orders = {
    reload: () => location.reload(),
    // At the frame's first page a plain \`back\` would leave the app.
    back: () => (self.navigation ? navigation.canGoBack && navigation.back() : history.back()),
    forward: () => (self.navigation ? navigation.canGoForward && navigation.forward() : history.forward()),
    restyle() {
      for (const sheet of document.querySelectorAll('link[rel~="stylesheet"]')) {
        const url = new URL(sheet.href);
        if (url.host !== new URL(document.baseURI).host) continue;
        url.searchParams.set("changed", Date.now());
        sheet.href = url.href;
      }
    },
  };
  addEventListener("message", (event) => {
    if (event.source === parent && event.origin === app && Object.hasOwn(orders, event.data)) orders[event.data]();
  });
}`;
