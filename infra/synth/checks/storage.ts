import { blobsSpec, tableSpec } from "@slipway/manifest";
import { ofType } from "../policies.ts";
import type { Synth } from "../synth.ts";
import { buckets, tables, first, type Check } from "./check.ts";

const isProduction = (synth: Synth) => synth.app.stage === "production";

/** Prefixes of what may go: none holds a file of a project. */
const expiring: readonly string[] = [blobsSpec.unused, blobsSpec.snapshots];

export const ofStorage: readonly Check[] = [
  {
    name: "the table has the manifest's keys and indexes",
    find: (synth) =>
      tables(synth).length === 1
        ? tables(synth).flatMap(({ inputs }) => {
            const indexes = (
              inputs.globalSecondaryIndexes as {
                name: string;
                hashKey: string;
                rangeKey: string;
                projectionType: string;
              }[]
            ).map(({ name, hashKey, rangeKey, projectionType }) => [name, hashKey, rangeKey, projectionType].join());
            const wanted = Object.entries(tableSpec.indexes).map(([name, { hashKey, rangeKey }]) =>
              [name, hashKey, rangeKey, "ALL"].join(),
            );
            const same =
              inputs.hashKey === tableSpec.hashKey &&
              inputs.rangeKey === tableSpec.rangeKey &&
              indexes.join(" ") === wanted.join(" ");
            return same ? [] : [`it has ${indexes.join(" ")}`];
          })
        : [`there are ${tables(synth).length} tables`],
    plant: (synth) => (first(tables(synth)).rangeKey = "id"),
  },
  {
    name: "the table can be restored to any second of the last 35 days",
    find: (synth) =>
      tables(synth)
        .filter(({ inputs }) => !(inputs.pointInTimeRecovery as { enabled?: boolean }).enabled)
        .map(({ name }) => name),
    plant: (synth) => (first(tables(synth)).pointInTimeRecovery = { enabled: false }),
  },
  {
    name: "expired rows are removed",
    find: (synth) =>
      tables(synth)
        .filter(({ inputs }) => {
          const { attributeName, enabled } = (inputs.ttl ?? {}) as { attributeName?: string; enabled?: boolean };
          return attributeName !== tableSpec.ttl || !enabled;
        })
        .map(({ name }) => name),
    plant: (synth) => (first(tables(synth)).ttl = { attributeName: "ttl", enabled: true }),
  },
  {
    name: "in production the table cannot be deleted",
    find: (synth) =>
      isProduction(synth)
        ? tables(synth)
            .filter(({ inputs }) => inputs.deletionProtectionEnabled !== true)
            .map(({ name }) => name)
        : [],
    plant: (synth) => (first(tables(synth)).deletionProtectionEnabled = false),
  },
  {
    name: "production is protected, and keeps its data when removed",
    find: (synth) => {
      const { protect, removal } = synth.app;
      const wanted = isProduction(synth);
      return protect === wanted && removal === (wanted ? "retain" : "remove")
        ? []
        : [`protect ${String(protect)}, ${removal}`];
    },
    plant: (synth) => (synth.app.protect = !synth.app.protect),
  },
  {
    name: "production never empties the bucket with people's files",
    find: (synth) =>
      isProduction(synth) &&
      buckets(synth).some(({ name, inputs }) => name.startsWith("Blobs") && inputs.forceDestroy !== false)
        ? ["forceDestroy is not false"]
        : [],
    plant: (synth) => (first(buckets(synth), "Blobs").forceDestroy = true),
  },
  {
    name: "every bucket blocks public access",
    find: (synth) =>
      buckets(synth).flatMap(({ name }) => {
        const block = ofType(synth, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").find((one) =>
          String(one.inputs.bucket).startsWith(name.toLowerCase()),
        );
        const closed = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].every(
          (key) => block?.inputs[key] === true,
        );
        return closed ? [] : [name];
      }),
    plant: (synth) =>
      (first(ofType(synth, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"), "Blobs").blockPublicPolicy =
        false),
  },
  {
    name: "every bucket refuses plain HTTP",
    find: (synth) =>
      buckets(synth).flatMap(({ name }) => {
        const policy = ofType(synth, "aws:s3/bucketPolicy:BucketPolicy").find((one) =>
          String(one.inputs.bucket).startsWith(name.toLowerCase()),
        );
        return /"Deny".*"aws:SecureTransport":\["false"\]/.test(String(policy?.inputs.policy)) ? [] : [name];
      }),
    plant: (synth) => {
      const policy = first(ofType(synth, "aws:s3/bucketPolicy:BucketPolicy"), "Blobs");
      policy.policy = String(policy.policy).replace("SecureTransport", "Other");
    },
  },
  {
    name: "only the deployment's own origin may use the bucket from a browser",
    find: (synth) => {
      const url = synth.builds.find(({ links }) => links.Settings)?.links.Settings?.url;
      return ofType(synth, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration").flatMap(({ name, inputs }) =>
        (inputs.corsRules as { allowedOrigins: string[] }[]).every(
          ({ allowedOrigins }) => allowedOrigins.join() === url,
        )
          ? []
          : [name],
      );
    },
    plant: (synth) => {
      const rules = first(ofType(synth, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration")).corsRules as {
        allowedOrigins: string[];
      }[];
      for (const rule of rules) rule.allowedOrigins = ["*"];
    },
  },
  {
    name: "unfinished and unused uploads and old snapshots of sandboxes expire, and nothing else does",
    find: (synth) => {
      const rules = ofType(synth, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").flatMap(
        ({ inputs }) =>
          inputs.rules as {
            filter: { prefix?: string };
            expiration?: object;
            abortIncompleteMultipartUpload?: object;
          }[],
      );
      return [
        ...(rules.some(({ filter, expiration }) => filter.prefix === blobsSpec.unused && expiration)
          ? []
          : ["unused uploads stay"]),
        ...(rules.some(({ abortIncompleteMultipartUpload }) => abortIncompleteMultipartUpload)
          ? []
          : ["unfinished uploads stay"]),
        // Any other expiring object is a person's file.
        ...rules
          .filter(({ filter, expiration }) => expiration && !expiring.includes(filter.prefix ?? ""))
          .map(() => "files expire"),
      ];
    },
    plant: (synth) => {
      const rules = first(ofType(synth, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")).rules as {
        filter: { prefix?: string };
      }[];
      for (const rule of rules) if (rule.filter.prefix) rule.filter.prefix = "files/";
    },
  },
];
