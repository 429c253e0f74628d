import { z } from "zod";
import { OperationID } from "../id.ts";
import { Operation } from "../operation.ts";
import { reply, route } from "../route.ts";

const inOperation = z.object({ id: OperationID });

export const getOperation = route({
  method: "get",
  path: "/api/operations/{id}",
  request: { params: inOperation },
  responses: { 200: reply(Operation, "Its progress, and its result once it has ended.") },
});

export const cancelOperation = route({
  method: "post",
  path: "/api/operations/{id}/cancel",
  request: { params: inOperation },
  responses: {
    200: reply(Operation, "Nothing more is written. What has been written stays, and `result.undo` reverts it."),
  },
});
