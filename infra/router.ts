import "./boundary.ts";
import { stage } from "./here.ts";

/** The one public origin: pages and API. The socket has an address of its own. */
export const router = new sst.aws.Router(
  "Router",
  stage.domain === undefined
    ? {}
    : { domain: stage.certificate ? { name: stage.domain, dns: false, cert: stage.certificate } : stage.domain },
);
