import { expect, test } from "vitest";
import { startServices, type Service, type Site } from "./service.ts";

/** Starting and closing are the only logic of the fold; the services themselves are tested where they are. */

// None of these services asks for anything of the site.
const site = {} as Site;

function recorded(name: string, calls: string[], fails = false): Service<Record<string, string>> {
  return {
    start() {
      calls.push(`start ${name}`);
      if (fails) throw new Error(`${name} is broken`);
      return {
        endpoints: { [`AWS_ENDPOINT_URL_${name}`]: `http://${name}` },
        links: { Table: name },
        controls: { [name]: name },
        resume: () => void calls.push(`resume ${name}`),
        close: () => void calls.push(`close ${name}`),
      };
    },
  };
}

test("starts in order, folds what each offers, closes in reverse", async () => {
  const calls: string[] = [];
  const services = await startServices([recorded("A", calls), recorded("B", calls)], site);
  expect(services.offer).toEqual({
    endpoints: { AWS_ENDPOINT_URL_A: "http://A", AWS_ENDPOINT_URL_B: "http://B" },
    links: { Table: "B" },
  });
  expect(services.controls).toEqual({ A: "A", B: "B" });
  services.resume();
  await services[Symbol.asyncDispose]();
  expect(calls).toEqual(["start A", "start B", "resume A", "resume B", "close B", "close A"]);
});

test("closes what has started when a later service cannot start", async () => {
  const calls: string[] = [];
  const starting = startServices([recorded("A", calls), recorded("B", calls, true), recorded("C", calls)], site);
  await expect(starting).rejects.toThrow("B is broken");
  expect(calls).toEqual(["start A", "start B", "close A"]);
});
