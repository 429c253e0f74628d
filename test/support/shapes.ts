import { createHash } from "node:crypto";
import type { SeedFile } from "./git.ts";

/** Incompressible bytes, the same every time. */
export function noise(length: number, seed = "noise"): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  for (let at = 0; size < length; at++) {
    const part = createHash("sha512").update(`${seed} ${at}`).digest();
    parts.push(part);
    size += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** One of each unusual kind of repository entry. */
export const oddFiles: SeedFile[] = [
  { path: "README.md", data: "# Odd\n" },
  { path: "empty", data: "" },
  { path: "crlf.txt", data: "one\r\ntwo\r\n" },
  { path: "mixed.txt", data: "one\r\ntwo\nthree\r" },
  { path: "no-newline", data: "end" },
  { path: "bom.txt", data: "\uFEFFwith a mark\n" },
  { path: "latin1.txt", data: Buffer.from("caf\xe9\n", "latin1") },
  { path: "utf16.txt", data: Buffer.from("\uFEFFwide", "utf16le") },
  { path: "nul.bin", data: Buffer.from([0, 1, 2, 0xff]) },
  { path: "run.sh", data: "#!/bin/sh\necho hi\n", mode: "100755" },
  { path: "sp ace/ünï/日本語 🚀.md", data: "names\n" },
  { path: "-dash", data: "x" },
  { path: "quote'\"$`.txt", data: "x" },
  { path: "a/Case.txt", data: "upper\n" },
  { path: "a/case.txt", data: "lower\n" },
  { path: "a-b", data: "sorts before a/" },
  { path: "a.b", data: "sorts before a/" },
  { path: `${"deep/".repeat(30)}file.txt`, data: "deep\n" },
  { path: `long/${"n".repeat(200)}.txt`, data: "long\n" },
  { path: "link-inside", data: "README.md", mode: "120000" },
  { path: "link-outside", data: "../../etc/passwd", mode: "120000" },
  { path: "dir/link-absolute", data: "/etc/passwd", mode: "120000" },
  { path: "vendor/module", mode: "160000", sha: "0123456789abcdef0123456789abcdef01234567" },
  { path: ".gitmodules", data: '[submodule "m"]\n\tpath = vendor/module\n\turl = https://example.test/m\n' },
  {
    path: "big.psd",
    data: "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
  },
  {
    path: ".gitattributes",
    data: "ignored.txt export-ignore\nversion.txt export-subst\nhidden/ export-ignore\n*.bat eol=crlf\n",
  },
  { path: "windows.bat", data: "@echo off\necho hi\n" },
  { path: "ignored.txt", data: "not in archives\n" },
  { path: "hidden/one.txt", data: "1\n" },
  { path: "hidden/two.bin", data: Buffer.from([1, 0, 2]) },
  { path: "version.txt", data: "$Format:%H$\n" },
  { path: "back\\slash.txt", data: "not a name for a file here\n" },
  { path: "tab\there.txt", data: "nor this\n" },
  { path: Buffer.from("not-utf8-\xe9\xff.txt", "latin1"), data: "bytes\n" },
  { path: `${"x".repeat(240)}/${"y".repeat(240)}/${"z".repeat(240)}/${"w".repeat(240)}.txt`, data: "too long\n" },
];
