import { stage } from "./stage-context.ts";
import { transform } from "./router.ts";

const domain = stage.previewDomain;

/**
 * The origins of previews: each a host below the team's preview domain. Without such a domain all previews share
 * CloudFront's own host, where a page is confined to an opaque origin (`functions/preview`).
 */
export const previewRouter = new sst.aws.Router("Preview", {
  ...(domain === undefined
    ? {}
    : {
        domain: {
          name: domain,
          aliases: [`*.${domain}`],
          ...(stage.previewCertificate ? { dns: false as const, cert: stage.previewCertificate } : {}),
        },
      }),
  transform,
});

/** Where previews are served; `*` stands for one preview's label. */
export const previewOrigin = domain === undefined ? previewRouter.url : `https://*.${domain}`;
