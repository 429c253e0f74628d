import { named, stage } from "./here.ts";

/** Where alarms go. Subscribe what the team uses; the address of the settings is subscribed by itself. */
export const topic = new aws.sns.Topic("Alarms", { name: named("alarms") });

if (stage.alertEmail !== undefined) {
  new aws.sns.TopicSubscription("AlarmsEmail", { topic: topic.arn, protocol: "email", endpoint: stage.alertEmail });
}
