import { schedules as manifested } from "@slipway/manifest";
import { bug } from "./log.ts";
import type { Service } from "./service.ts";

/** EventBridge's schedules: a timer each. */
export const schedules: Service = {
  start({ invoke }) {
    const timers: NodeJS.Timeout[] = [];
    return {
      resume() {
        for (const { every, function: name } of manifested) {
          const run = () => void invoke(name, {}).catch((error: unknown) => bug("schedule", error));
          timers.push(setInterval(run, every.minutes * 60_000));
        }
      },
      close() {
        for (const timer of timers) clearInterval(timer);
      },
    };
  },
};
