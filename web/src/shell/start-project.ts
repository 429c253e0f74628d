import { createConversation, sendMessage } from "@slipway/contract/routes/conversation";
import { createProject, createWithPrompt, removeProject } from "@slipway/contract/routes/project";
import { call } from "../api/call.ts";
import { sendBytes } from "../api/upload.ts";
import { setLayout } from "../stores/layout.ts";

/** Ways to begin a project. Each resolves to its id, and shows the files next to it. @throws ApiError */

/** From a prompt, and files for the agent to read. */
export async function startFromPrompt(prompt: string, files: readonly File[]): Promise<string> {
  setLayout({ side: "files" });
  if (files.length === 0) return (await call(createWithPrompt, { body: { prompt } })).projectId;
  // Uploads belong to a project, so it comes first. It goes again if the prompt is refused.
  const { id } = await call(createProject, { body: {} });
  try {
    const [conversation, attachments] = await Promise.all([
      call(createConversation, { params: { id } }),
      Promise.all(
        files.map(async (file) => ({
          upload: await sendBytes(id, file, new AbortController().signal),
          name: file.name,
        })),
      ),
    ]);
    await call(sendMessage, { body: { conversationId: conversation.id, message: prompt, attachments } });
    return id;
  } catch (error) {
    await call(removeProject, { params: { id } }).catch(() => undefined);
    throw error;
  }
}

/** Without files and without a run. */
export async function startBlank(): Promise<string> {
  setLayout({ side: "files" });
  return (await call(createProject, { body: {} })).id;
}
