import type { RiskPart } from "../tool/tool.ts";
import { exactly } from "./pattern.ts";

/** What reading a page may do: what its address says reaches its host. So each host is asked about once. */
export function hostRisk({ href, origin, host }: URL): RiskPart {
  return { text: href, answer: "ask", reason: `It reads ${host}.`, pattern: `${exactly(origin)}/*` };
}

/** Whether a redirect stays where its page was allowed. Any other is told, and asked about when it is fetched. */
export function isSameHost(from: URL, to: URL): boolean {
  const [one, other] = [from, to].map(({ hostname }) => hostname.replace(/^www\./, ""));
  return one === other;
}
