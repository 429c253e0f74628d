import { VisibleError } from "@slipway/contract/error";
import { ClientMessage } from "@slipway/contract/socket";
import { resource } from "@slipway/core/config";
import * as Connections from "@slipway/core/connection/system";
import * as FileStore from "@slipway/core/file/system";
import * as Log from "@slipway/core/log";
import * as Login from "@slipway/core/login";
import { authorise } from "@slipway/core/member";
import * as Ticket from "@slipway/core/ticket";
import { z } from "zod";

/** The socket's Lambda: `$connect` with a ticket, `$default` with a message, `$disconnect`. */

const Event = z.object({
  requestContext: z.object({ routeKey: z.string(), connectionId: z.string() }),
  headers: z.record(z.string(), z.string()).default({}),
  queryStringParameters: z.record(z.string(), z.string()).nullish(),
  body: z.string().nullish(),
});

export async function handler(raw: unknown): Promise<{ statusCode: number }> {
  const event = Event.parse(raw);
  const { routeKey, connectionId } = event.requestContext;
  if (routeKey === "$connect")
    return { statusCode: await connect(connectionId, event.headers, event.queryStringParameters?.ticket) };
  if (routeKey === "$disconnect") await Connections.close(connectionId);
  else await receive(connectionId, event.body ?? "");
  return { statusCode: 200 };
}

async function connect(
  connectionID: string,
  headers: Record<string, string>,
  ticket: string | undefined,
): Promise<number> {
  const origin = Object.entries(headers).find(([name]) => name.toLowerCase() === "origin")?.[1];
  if (origin !== resource("Settings").url) return 403;
  const login = ticket === undefined ? undefined : await Ticket.redeem(ticket);
  if (login === undefined) return 401;
  await Connections.open(connectionID, login);
  // After the row is written: a sign-out either finds the row or is found here.
  if ((await Login.userOf(login)) !== undefined) return 200;
  await Connections.close(connectionID);
  return 401;
}

async function receive(connectionID: string, body: string): Promise<void> {
  try {
    const message = parse(body);
    // Pings check too: a pong proves that the connection is still registered for pushes.
    const userID = await Connections.owner(connectionID);
    if (userID === undefined) throw new VisibleError("not_signed_in", "You've been signed out. Sign in again.");
    if (message.type === "ping") return await Connections.send(connectionID, { type: "pong" });
    if (message.type === "unsubscribe") return await Connections.follow(connectionID, undefined);
    const { projectId } = message;
    await authorise({ userID }, "read", projectId);
    await Connections.follow(connectionID, projectId);
    const { rev } = await FileStore.head(projectId);
    await Connections.send(connectionID, { type: "subscribed", projectId, rev });
  } catch (error) {
    if (!(error instanceof VisibleError)) {
      Log.error("socket-failed", error, { connectionID });
      return Connections.send(connectionID, {
        type: "error",
        code: "internal",
        message: "Something went wrong. Try again.",
      });
    }
    await Connections.send(connectionID, { type: "error", code: error.code, message: error.message });
  }
}

function parse(body: string): ClientMessage {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new VisibleError("invalid_json", "The message is not JSON.", {}, error);
  }
  const parsed = ClientMessage.safeParse(json);
  if (!parsed.success) throw new VisibleError("invalid_input", "The socket does not know this message.");
  return parsed.data;
}
