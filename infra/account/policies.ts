/**
 * The two policies that hold an account together: the most that a deployment's roles can do, and what the role that
 * deploys may do. `account` is the account's number.
 */

export interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export const boundaryARN = (account: string): string => `arn:aws:iam::${account}:policy/slipway-boundary`;
export const deployRoleARN = (account: string): string => `arn:aws:iam::${account}:role/slipway-deploy`;

/**
 * Only what a deployment's functions, workflows and schedules work with, and only things of its name. Nothing of IAM: what
 * is bounded can neither widen its boundary nor make a role without one. The sandbox's actions come with the sandbox.
 */
export function boundaryStatements(account: string): PolicyStatement[] {
  const own = (service: string, name: string) => `arn:aws:${service}:*:${account}:${name}`;
  return [
    {
      Sid: "Table",
      Effect: "Allow",
      Action: [
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:ConditionCheckItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
      ],
      Resource: [own("dynamodb", "table/slipway-*")],
    },
    {
      Sid: "Blobs",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListBucket"],
      Resource: ["arn:aws:s3:::slipway-*"],
    },
    {
      Sid: "Workflows",
      Effect: "Allow",
      Action: ["states:StartExecution", "states:SendTaskSuccess"],
      Resource: [own("states", "stateMachine:slipway-*")],
    },
    {
      Sid: "Executions",
      Effect: "Allow",
      Action: ["states:DescribeExecution"],
      Resource: [own("states", "execution:slipway-*:*")],
    },
    {
      Sid: "Functions",
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: [own("lambda", "function:slipway-*")],
    },
    {
      Sid: "Logs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [own("logs", "log-group:/aws/lambda/slipway-*")],
    },
    {
      Sid: "Sockets",
      Effect: "Allow",
      Action: ["execute-api:ManageConnections"],
      // An API's id says nothing of its name.
      Resource: [own("execute-api", "*/*/*/@connections/*")],
    },
    {
      Sid: "Models",
      Effect: "Allow",
      Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      Resource: ["arn:aws:bedrock:*::foundation-model/*", own("bedrock", "inference-profile/*")],
    },
  ];
}

/**
 * What `sst deploy` needs, in four policies of its role. Where AWS puts names into ARNs, only Slipway's and SST's own. It
 * can make roles only within the boundary, cannot touch the boundary, and cannot touch itself.
 */
export function deployStatements(account: string): Record<string, PolicyStatement[]> {
  const own = (service: string, ...names: string[]) => names.map((name) => `arn:aws:${service}:*:${account}:${name}`);
  const roles = `arn:aws:iam::${account}:role/slipway-*`;
  const bounded = { StringEquals: { "iam:PermissionsBoundary": boundaryARN(account) } };
  return {
    resources: [
      {
        Sid: "Storage",
        Effect: "Allow",
        Action: ["dynamodb:*", "s3:*"],
        Resource: [
          ...own("dynamodb", "table/slipway-*"),
          ...["slipway-*", "sst-asset-*", "sst-state-*"].flatMap((name) => [
            `arn:aws:s3:::${name}`,
            `arn:aws:s3:::${name}/*`,
          ]),
        ],
      },
      {
        Sid: "Compute",
        Effect: "Allow",
        Action: ["lambda:*", "states:*", "scheduler:*", "sns:*", "logs:*", "cloudwatch:*"],
        Resource: [
          ...own("lambda", "function:slipway-*"),
          ...own("states", "stateMachine:slipway-*", "execution:slipway-*:*"),
          ...own("scheduler", "schedule/default/slipway-*"),
          ...own("sns", "slipway-*"),
          ...own("logs", "log-group:/aws/lambda/slipway-*", "log-group:/aws/vendedlogs/apis/slipway-*"),
          ...own("cloudwatch", "alarm:slipway-*"),
        ],
      },
      {
        Sid: "State",
        Effect: "Allow",
        Action: ["ssm:GetParameter", "ssm:GetParameters", "ssm:PutParameter", "ssm:DeleteParameter"],
        Resource: own("ssm", "parameter/sst/*"),
      },
      {
        Sid: "Images",
        Effect: "Allow",
        Action: [
          "ecr:CreateRepository",
          "ecr:DescribeRepositories",
          "ecr:PutLifecyclePolicy",
          "ecr:GetLifecyclePolicy",
        ],
        Resource: own("ecr", "repository/sst-asset"),
      },
    ],
    // Their ARNs hold ids, or these actions take no resource at all.
    edge: [
      {
        Sid: "Edge",
        Effect: "Allow",
        Action: [
          "cloudfront:*",
          "cloudfront-keyvaluestore:*",
          "apigateway:GET",
          "apigateway:POST",
          "apigateway:PUT",
          "apigateway:PATCH",
          "apigateway:DELETE",
          "apigateway:TagResource",
          "acm:RequestCertificate",
          "acm:DescribeCertificate",
          "acm:DeleteCertificate",
          "acm:ListCertificates",
          "acm:AddTagsToCertificate",
          "acm:ListTagsForCertificate",
          "route53:ListHostedZones",
          "route53:ListHostedZonesByName",
          "route53:GetHostedZone",
          "route53:GetChange",
          "route53:ChangeResourceRecordSets",
          "route53:ListResourceRecordSets",
          "route53:ListTagsForResource",
        ],
        Resource: ["*"],
      },
      {
        Sid: "Look",
        Effect: "Allow",
        Action: [
          "sts:GetCallerIdentity",
          "s3:ListAllMyBuckets",
          "logs:DescribeLogGroups",
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:DescribeResourcePolicies",
          "states:ValidateStateMachineDefinition",
          "lambda:GetAccountSettings",
          "lambda:ListFunctions",
          "bedrock:InvokeModel",
          "ecr:GetAuthorizationToken",
        ],
        Resource: ["*"],
      },
    ],
    roles: [
      {
        Sid: "MakeBoundedRoles",
        Effect: "Allow",
        Action: ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"],
        Resource: [roles],
        Condition: bounded,
      },
      {
        Sid: "KeepRoles",
        Effect: "Allow",
        Action: [
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:ListRolePolicies",
          "iam:ListAttachedRolePolicies",
          "iam:ListInstanceProfilesForRole",
          "iam:UpdateRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:TagRole",
          "iam:UntagRole",
        ],
        Resource: [roles],
      },
      {
        Sid: "SeeTheBoundary",
        Effect: "Allow",
        Action: ["iam:GetPolicy"],
        Resource: [boundaryARN(account)],
      },
      {
        Sid: "HandRolesToServices",
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: [roles],
        Condition: {
          StringEquals: {
            "iam:PassedToService": ["lambda.amazonaws.com", "states.amazonaws.com", "scheduler.amazonaws.com"],
          },
        },
      },
    ],
    limits: [
      {
        Sid: "NeverItself",
        Effect: "Deny",
        Action: ["iam:*"],
        Resource: [deployRoleARN(account)],
      },
      {
        Sid: "NeverTheBoundary",
        Effect: "Deny",
        Action: [
          "iam:CreatePolicyVersion",
          "iam:SetDefaultPolicyVersion",
          "iam:DeletePolicyVersion",
          "iam:DeletePolicy",
          "iam:CreatePolicy",
          "iam:DeleteRolePermissionsBoundary",
        ],
        Resource: ["*"],
      },
      {
        Sid: "NeverPeople",
        Effect: "Deny",
        Action: ["iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile", "organizations:*", "account:*"],
        Resource: ["*"],
      },
    ],
  };
}
