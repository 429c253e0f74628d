import type { ApprovalScope } from "@slipway/contract/approval";
import type { Delta, RunEvent } from "@slipway/contract/run";
import { answerApproval } from "@slipway/contract/routes/approval";
import { runEvents } from "@slipway/contract/routes/run";
import { batch } from "solid-js";
import { createStore } from "solid-js/store";
import { call } from "../api/call.ts";
import { applyDelta, applyEvent, emptyTranscript, type Transcript } from "../live/transcript.ts";

/** The runs that this page has seen, as their transcripts. A gap in what the socket sends is closed by asking. */
export function createRuns() {
  const [transcripts, setTranscripts] = createStore<Record<string, Transcript>>({});
  const catching = new Map<string, Promise<void>>();
  /** Runs that showed another gap while they were catching up. */
  const behind = new Set<string>();

  /** Asks for what a transcript lacks: the events after its last, and the open block as last stored. */
  function catchUp(runID: string): Promise<void> {
    const going = catching.get(runID);
    if (going) {
      behind.add(runID);
      return going;
    }
    const work = (async () => {
      for (;;) {
        behind.delete(runID);
        const before = transcripts[runID] ?? emptyTranscript();
        const page = await call(runEvents, { params: { id: runID }, query: { after: before.seq } });
        batch(() => {
          for (const event of page.events) takeEvent(runID, event);
          if (page.snapshot) takeDelta(page.snapshot);
        });
        if (!page.more && !behind.has(runID)) return;
      }
    })()
      .catch(() => undefined)
      .finally(() => catching.delete(runID));
    catching.set(runID, work);
    return work;
  }

  function takeEvent(runID: string, event: RunEvent): void {
    const { transcript, gap } = applyEvent(transcripts[runID] ?? emptyTranscript(), event);
    setTranscripts(runID, transcript);
    if (gap) void catchUp(runID);
  }

  function takeDelta(delta: Delta): void {
    const { transcript, gap } = applyDelta(transcripts[delta.runId] ?? emptyTranscript(), delta);
    setTranscripts(delta.runId, transcript);
    if (gap) void catchUp(delta.runId);
  }

  return {
    transcripts,
    catchUp,
    takeEvent,
    takeDeltas: (deltas: readonly Delta[]) => batch(() => deltas.forEach(takeDelta)),
    takeProgress(
      runID: string,
      toolCallID: string,
      { text, output }: { text: string; output?: string | undefined },
    ): void {
      if (!transcripts[runID]) return;
      setTranscripts(runID, "progress", { [toolCallID]: text });
      if (output !== undefined) setTranscripts(runID, "outputs", { [toolCallID]: output });
    },
    /** @throws ApiError */
    async answer(runID: string, approvalID: string, answer: "allow" | "deny", scope: ApprovalScope): Promise<void> {
      await call(answerApproval, { params: { id: runID, approvalId: approvalID }, body: { answer, scope } });
    },
  };
}
export type Runs = ReturnType<typeof createRuns>;
