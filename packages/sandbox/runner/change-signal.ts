/** Wakes those that wait for the next change. */
export class ChangeSignal {
  #next = Promise.withResolvers<void>();

  notify(): void {
    const { resolve } = this.#next;
    this.#next = Promise.withResolvers<void>();
    resolve();
  }

  /** Resolves at the next change, or after `ms`. Whether there was a change. */
  async wait(ms: number, signal?: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), ms);
    const stop = () => resolve(false);
    signal?.addEventListener("abort", stop, { once: true });
    void this.#next.promise.then(() => resolve(true));
    try {
      return signal?.aborted === true ? false : await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }
}
