/**
 * Runs one cycle at a time. A caller during a cycle gets the next one, shared with all other callers meanwhile: what
 * they ask for began before that cycle does.
 */
export class Work<Want extends Record<string, boolean>> {
  readonly #cycle: (want: Want) => Promise<void>;
  readonly #nothing: Want;
  #want: Want;
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(nothing: Want, cycle: (want: Want) => Promise<void>) {
    this.#nothing = nothing;
    this.#want = nothing;
    this.#cycle = cycle;
  }

  request(want: Partial<Want>): Promise<void> {
    const merged = { ...this.#want };
    for (const name of Object.keys(want))
      Object.assign(merged, { [name]: want[name] === true || merged[name] === true });
    this.#want = merged;
    this.#next ??= this.#afterCurrent();
    return this.#next;
  }

  async #afterCurrent(): Promise<void> {
    await this.#current.catch(() => undefined);
    const want = this.#want;
    this.#want = this.#nothing;
    if (this.#next) this.#current = this.#next;
    this.#next = undefined;
    await this.#cycle(want);
  }
}
