import type { SyncState } from "@slipway/contract/sandbox";

export class Sync {
  constructor(_options: object) {}
  look(): void {}
  renew(_api: object): void {}
  open(_api: object, _wait: boolean): Promise<void> {
    return Promise.resolve();
  }
  settle(_rev?: number): Promise<void> {
    return Promise.resolve();
  }
  pullTo(_rev: number): Promise<void> {
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  info(): SyncState {
    return { state: "closed", rev: 0, pending: 0, conflicts: [], localOnly: [], error: null };
  }
}
