import { text } from "#text/common.ts";
import { createUpload } from "@slipway/contract/routes/file";
import { ApiError } from "./api-error.ts";
import { call } from "./call.ts";

/** Sends bytes straight to the store. Resolves to the upload's id, for `putFile` or a message. @throws ApiError */
export async function sendBytes(
  projectID: string,
  file: File,
  signal: AbortSignal,
  onProgress: (bytes: number) => void = () => undefined,
): Promise<string> {
  const made = await call(createUpload, { body: { projectId: projectID, size: file.size }, signal });
  // fetch does not report upload progress.
  await new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = () => reject(new ApiError(0, "offline", text.uploadCutOff));
    request.upload.addEventListener("progress", ({ loaded }) => onProgress(loaded));
    request.addEventListener("load", () => (request.status < 300 ? resolve() : fail()));
    request.addEventListener("error", fail);
    request.addEventListener("abort", fail);
    signal.addEventListener("abort", () => request.abort());
    request.open("PUT", made.url);
    for (const [name, value] of Object.entries(made.headers)) request.setRequestHeader(name, value);
    request.send(file);
  });
  return made.id;
}
