import type { Registries } from "../egress/registries.ts";

/**
 * Settings of programs for the whole system of a sandbox, by their file's name: registries, and whom to trust. A command's own
 * environment holds neither.
 */
export function settingFiles(
  { PIP_CERT: pip, GIT_SSL_CAINFO: git }: Readonly<Record<string, string>>,
  registries: Registries,
): Record<"pip.conf" | "gitconfig" | "npmrc", string> {
  return {
    "pip.conf": `[global]\n${registries.pipConf}${pip === undefined ? "" : `cert = ${pip}\n`}`,
    gitconfig: `[init]\n\tdefaultBranch = main\n${git === undefined ? "" : `[http]\n\tsslCAInfo = ${git}\n`}`,
    npmrc: registries.npmrc,
  };
}
