import { ofType } from "../policies.ts";
import type { Synth } from "../synth.ts";
import { buckets, dynamic, first, type Check } from "./check.ts";

const distributions = (synth: Synth) => ofType(synth, "aws:cloudfront/distribution:Distribution");

interface ErrorResponse {
  errorCode: number;
  errorCachingMinTtl?: number;
  responsePagePath?: string;
  responseCode?: number;
}

export const ofPages: readonly Check[] = [
  {
    name: "CloudFront caches no error",
    find: (synth) =>
      distributions(synth).flatMap(({ inputs }) => {
        const responses = (inputs.customErrorResponses ?? []) as ErrorResponse[];
        return [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]
          .filter((code) => responses.find(({ errorCode }) => errorCode === code)?.errorCachingMinTtl !== 0)
          .map((code) => `${code} is cached`);
      }),
    plant: (synth) => {
      const responses = first(distributions(synth)).customErrorResponses as ErrorResponse[];
      for (const response of responses) if (response.errorCode === 503) response.errorCachingMinTtl = 10;
    },
  },
  {
    name: "no error page replaces the body of an error",
    find: (synth) =>
      distributions(synth).flatMap(({ inputs }) =>
        ((inputs.customErrorResponses ?? []) as ErrorResponse[])
          .filter(({ responsePagePath, responseCode }) => responsePagePath !== undefined || responseCode !== undefined)
          .map(({ errorCode }) => `the body of ${errorCode} is replaced`),
      ),
    plant: (synth) => {
      const [response] = first(distributions(synth)).customErrorResponses as ErrorResponse[];
      if (response) Object.assign(response, { responsePagePath: "/error.html", responseCode: 200 });
    },
  },
  {
    name: "every response tells browsers to stay on HTTPS for a year",
    find: (synth) =>
      distributions(synth).flatMap(({ name, inputs }) => {
        const { responseHeadersPolicyId } = inputs.defaultCacheBehavior as { responseHeadersPolicyId?: string };
        const policy = ofType(synth, "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy").find(
          (one) => `${one.name}-id` === responseHeadersPolicyId,
        );
        const { strictTransportSecurity } = (policy?.inputs.securityHeadersConfig ?? {}) as {
          strictTransportSecurity?: { accessControlMaxAgeSec: number };
        };
        return (strictTransportSecurity?.accessControlMaxAgeSec ?? 0) >= 31_536_000 ? [] : [name];
      }),
    plant: (synth) =>
      delete (first(distributions(synth)).defaultCacheBehavior as Record<string, unknown>).responseHeadersPolicyId,
  },
  {
    name: "the pages know the exact origins of bucket and socket, for their content security policy",
    find: (synth) => {
      const links = synth.builds.find(({ bundle }) => bundle.startsWith("web/"))?.links;
      const bucket =
        buckets(synth)
          .find(({ name }) => name.startsWith("Blobs"))
          ?.name.toLowerCase() ?? "";
      return [
        ...(String(links?.Blobs?.origin).startsWith(`https://${bucket}.s3.`) ? [] : ["they do not know the bucket's"]),
        ...(/^wss:\/\/[\w-]+\.execute-api\./.test(String(links?.Socket?.url)) ? [] : ["they do not know the socket's"]),
      ];
    },
    plant: (synth) => {
      const blobs = synth.builds.find(({ bundle }) => bundle.startsWith("web/"))?.links.Blobs;
      if (blobs) blobs.origin = "https://*.amazonaws.com";
    },
  },
  {
    name: "hashed assets are cached for a year, everything else is revalidated",
    find: (synth) =>
      dynamic(synth, "BucketFiles").flatMap(({ inputs }) => {
        const files = inputs.files as { key: string; cacheControl: string }[];
        if (files.length < 10) return ["there are no assets"];
        return files
          .filter(
            ({ key, cacheControl }) =>
              cacheControl.includes("immutable") !== /^_build\/assets\/.*-[\w-]{8}\./.test(key),
          )
          .map(({ key }) => key);
      }),
    plant: (synth) => {
      const [file] = first(dynamic(synth, "BucketFiles")).files as { cacheControl: string }[];
      if (file) file.cacheControl = "public,max-age=0";
    },
  },
  {
    name: "build manifests and source maps are not published",
    find: (synth) =>
      dynamic(synth, "BucketFiles").flatMap(({ inputs }) =>
        (inputs.files as { key: string }[]).map(({ key }) => key).filter((key) => /(^|\/)\.|\.map$/.test(key)),
      ),
    plant: (synth) =>
      (first(dynamic(synth, "BucketFiles")).files as { key: string; cacheControl: string }[]).push({
        key: ".vite/manifest.json",
        cacheControl: "",
      }),
  },
  {
    name: "browsers use HTTPS, and no page is cached across people",
    find: (synth) => [
      ...ofType(synth, "aws:cloudfront/distribution:Distribution")
        .filter(
          ({ inputs }) =>
            (inputs.defaultCacheBehavior as { viewerProtocolPolicy: string }).viewerProtocolPolicy !==
            "redirect-to-https",
        )
        .map(({ name }) => `${name} serves plain HTTP`),
      // Cookies are not part of the cache key, so nothing may be cached by default.
      ...ofType(synth, "aws:cloudfront/cachePolicy:CachePolicy")
        .filter(({ inputs }) => inputs.defaultTtl !== 0 || inputs.minTtl !== 0)
        .map(({ name }) => `${name} caches pages`),
    ],
    plant: (synth) => (first(ofType(synth, "aws:cloudfront/cachePolicy:CachePolicy")).defaultTtl = 60),
  },
];
