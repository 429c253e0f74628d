import type { Component } from "solid-js";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import type { Selected } from "../editor/selection-menu.ts";
import { FileView } from "../editor/file-view.tsx";
import type { Documents } from "../stores/documents.ts";
import type { Tab } from "../stores/stored-tabs.ts";
import type { SandboxStore } from "../stores/sandbox.ts";
import type { Place, Tabs } from "../stores/tabs.ts";
import type { Workspace } from "../stores/workspace.ts";

const PreviewPane = lazyPart(loading.preview, () => import("../preview/preview-pane.tsx"));
const PortPane = lazyPart(loading.preview, () => import("../preview/port-pane.tsx"));
const ReviewPane = lazyPart(loading.review, () => import("../review/review-pane.tsx"));
const LocalHistory = lazyPart(loading.history, () => import("../editor/local-history.tsx"));
const ChangedFile = lazyPart(loading.comparison, () => import("../source/changed-file.tsx"));

interface TabProps {
  workspace: Workspace;
  documents: Documents;
  subject: string;
  /** The editor group that shows it. */
  group: number;
  isFocused: boolean;
  place: Place | undefined;
  onOpen(path: string): void;
  /** Shows a file or folder in the tree. */
  onReveal(path: string): void;
  onChat(path: string, selected: Selected): void;
  /** Writes a message to the agent, for the person to send. */
  onAsk(message: string): void;
  sandbox: SandboxStore;
  tabs: Tabs;
}

/** Whether what a tab shows has a state of its own that would be lost. A page of the project's files is loaded anew at each change. */
export function keepsState({ kind }: Tab): boolean {
  return kind === "port";
}

/** The registry of tab kinds: what each shows. */
export const tabKinds: Readonly<Record<Tab["kind"], Component<TabProps>>> = {
  file: (props) => (
    <FileView
      workspace={props.workspace}
      documents={props.documents}
      path={props.subject}
      group={props.group}
      isFocused={props.isFocused}
      place={props.place}
      onReveal={props.onReveal}
      onChat={props.onChat}
    />
  ),
  preview: (props) => <PreviewPane workspace={props.workspace} path={props.subject} onAsk={props.onAsk} />,
  port: (props) => (
    <PortPane
      store={props.sandbox}
      port={Number(props.subject)}
      path={props.tabs.pathOfPort(Number(props.subject))}
      onPort={(port) => props.tabs.port(port)}
      onAsk={props.onAsk}
    />
  ),
  review: (props) => <ReviewPane workspace={props.workspace} runID={props.subject} onOpen={props.onOpen} />,
  history: (props) => (
    <LocalHistory workspace={props.workspace} documents={props.documents} path={props.subject} onOpen={props.onOpen} />
  ),
  compare: (props) => <ChangedFile workspace={props.workspace} path={props.subject} onOpen={props.onOpen} />,
};
