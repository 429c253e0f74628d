import type { LanguageModelMiddleware } from "ai";
import type { StreamPart } from "./stream-part.ts";

/** What strict providers take as the id and the name of a call. */
const legal = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Gives every call of an answer an id of ours, by its position. A model's own ids may be empty, too long, or the same
 * for two calls; one of them would lose its effect, and a history that holds such ids is refused for ever.
 */
export function withOwnCalls(idOf: (position: number) => string): LanguageModelMiddleware {
  return {
    async wrapStream({ doStream }) {
      const { stream, ...rest } = await doStream();
      let count = 0;
      /** Calls whose input is being written, by the model's id. */
      const open = new Map<string, string>();
      const begin = (id: string) => {
        const own = idOf(count++);
        open.set(id, own);
        return own;
      };
      return { ...rest, stream: stream.pipeThrough(new TransformStream<StreamPart, StreamPart>({ transform })) };

      function transform(part: StreamPart, controller: TransformStreamDefaultController<StreamPart>): void {
        switch (part.type) {
          case "tool-input-start":
            controller.enqueue({ ...part, id: begin(part.id), toolName: legalName(part.toolName) });
            break;
          case "tool-input-delta":
          case "tool-input-end":
            controller.enqueue({ ...part, id: open.get(part.id) ?? part.id });
            break;
          case "tool-call": {
            const toolCallId = open.get(part.toolCallId) ?? begin(part.toolCallId);
            open.delete(part.toolCallId);
            controller.enqueue({ ...part, toolCallId, toolName: legalName(part.toolName) });
            break;
          }
          default:
            controller.enqueue(part);
        }
      }
    },
  };
}

/** A name that no tool has may be anything; it is told apart from the others as far as a provider allows. */
export function legalName(name: string): string {
  return legal.test(name) ? name : name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "unnamed";
}
