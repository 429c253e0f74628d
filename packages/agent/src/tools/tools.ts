import type { RunRecord } from "@slipway/core/run/system";
import { fetchURL } from "../tool/fetch-tool.ts";
import { listFiles, readFile, searchFiles } from "../tool/read-tools.ts";
import type { Tool } from "../tool/tool.ts";
import {
  createFile,
  createFolder,
  deleteFiles,
  editFile,
  moveFiles,
  patchFiles,
  renameFile,
} from "../tool/write-tools.ts";

/** The tools that a run has. */
export function toolsFor(_run: RunRecord): readonly Tool[] {
  return [
    listFiles,
    readFile,
    searchFiles,
    createFile,
    editFile,
    patchFiles,
    renameFile,
    moveFiles,
    deleteFiles,
    createFolder,
    fetchURL,
  ];
}
