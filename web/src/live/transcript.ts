import type { Approval } from "@slipway/contract/approval";
import type { Block, ContextSize, Delta, Run, RunEvent } from "@slipway/contract/run";

/**
 * A run as shown: durable events by number, and the open block by offset. Pure and idempotent: the socket and the API may
 * deliver in any order and repeat themselves, and the result is the same.
 */
export interface Transcript {
  seq: number;
  blocks: readonly SeenBlock[];
  open: OpenBlock | undefined;
  approvals: readonly Approval[];
  /** The latest progress line of each tool call. Live only. */
  progress: Readonly<Record<string, string>>;
  /** The end of what each command has written. Live only. */
  outputs: Readonly<Record<string, string>>;
  status: Run["status"];
  /** The model is throttled or down, and will be asked again. */
  isWaitingForModel: boolean;
  error: { code: string; message: string } | undefined;
  cost: number;
  /** After the newest step. */
  context?: ContextSize | undefined;
}
export type SeenBlock = Block & { step: number };
export interface OpenBlock {
  block: string;
  kind: Delta["kind"];
  tool: string | undefined;
  title: string | undefined;
  text: string;
}

/** `gap`: something is missing before this; ask for what came after `seq`. */
export type Applied = { transcript: Transcript; gap: boolean };

export function emptyTranscript(): Transcript {
  return {
    seq: 0,
    blocks: [],
    open: undefined,
    approvals: [],
    progress: {},
    outputs: {},
    status: "running",
    isWaitingForModel: false,
    error: undefined,
    cost: 0,
  };
}

export function applyEvent(transcript: Transcript, event: RunEvent): Applied {
  if (event.seq <= transcript.seq) return { transcript, gap: false };
  if (event.seq > transcript.seq + 1) return { transcript, gap: true };
  return { transcript: { ...reduce(transcript, event), seq: event.seq }, gap: false };
}

function reduce(transcript: Transcript, event: RunEvent): Transcript {
  switch (event.type) {
    case "step-started":
      return { ...transcript, status: "running", isWaitingForModel: false };
    case "model-waiting":
      return { ...transcript, open: undefined, isWaitingForModel: true };
    case "step-reset":
      return { ...transcript, open: undefined, blocks: transcript.blocks.filter(({ step }) => step !== event.step) };
    case "block-finished": {
      const seen: SeenBlock = { ...event.block, step: event.step };
      const known = transcript.blocks.some(({ id }) => id === seen.id);
      const blocks = known
        ? transcript.blocks.map((block) => (block.id === seen.id ? seen : block))
        : [...transcript.blocks, seen];
      return { ...transcript, blocks, open: transcript.open?.block === seen.id ? undefined : transcript.open };
    }
    case "approval-requested":
      return {
        ...transcript,
        status: "waiting",
        open: undefined,
        approvals: [...transcript.approvals, event.approval],
      };
    case "approval-answered":
      return {
        ...transcript,
        status: "running",
        approvals: transcript.approvals.map((approval) =>
          approval.id === event.approvalId ? { ...approval, answer: event.answer } : approval,
        ),
      };
    case "step-finished":
      return { ...transcript, open: undefined, cost: event.cost, context: event.context ?? transcript.context };
    case "run-finished":
      return { ...transcript, open: undefined, status: event.status, error: event.error, cost: event.cost };
    case "run-started":
      return transcript;
  }
}

export function applyDelta(transcript: Transcript, delta: Delta): Applied {
  const isOver = ["completed", "cancelled", "failed"].includes(transcript.status);
  if (isOver || transcript.blocks.some(({ id }) => id === delta.block)) return { transcript, gap: false };
  const { open } = transcript;
  const before = open?.block === delta.block ? open.text : "";
  if (delta.offset > before.length) return { transcript, gap: true };
  const text = before.length >= delta.offset + delta.text.length ? before : before.slice(0, delta.offset) + delta.text;
  return {
    transcript: {
      ...transcript,
      open: { block: delta.block, kind: delta.kind, tool: delta.tool, title: delta.title, text },
    },
    gap: false,
  };
}
