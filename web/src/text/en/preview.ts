import { count } from "./count.ts";

export const text = {
  toolbar: "Preview",
  back: "Back",
  forward: "Forward",
  reload: "Reload",
  address: "Address in the project",
  newTab: "Open in a new tab",
  frame: (title: string) => (title === "" ? "Preview" : `Preview of ${title}`),
  loading: "Loading the preview…",
  problems: (n: number) => count(n, "problem", "problems"),
  problemList: "Problems on the page",
  fix: "Ask the agent to fix",
  hide: "Hide problems",
  ask: (page: string, problems: readonly string[]) =>
    `The preview of @${/\s/.test(page) ? `"${page}"` : page} reports:\n\`\`\`\n${problems.join("\n")}\n\`\`\`\nFind the cause and fix it.`,
  // Of a server in the sandbox.
  portFrame: (port: number, title: string) => (title === "" ? `Preview of port ${port}` : `${title}, on port ${port}`),
  portAddress: (port: number) => `Address on port ${port}`,
  port: "Port",
  width: "Width",
  widths: { full: "Full width", tablet: "Tablet, 768 px", phone: "Phone, 390 px" } as const,
  starting: "Waiting for the sandbox…",
  noServer: (port: number) => `Nothing is listening on port ${port}.`,
  crashed: (command: string, code: string) => `"${command}" ended ${code}.`,
  withCode: (code: number) => `with code ${code}`,
  bySignal: (signal: string) => `by ${signal}`,
  runDev: "Run development server",
  showOutput: "Show output",
  stopped: (port: number) => `The server on port ${port} has stopped.`,
  askServer: (port: number, end: string, lines: readonly string[]) =>
    [
      `The server on port ${port} is gone: ${end}`,
      ...(lines.length > 0 ? ["Its last output:", "```", ...lines, "```"] : []),
      "Find the cause, fix it and start the server again.",
    ].join("\n"),
  askPort: (address: string, problems: readonly string[]) =>
    `The preview of ${address} reports:\n\`\`\`\n${problems.join("\n")}\n\`\`\`\nFind the cause and fix it.`,
  sendToChat: "Send to chat",
  unavailable: "The preview",
};
