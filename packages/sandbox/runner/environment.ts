import type { Config } from "./config.ts";
import { marker } from "./process-table.ts";

/** Where the runner forwards what may leave a sandbox without a network. */
export const proxyPort = 3128;

/** What each command and terminal gets: an allowlist, never the runner's own environment. */
export function environmentFor(
  config: Pick<Config, "environment" | "egressSocket">,
  own: { mark: string; folder: string; user: string; home: string },
): Record<string, string> {
  return {
    ...config.environment,
    HOME: own.home,
    USER: own.user,
    LOGNAME: own.user,
    SHELL: "/bin/bash",
    TMPDIR: "/tmp",
    WORKSPACE: own.folder,
    [marker]: own.mark,
    // Nobody is there to answer, or to read a page at a time.
    GIT_TERMINAL_PROMPT: "0",
    DEBIAN_FRONTEND: "noninteractive",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
    ...(config.egressSocket === undefined ? {} : proxied),
  };
}

const proxy = `http://127.0.0.1:${proxyPort}`;
const proxied = {
  http_proxy: proxy,
  https_proxy: proxy,
  HTTP_PROXY: proxy,
  HTTPS_PROXY: proxy,
  no_proxy: "localhost,127.0.0.1,::1",
  NO_PROXY: "localhost,127.0.0.1,::1",
  NODE_USE_ENV_PROXY: "1",
};

/** For a command, whose output is read by a program. */
export const plainOutput = { TERM: "dumb", PAGER: "cat", GIT_PAGER: "cat" };
/** For a terminal. */
export const terminalOutput = {
  TERM: "xterm-256color",
  COLORTERM: "truecolor",
  // Once, behind the shell's own start files: "workspace/src $" in place of the system's user, host and a long path.
  PROMPT_COMMAND:
    "unset PROMPT_COMMAND; case $PS1 in *@*) PS1='\\[\\e[36m\\]${PWD/#$WORKSPACE/workspace}\\[\\e[0m\\] \\$ ';; esac",
};
