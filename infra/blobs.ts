import { blobsSpec } from "@slipway/manifest";
import { origin } from "./router.ts";
import { stage } from "./stage-context.ts";

// `origin` is where presigned URLs lead: the page's policy allows it and no other bucket.
sst.Linkable.wrap(sst.aws.Bucket, (linked) => ({
  properties: { name: linked.name, origin: $interpolate`https://${linked.nodes.bucket.bucketRegionalDomainName}` },
}));

/** Binary and large contents, steps of runs, archives. Private; browsers use presigned URLs. */
export const blobs = new sst.aws.Bucket("Blobs", {
  cors: {
    allowOrigins: [origin],
    allowMethods: [...blobsSpec.cors.methods],
    allowHeaders: [...blobsSpec.cors.headers],
    exposeHeaders: [...blobsSpec.cors.exposed],
    maxAge: "1 hour",
  },
  // Uploads that never became a file.
  lifecycle: [
    { id: "uploads", prefix: blobsSpec.unused, expiresIn: "2 days" },
    // What a sandbox had installed: nobody has started it for a month.
    { id: "snapshots", prefix: blobsSpec.snapshots, expiresIn: "30 days" },
  ],
  transform: {
    bucket: { forceDestroy: !stage.retain },
    lifecycle: (lifecycle) => {
      lifecycle.rules = $output(lifecycle.rules).apply((rules) => [
        ...(rules ?? []),
        { id: "unfinished", status: "Enabled", filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } },
      ]);
    },
  },
});
