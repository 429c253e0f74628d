import { Completion, CompletionRequest, QuickEdit, QuickEditRequest } from "../assist.ts";
import { body, reply, route } from "../route.ts";

export const complete = route({
  method: "post",
  path: "/api/assist/complete",
  request: { body: body(CompletionRequest) },
  responses: { 200: reply(Completion, "A completion at the cursor; empty for none.") },
});

export const quickEdit = route({
  method: "post",
  path: "/api/assist/edit",
  request: { body: body(QuickEditRequest) },
  responses: { 200: reply(QuickEdit, "The rewritten selection.") },
});
