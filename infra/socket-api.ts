import "./boundary.ts";
import { stage } from "./here.ts";

sst.Linkable.wrap(sst.aws.ApiGatewayWebSocket, (linked) => ({
  properties: { url: linked.url, managementEndpoint: linked.managementEndpoint },
}));

/** What streams to browsers. Its routes are in `socket.ts`, for they need the function and the function needs this. */
export const socket = new sst.aws.ApiGatewayWebSocket("Socket", {
  accessLog: { retention: stage.logRetention },
  transform: { stage: { defaultRouteSettings: { throttlingBurstLimit: 500, throttlingRateLimit: 1000 } } },
});
