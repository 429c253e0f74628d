import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { accountTemplate } from "./stack.ts";

/** `npm run account`: writes the template that an account's administrator deploys once. */

const file = join(import.meta.dirname, "template.json");
writeFileSync(file, `${JSON.stringify(accountTemplate(), undefined, 2)}\n`);
process.stdout.write("Written: infra/account/template.json\n");
