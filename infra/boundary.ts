import { accountID, stage } from "./here.ts";

/** No role of this deployment can do more than the account's boundary allows, whatever its own policy says. */
export const boundary = $interpolate`arn:aws:iam::${accountID}:policy/${stage.boundary}`;

$transform(aws.iam.Role, (role) => {
  role.permissionsBoundary ??= boundary;
});
