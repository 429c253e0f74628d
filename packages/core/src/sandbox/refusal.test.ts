import { expect, test } from "vitest";
import { inWords, refusalFor, refusalOf } from "./refusal.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

test("a lack of room passes by itself; what needs a change says whom to ask", () => {
  for (const refusal of [
    refusalOf(named("ClientException", "Capacity is unavailable at this time. Please try again later.")),
    refusalOf(named("ClientException", "You've reached the limit on the number of tasks you can run concurrently")),
    refusalOf(named("ThrottlingException", "Rate exceeded")),
    refusalOf(named("ServerException", "Service Unavailable")),
    refusalFor("RESOURCE:ENI"),
  ])
    expect(refusal).toMatchObject({ code: "busy", message: expect.stringContaining("tried again") });
  for (const refusal of [
    refusalOf(named("ClientException", "TaskDefinition is inactive")),
    refusalOf(named("AccessDeniedException", "not authorized to perform: ecs:RunTask")),
    refusalFor("MISSING"),
  ])
    expect(refusal).toMatchObject({ code: "unavailable", message: expect.stringContaining("Ask its administrator") });
  expect(refusalOf(named("TimeoutError", "socket hang up"))).toBeUndefined();
});

test("a task that ended before it answered says what to do next", () => {
  expect(inWords("CannotPullContainerError: pull image manifest has been retried 1 time(s): not found")).toContain(
    "Ask its administrator",
  );
  expect(inWords("Capacity is unavailable at this time.")).toContain("Start it again in a few minutes");
  expect(inWords("ResourceInitializationError: failed to download env files")).toMatch(/Start it again\.$/);
  for (const own of [
    "Sandboxes need bubblewrap on this machine.",
    "Docker could not build the image of sandboxes (docker.io/library/node: not found). It tries again.",
    "Error: no capacity left in the queue",
  ])
    expect(inWords(own)).toBe(own);
});
