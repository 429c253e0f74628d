/** Milliseconds without a key after which a person is not in the middle of typing. */
const pause = 1000;

/**
 * Calls once no key has been pressed for a second: what opens by itself must not receive half a word. Returns how to
 * forget it.
 */
export function whenNotTyping(run: () => void): () => void {
  let timer = setTimeout(finish, pause);
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(finish, pause);
  };
  function forget(): void {
    clearTimeout(timer);
    removeEventListener("keydown", wait, true);
  }
  function finish(): void {
    forget();
    run();
  }
  addEventListener("keydown", wait, true);
  return forget;
}
