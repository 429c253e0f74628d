import "./boundary.ts";
import { stage } from "./here.ts";

/** The one way in: pages and API. The socket has an address of its own. */
export const router = new sst.aws.Router(
  "Router",
  stage.domain === undefined
    ? {}
    : { domain: stage.certificate ? { name: stage.domain, dns: false, cert: stage.certificate } : stage.domain },
);

/** Where `sst dev` shows the pages: on the developer's machine, in front of this stage's API. */
const developmentOrigin = "http://localhost:3000";

/** The one origin of everything that a browser sees. */
export const origin = $dev ? developmentOrigin : router.url;
