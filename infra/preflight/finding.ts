/** The result of one check before a deployment. Checks create nothing. */
export interface Finding {
  /** What was checked. */
  readonly of: string;
  /** What is wrong. Absent when the check passes. */
  readonly problem?: string;
  /** What to do about it. */
  readonly next?: string;
  /** The deployment works without it, so it does not stop one. */
  readonly isWarning?: boolean;
}

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
