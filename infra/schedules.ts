import { schedules } from "@slipway/manifest";
import { functions } from "./functions.ts";
import { title } from "./stage-context.ts";

for (const { name, every, function: target } of schedules) {
  new sst.aws.CronV2(`${title(name)}Schedule`, {
    schedule: `rate(${every.minutes} ${every.minutes === 1 ? "minute" : "minutes"})`,
    function: functions[target].arn,
  });
}
