import type { Check } from "./check.ts";
import { ofCost } from "./cost.ts";
import { ofFunctions } from "./functions.ts";
import { ofOperation } from "./operation.ts";
import { ofPages } from "./pages.ts";
import { ofRights } from "./rights.ts";
import { ofSandboxes } from "./sandboxes.ts";
import { ofStorage } from "./storage.ts";
import { ofWorkflows } from "./workflows.ts";

export const checks: readonly Check[] = [
  ...ofFunctions,
  ...ofWorkflows,
  ...ofCost,
  ...ofStorage,
  ...ofRights,
  ...ofPages,
  ...ofOperation,
  ...ofSandboxes,
];
