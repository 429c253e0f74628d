import { join } from "node:path";
import { socketProtocol, tokenProtocolPrefix } from "@slipway/contract/sandbox";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { collect, projectID, startRunner } from "../support/runner.ts";

test("the bundled runner runs commands and opens terminals", async () => {
  const runner = await startRunner({}, { entry: join(import.meta.dirname, "../../.build/sandbox/runner.mjs") });
  try {
    const session = runner.control.project(projectID);
    await session.open({});
    expect((await collect(session.exec({ call: "a", command: "echo it runs" }))).text).toBe("it runs\n");
    const token = runner.token({ scope: "terminal" });
    const protocols = [socketProtocol, `${tokenProtocolPrefix}${token}`];
    const socket = new WebSocket(`${runner.url.replace("http", "ws")}/terminal?id=t`, protocols);
    let text = "";
    socket.on("message", (data, isBinary) => (text += isBinary ? String(data) : ""));
    socket.on("open", () => socket.send(JSON.stringify({ type: "input", data: "echo to''gether\n" })));
    await expect.poll(() => text).toContain("together");
    socket.terminate();
  } finally {
    await runner.stop();
  }
});
