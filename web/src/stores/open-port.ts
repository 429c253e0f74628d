import { createSignal, onCleanup } from "solid-js";

/** Shows what listens on a port of the sandbox. The panel that can registers itself; the agent's cards link to it. */

type Opener = (port: number) => void;
const [opener, setOpener] = createSignal<Opener>();

/** Whether there is a panel that shows ports now. */
export const canOpenPorts = (): boolean => opener() !== undefined;

export function openPort(port: number): void {
  opener()?.(port);
}

/** Registers the panel for the life of the calling component. */
export function onOpenPort(open: Opener): void {
  setOpener(() => open);
  onCleanup(() => setOpener((current) => (current === open ? undefined : current)));
}
