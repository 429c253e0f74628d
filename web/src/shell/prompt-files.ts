import { maxAttachments } from "@slipway/contract/conversation";
import { del, get, set } from "idb-keyval";
import { refusal } from "../agent/attachable.ts";
import { toast } from "../components/toasts.tsx";
import { text } from "#text/agent.ts";

/** Files that go with the first prompt. Loaded with the first file. */

/** The files that a message takes, of those that are added to others. Says why for the rest. */
export async function acceptable(added: readonly File[], present: number): Promise<File[]> {
  const accepted: File[] = [];
  for (const file of added) {
    const refused =
      present + accepted.length >= maxAttachments ? text.tooManyFiles(maxAttachments) : await refusal(file);
    if (refused === undefined) accepted.push(file);
    else toast(refused);
  }
  return accepted;
}

const storageKey = "prompt files";

/** Keeps files while the person signs in. */
export async function keepFiles(files: readonly File[]): Promise<void> {
  try {
    await set(storageKey, files);
  } catch {
    // Without a store the prompt is kept alone.
  }
}

/** Returns kept files once. */
export async function takeFiles(): Promise<File[]> {
  try {
    const kept: unknown = await get(storageKey);
    await del(storageKey);
    return Array.isArray(kept) ? kept.filter((each) => each instanceof File) : [];
  } catch {
    return [];
  }
}
