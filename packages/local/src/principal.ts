import type { ResourceName } from "@slipway/manifest";

/**
 * Local credentials: one access key per function of the manifest, and `root` for this package's tools. Every service
 * checks `allows` first.
 */
export interface Principal {
  readonly name: string;
  readonly accessKeyID: string;
  readonly secretAccessKey: string;
  readonly allows: readonly { readonly action: string; readonly resource: ResourceName }[] | "everything";
}

export function isAllowed(principal: Principal, action: string, resource: ResourceName): boolean {
  return (
    principal.allows === "everything" ||
    principal.allows.some((grant) => grant.action === action && grant.resource === resource)
  );
}

export function findPrincipal(principals: readonly Principal[], accessKeyID: string): Principal | undefined {
  return principals.find((principal) => principal.accessKeyID === accessKeyID);
}
