import "./boundary.ts";
import { stage } from "./stage-context.ts";

sst.Linkable.wrap(sst.aws.ApiGatewayWebSocket, (linked) => ({
  properties: { url: linked.url, managementEndpoint: linked.managementEndpoint },
}));

/** Streams to browsers. Its routes are in `socket.ts`, because they need the function, and the function needs this. */
export const socket = new sst.aws.ApiGatewayWebSocket("Socket", {
  accessLog: { retention: stage.logRetention },
  transform: { stage: { defaultRouteSettings: { throttlingBurstLimit: 500, throttlingRateLimit: 1000 } } },
});
