import { socketRoutes } from "@slipway/manifest";
import { functions } from "./functions.ts";
import { socket } from "./socket-api.ts";

for (const [route, name] of Object.entries(socketRoutes)) socket.route(route, functions[name].arn);

export { socket };
