import { Completion, CompletionRequest, QuickEdit, QuickEditRequest } from "../assist.ts";
import { body, reply, route } from "../route.ts";

export const complete = route({
  method: "post",
  path: "/api/assist/complete",
  request: { body: body(CompletionRequest) },
  responses: { 200: reply(Completion, "What might stand at the cursor; empty for nothing.") },
});

export const quickEdit = route({
  method: "post",
  path: "/api/assist/edit",
  request: { body: body(QuickEditRequest) },
  responses: { 200: reply(QuickEdit, "What the selection would become.") },
});
