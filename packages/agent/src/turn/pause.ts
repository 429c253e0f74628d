import type { NewRunEvent } from "@slipway/contract/run";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import { recordAnswers } from "./ask.ts";
import { maxRepeats, repeatsOf } from "./repetition.ts";

/** Questions of the run itself, between its steps: whether it is to go on. */

interface Question {
  /** The same for the same question, so that it is asked once. */
  id: string;
  title: string;
  reason: string;
  /** What the run ends with unless the answer is yes. */
  end: { code: string; message: string };
}

export type Pause = { kind: "none" | "asked" } | { kind: "ends"; code: string; message: string };

/** Asks what is to be asked before the next step. @throws LeaseLost */
export async function pauseFor(
  lease: Lease,
  { made, costLimit }: { made: readonly string[]; costLimit: number },
): Promise<Pause> {
  const { run } = lease;
  const repeats = repeatsOf(made, { longestRound: 1 });
  const isStuck = repeats > 0 && repeats % maxRepeats.asked === 0;
  if (!isStuck && (costLimit === 0 || run.cost < costLimit)) return { kind: "none" };
  const approvals = await Run.approvals(run.runID);
  await recordAnswers(lease, approvals);
  const answers = new Map(approvals.map(({ toolCallId, answer }) => [toolCallId, answer]));
  const questions = [
    ...(isStuck ? [sameCall(run.step, repeats)] : []),
    ...(costLimit === 0 ? [] : [overLimit(run.cost, costLimit, (id) => answers.get(id) === "allow")]),
  ].filter((question) => question !== undefined);
  for (const question of questions) {
    const answer = answers.get(question.id);
    if (answer === "allow") continue;
    if (answer !== undefined) return { kind: "ends", ...question.end };
    await ask(lease, question);
    return { kind: "asked" };
  }
  return { kind: "none" };
}

function sameCall(step: number, repeats: number): Question {
  return {
    id: `same-call-${step}`,
    title: "Go on?",
    reason: `The agent has made the same call ${repeats} times in a row, with the same result.`,
    end: {
      code: "repeated_calls",
      message: "Stopped: the agent kept making the same call. Say what it should do instead.",
    },
  };
}

/** The first limit that is passed and not raised. Each one that is raised doubles. */
function overLimit(cost: number, limit: number, isRaised: (id: string) => boolean): Question | undefined {
  for (let raised = 0, at = limit; cost >= at; raised++, at *= 2) {
    const id = `cost-limit-${raised}`;
    if (isRaised(id)) continue;
    return {
      id,
      title: `Raise the limit to ${dollars(at * 2)} and go on?`,
      reason: `This run has cost ${dollars(cost)}. The project's limit for a run is ${dollars(limit)}.`,
      end: { code: "cost_limit", message: `Stopped at the cost limit, after ${dollars(cost)}.` },
    };
  }
  return undefined;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

async function ask(lease: Lease, { id, title, reason }: Question): Promise<void> {
  const { approval, items } = Run.newApproval(lease.run, {
    callID: id,
    tool: "go_on",
    title,
    reason,
    input: {},
    // Only for once: there is no rule for it.
    patterns: [],
  });
  const event: NewRunEvent = { type: "approval-requested", step: lease.run.step, approval };
  await lease.append([event], { items, set: { status: "waiting" } });
  await Run.announceInbox(lease.run.userID);
}
