/** What one operation uses of AWS. Kept in `measured.json`, which `npm run bench -- cost` writes. */
export interface Usage {
  /** DynamoDB capacity units. */
  readUnits: number;
  writeUnits: number;
  /** S3 requests: GET and HEAD, and the rest. */
  s3Reads: number;
  s3Writes: number;
  lambdaRequests: number;
  /** Time × memory, measured on the machine of the bench. */
  lambdaGBSeconds: number;
  /** Step Functions. */
  transitions: number;
  /** Over sockets, either way. */
  messages: number;
  /** Requests to CloudFront: each also runs the router's function, which reads its key-value store. */
  requests: number;
  /** Bytes to the browser. */
  egressBytes: number;
  logBytes: number;
}

export const operations = ["sweep", "open", "save", "run", "import"] as const;
export type Operation = (typeof operations)[number];

export interface Measured {
  /** When. */
  date: string;
  /** Duration of the run that was measured. */
  runSeconds: number;
  operations: Record<Operation, Usage>;
}
