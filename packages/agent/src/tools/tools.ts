import type { RunRecord } from "@slipway/core/run/system";
import * as Sandboxes from "@slipway/core/sandbox/system";
import { listCommands, readOutput, stopCommand } from "../tool/command-tools.ts";
import { editFile } from "../tool/edit-tool.ts";
import { explore } from "../tool/explore-tool.ts";
import { fetchURL } from "../tool/fetch-tool.ts";
import { patchFiles } from "../tool/patch-tool.ts";
import { listFiles, readFile, searchFiles } from "../tool/read-tools.ts";
import { runCommand } from "../tool/run-command.ts";
import { updateTodos } from "../tool/todo-tool.ts";
import type { Tool } from "../tool/tool.ts";
import { createFile, createFolder, deleteFiles, moveFiles, renameFile } from "../tool/write-tools.ts";

/** The tools that a run has. */
export function toolsFor(_run: RunRecord): readonly Tool[] {
  return Sandboxes.obstacle() === undefined ? [...fileTools, ...commandTools] : fileTools;
}

const fileTools: readonly Tool[] = [
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
  updateTodos,
  explore,
];
const commandTools: readonly Tool[] = [runCommand, listCommands, readOutput, stopCommand];
