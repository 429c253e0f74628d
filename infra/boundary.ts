import { accountID, partition, stage } from "./stage-context.ts";

/** Caps every role of this deployment, whatever its own policy says. */
export const boundary = $interpolate`arn:${partition}:iam::${accountID}:policy/${stage.boundary}`;

$transform(aws.iam.Role, (role) => {
  role.permissionsBoundary ??= boundary;
});
