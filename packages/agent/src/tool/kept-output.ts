import { VisibleError } from "@slipway/contract/error";
import * as Run from "@slipway/core/run/system";

/** What calls have told whole, where a part was enough at first. */

export interface KeptOutputs {
  /** Keeps the call's output. Resolves to the path by which read_file reads it. */
  keep(text: string): Promise<string>;
  /** The output at such a path; undefined for any other path. @throws VisibleError not_found */
  read(path: string): Promise<string | undefined>;
}

export function keptOutputs({ runID, projectID }: { runID: string; projectID: string }, callID: string): KeptOutputs {
  return {
    async keep(text) {
      await Run.storeOutput(runID, callID, text);
      return `output:${runID}/${callID}`;
    },
    async read(path) {
      const [, run, call] = /^output:(run_\w{1,64})\/([\w:-]{1,128})$/.exec(path) ?? [];
      if (run === undefined || call === undefined) return undefined;
      const gone = new VisibleError("not_found", `There is no ${path}. Make the call again.`);
      // An output of another project is not this one's to read.
      if ((await Run.find(run))?.projectID !== projectID) throw gone;
      return Run.loadOutput(run, call).catch(() => Promise.reject(gone));
    },
  };
}
