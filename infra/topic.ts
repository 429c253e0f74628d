import { named, stage } from "./stage-context.ts";

/** Where alarms go. Subscribe what the team uses; `SLIPWAY_ALERT_EMAIL` is subscribed already. */
export const topic = new aws.sns.Topic("Alarms", { name: named("alarms") });

if (stage.alertEmail !== undefined) {
  new aws.sns.TopicSubscription("AlarmsEmail", { topic: topic.arn, protocol: "email", endpoint: stage.alertEmail });
}
