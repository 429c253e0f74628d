import { ofType } from "../policies.ts";
import { dynamic, first, type Check } from "./check.ts";

export const ofPages: readonly Check[] = [
  {
    name: "hashed assets are kept for a year, and everything else is asked for anew",
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
    name: "how the pages were built is not published",
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
    name: "browsers come over HTTPS, and no page of one person is kept for another",
    find: (synth) => [
      ...ofType(synth, "aws:cloudfront/distribution:Distribution")
        .filter(
          ({ inputs }) =>
            (inputs.defaultCacheBehavior as { viewerProtocolPolicy: string }).viewerProtocolPolicy !==
            "redirect-to-https",
        )
        .map(({ name }) => `${name} answers without`),
      // Cookies are no part of the key, so nothing may be kept by itself.
      ...ofType(synth, "aws:cloudfront/cachePolicy:CachePolicy")
        .filter(({ inputs }) => inputs.defaultTtl !== 0 || inputs.minTtl !== 0)
        .map(({ name }) => `${name} keeps pages`),
    ],
    plant: (synth) => (first(ofType(synth, "aws:cloudfront/cachePolicy:CachePolicy")).defaultTtl = 60),
  },
];
