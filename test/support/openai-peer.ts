import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** An OpenAI-compatible server, like Ollama, whose answers a test scripts. */

export interface PeerRequest {
  model: string;
  messages: { role: string; content: unknown; tool_calls?: { id: string }[]; tool_call_id?: string }[];
  tools?: { function: { name: string } }[];
  authorization: string | undefined;
}
export interface PeerAnswer {
  text?: string;
  reasoning?: string;
  tools?: { name: string; input: unknown }[];
  /** Milliseconds between chunks. */
  pace?: number;
  status?: number;
  /** Sent verbatim instead of all that. */
  raw?: { body: string; type?: string; status?: number; headers?: Record<string, string>; isCut?: boolean };
  /** Splits every event into chunks of this many bytes, to test the reader. */
  cut?: number;
}
export interface Peer {
  url: string;
  requests: PeerRequest[];
  close(): Promise<void>;
}

export async function startPeer(answer: (request: PeerRequest) => PeerAnswer): Promise<Peer> {
  const requests: PeerRequest[] = [];
  const server: Server = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const parsed = { ...(JSON.parse(body) as PeerRequest), authorization: request.headers.authorization };
      requests.push(parsed);
      const said = answer(parsed);
      if (said.raw) {
        const { body: sent, type = "text/event-stream", status = 200, headers = {}, isCut } = said.raw;
        response.writeHead(status, { "content-type": type, ...headers });
        if (!isCut) return void response.end(sent);
        response.write(sent, () => response.destroy());
        return;
      }
      if (said.status) {
        response.writeHead(said.status, { "content-type": "application/json" });
        response.end(JSON.stringify({ error: { message: `refused with ${said.status}` } }));
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const send = async (event: unknown) => {
        const bytes = Buffer.from(`data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`);
        const size = said.cut ?? bytes.length;
        for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
          response.write(bytes.subarray(at, at + size));
          if (said.cut) await sleep(1);
        }
      };
      const delta = (fields: unknown) => ({
        id: "x",
        object: "chat.completion.chunk",
        choices: [{ index: 0, delta: fields }],
      });
      if (said.reasoning) await send(delta({ reasoning_content: said.reasoning }));
      for (const word of (said.text ?? "").split(/(?<= )/)) {
        if (response.destroyed) return;
        if (said.pace) await sleep(said.pace);
        if (word !== "") await send(delta({ content: word }));
      }
      for (const [index, tool] of (said.tools ?? []).entries()) {
        const [name, input] = [tool.name, JSON.stringify(tool.input)];
        const half = Math.floor(input.length / 2);
        await send(
          delta({
            tool_calls: [
              {
                index,
                id: `call_${requests.length}_${index}`,
                type: "function",
                function: { name, arguments: input.slice(0, half) },
              },
            ],
          }),
        );
        await send(delta({ tool_calls: [{ index, function: { arguments: input.slice(half) } }] }));
      }
      await send({ choices: [{ index: 0, delta: {}, finish_reason: said.tools?.length ? "tool_calls" : "stop" }] });
      await send({ choices: [], usage: { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150 } });
      await send("[DONE]");
      response.end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Assistant messages since the newest user message. */
export function stepsTaken(request: PeerRequest): number {
  const last = request.messages.findLastIndex(({ role }) => role === "user");
  return request.messages.slice(last).filter(({ role }) => role === "assistant").length;
}

export function isTitle(request: PeerRequest): boolean {
  return request.messages.some(
    ({ role, content }) => role === "system" && String(content).includes("title of 3 to 6 words"),
  );
}
