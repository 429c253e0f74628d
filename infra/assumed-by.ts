/** A trust policy for one AWS service and nobody else. */
export const assumedBy = (service: string) =>
  aws.iam.getPolicyDocumentOutput({
    statements: [{ actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: [service] }] }],
  }).json;
