import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { resource } from "../config/config.ts";

/** The client of the socket's gateway, for `system.ts`. */

/** Milliseconds after which a socket that takes nothing has missed the message. */
const postTime = 5000;

let client: ApiGatewayManagementApiClient | undefined;

function gateway(): ApiGatewayManagementApiClient {
  client ??= new ApiGatewayManagementApiClient({ endpoint: resource("Socket").managementEndpoint, maxAttempts: 2 });
  return client;
}

/** False if the connection is gone. */
export function post(connectionID: string, text: string): Promise<boolean> {
  const command = new PostToConnectionCommand({ ConnectionId: connectionID, Data: text });
  return unlessGone(gateway().send(command, { abortSignal: AbortSignal.timeout(postTime) }));
}

export async function disconnect(connectionID: string): Promise<void> {
  await unlessGone(gateway().send(new DeleteConnectionCommand({ ConnectionId: connectionID })));
}

async function unlessGone(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof GoneException) return false;
    throw error;
  }
}
