import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { signIn, type Client, type Person } from "./client.ts";
import { cloudWith, isTitle, speak, stepsTaken, type Cloud, type Said } from "./cloud.ts";

/** A model that makes the steps of a test, and all that it was sent, but for titles. Each test begins without either. */
export interface Scripted {
  readonly cloud: Cloud;
  /** The person that the tests of the file begin with. */
  readonly client: Client;
  requests: ConverseRequest[];
  /** What the model says in the steps of a run; then it is done. */
  steps: Said[];
}

/** The product on a local cloud, for the tests of a file. `play` answers what is no step of a run. */
export function startScripted(
  person: Person,
  options: Parameters<typeof cloudWith>[0] = {},
  play: (request: ConverseRequest) => AsyncIterable<ModelEvent> | undefined = () => undefined,
): Scripted {
  let started: { cloud: Cloud & { remove(): Promise<void> }; client: Client } | undefined;
  const now = () => {
    if (started === undefined) throw new Error("The cloud has not started.");
    return started;
  };
  const scripted: Scripted = {
    get cloud() {
      return now().cloud;
    },
    get client() {
      return now().client;
    },
    requests: [],
    steps: [],
  };
  beforeAll(async () => {
    const cloud = await cloudWith({
      planLimits: { free: 100, pro: 100 },
      ...options,
      script(request) {
        if (isTitle(request)) return speak({ text: "A title" });
        scripted.requests.push(structuredClone(request));
        return play(request) ?? speak(scripted.steps[stepsTaken(request)] ?? { text: "Done." });
      },
    });
    started = { cloud, client: await signIn(cloud.url, person) };
  });
  afterAll(() => started?.cloud.remove());
  beforeEach(() => Object.assign(scripted, { requests: [], steps: [] }));
  return scripted;
}
