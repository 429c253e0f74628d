import { createSignal, onCleanup } from "solid-js";

/** Which commands of agents run in the sandbox, for their cards. The part of the page that watches the sandbox registers itself. */

type Running = () => ReadonlySet<string> | undefined;
const [source, setSource] = createSignal<Running>();

/** By run and call. Undefined while this page does not know. */
export const runningCommands: Running = () => source()?.();

/** Registers what knows it, for the life of the calling component. */
export function tellRunningCommands(running: Running): void {
  setSource(() => running);
  onCleanup(() => setSource((current) => (current === running ? undefined : current)));
}
