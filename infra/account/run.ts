import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { accountTemplate, regionTemplate } from "./stack.ts";

/**
 * `npm run account`: writes the templates that an account's administrator deploys. Indented by one space: CloudFormation takes
 * 51,200 bytes inline.
 */

for (const [name, template] of [
  ["template", accountTemplate()],
  ["region", regionTemplate()],
] as const) {
  writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify(template, undefined, 1)}\n`);
  process.stdout.write(`Written: infra/account/${name}.json\n`);
}
