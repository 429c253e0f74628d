import { createStore, produce } from "solid-js/store";
import { maxAttachments } from "@slipway/contract/conversation";
import { text } from "#text/agent.ts";
import { messageOf } from "../api/api-error.ts";
import { sendBytes } from "../api/upload.ts";
import { toast } from "../components/toasts.tsx";
import { isImage, refusal } from "./attachable.ts";

/** An attachment of the next message. */
export interface Attaching {
  key: number;
  name: string;
  isImage: boolean;
  /** Object URL of an image. */
  preview: string | undefined;
  /** 0 to 1. */
  progress: number;
  upload: string | undefined;
}

/** Attachments upload as soon as they are added, so sending does not wait for them. */
export function createAttachments(projectID: string) {
  const [all, setAll] = createStore<Attaching[]>([]);
  const stops = new Map<number, AbortController>();
  let last = 0;

  function remove(key: number): void {
    stops.get(key)?.abort();
    stops.delete(key);
    const gone = all.find((each) => each.key === key);
    if (gone?.preview) URL.revokeObjectURL(gone.preview);
    setAll(
      produce((list) => {
        const at = list.findIndex((each) => each.key === key);
        if (at >= 0) list.splice(at, 1);
      }),
    );
  }

  async function add(file: File): Promise<void> {
    const refused = await refusal(file);
    if (refused !== undefined) return toast(refused);
    if (all.length >= maxAttachments) return toast(text.tooManyFiles(maxAttachments));
    const key = ++last;
    const stop = new AbortController();
    stops.set(key, stop);
    const preview = isImage(file) ? URL.createObjectURL(file) : undefined;
    setAll(all.length, { key, name: file.name, isImage: isImage(file), preview, progress: 0, upload: undefined });
    try {
      const upload = await sendBytes(projectID, file, stop.signal, (bytes) =>
        setAll((each) => each.key === key, "progress", file.size === 0 ? 1 : bytes / file.size),
      );
      setAll((each) => each.key === key, { upload, progress: 1 });
    } catch (error) {
      if (stop.signal.aborted) return;
      toast(text.notUploaded(file.name, messageOf(error)));
      remove(key);
    }
  }

  return {
    all,
    add: (files: Iterable<File>) => {
      for (const file of files) void add(file);
    },
    remove,
    isReady: () => all.every(({ upload }) => upload !== undefined),
    /** Removes the attachments for a message; `restore` puts them back if it could not be sent. */
    take() {
      const files = all.map((each) => ({ ...each }));
      setAll([]);
      return {
        taken: files.flatMap(({ upload, name }) => (upload === undefined ? [] : [{ upload, name }])),
        forget(): void {
          for (const { preview } of files) if (preview) URL.revokeObjectURL(preview);
        },
        restore: () => setAll((now) => [...files, ...now]),
      };
    },
  };
}
