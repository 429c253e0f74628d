import { createSignal, createUniqueId, Show } from "solid-js";
import { messageOf } from "../api/api-error.ts";
import { readName } from "./names.ts";

/** A name to be typed. It stays open, with the reason below it, while the name cannot be taken. */
export function NameField(props: {
  initial: string;
  label: string;
  placeholder?: string;
  /** What is wrong with a name, as far as the page knows. */
  problem(name: string): string | undefined;
  /** @throws Error with what the server finds wrong */
  onName(name: string): Promise<void>;
  onCancel(): void;
}) {
  const [failure, setFailure] = createSignal<string>();
  const failureID = createUniqueId();
  let isSending = false;

  async function end(typed: string, isLeaving: boolean): Promise<void> {
    if (isSending) return;
    const name = readName(typed, props.initial);
    if (name.trim() === "" || name === props.initial) return props.onCancel();
    const problem = props.problem(name);
    if (problem !== undefined) return void setFailure(problem);
    // A failure that nobody has seen yet would be lost with the field.
    if (isLeaving && failure() !== undefined) return props.onCancel();
    isSending = true;
    try {
      await props.onName(name);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      isSending = false;
    }
  }

  return (
    <div class="shrink-0 p-1">
      <input
        class="field h-7 px-2 py-0 text-sm"
        classList={{ "border-bad": failure() !== undefined }}
        aria-label={props.label}
        aria-invalid={failure() !== undefined}
        aria-describedby={failure() === undefined ? undefined : failureID}
        placeholder={props.placeholder ?? ""}
        value={props.initial}
        spellcheck={false}
        autocomplete="off"
        ref={(element) =>
          queueMicrotask(() => {
            element.focus();
            const stem = props.initial.lastIndexOf(".");
            element.setSelectionRange(0, stem > 0 ? stem : props.initial.length);
          })
        }
        onInput={() => setFailure(undefined)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.isComposing || event.keyCode === 229) return;
          if (event.key === "Enter") void end(event.currentTarget.value, false);
          if (event.key === "Escape") props.onCancel();
        }}
        onBlur={(event) => event.currentTarget.isConnected && void end(event.currentTarget.value, true)}
      />
      <Show when={failure()}>
        {(why) => (
          <p
            id={failureID}
            role="alert"
            class="relative z-10 rounded-sm border border-bad bg-raised px-2 py-1 text-xs text-bad"
          >
            {why()}
          </p>
        )}
      </Show>
    </div>
  );
}
