import "./boundary.ts";
import { named, stage } from "./stage-context.ts";

/** Every error status whose caching CloudFront lets us set. */
export const errorCodes = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** HSTS belongs on every response, assets and API included; the pages' own policy is set where they are rendered. */
export const headers = new aws.cloudfront.ResponseHeadersPolicy("Headers", {
  name: named("headers"),
  securityHeadersConfig: {
    strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, includeSubdomains: false, override: true },
    contentTypeOptions: { override: true },
  },
});

type Transform = NonNullable<ConstructorParameters<typeof sst.aws.Router>[1]>["transform"];

/** What both distributions have in common. */
export const transform: Transform = {
  cdn: (cdn) => {
    // By default CloudFront serves an error for 10 s to everyone who asks for the same URL, whatever its cache-control
    // says. Without a response page the API's own body still reaches the browser.
    cdn.customErrorResponses = errorCodes.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 }));
    cdn.defaultCacheBehavior = $output(cdn.defaultCacheBehavior).apply((behavior) => ({
      ...behavior,
      responseHeadersPolicyId: headers.id,
    }));
  },
};

/** The single origin for pages and API. The socket has its own address. */
export const router = new sst.aws.Router("Router", {
  ...(stage.domain === undefined
    ? {}
    : { domain: stage.certificate ? { name: stage.domain, dns: false, cert: stage.certificate } : stage.domain }),
  transform,
});

/** Where `sst dev` serves the pages: on the developer's machine, in front of this stage's API. */
const developmentOrigin = "http://localhost:3000";

/** The one origin that a browser sees. */
export const origin = $dev ? developmentOrigin : router.url;
