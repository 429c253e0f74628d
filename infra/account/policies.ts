/**
 * The two policies that protect an account: the boundary, which caps every role of a deployment, and what the role that
 * deploys may do. Which actions take which resources and condition keys is in AWS's service authorization reference.
 */

export interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Where the policies apply. Each may be a CloudFormation reference. */
export interface Place {
  /** `aws`, `aws-us-gov`, … */
  readonly partition: string;
  readonly account: string;
  /** Route 53 zone that `sst deploy` may write records to; empty for none. */
  readonly hostedZone: string;
}

export const boundaryARN = ({ partition, account }: Place): string =>
  `arn:${partition}:iam::${account}:policy/slipway-boundary`;
export const deployRoleARN = ({ partition, account }: Place): string =>
  `arn:${partition}:iam::${account}:role/slipway-deploy`;

/** SST's provider tags everything that can be tagged. */
const ours = { StringEquals: { "aws:ResourceTag/sst:app": "slipway" } };
const taggedOurs = { StringEquals: { "aws:RequestTag/sst:app": "slipway" } };

/** A customer key for functions' environments is recognised by its tag: infra/account/region.json makes it. */
const environmentKey = { StringEquals: { "aws:ResourceTag/slipway": "environment" } };

/**
 * What a deployment's functions, workflows and schedules need, on resources of its name. No IAM actions: a bounded role can
 * neither widen its boundary nor create a role without one.
 */
export function boundaryStatements({ partition, account }: Place): PolicyStatement[] {
  const own = (service: string, name: string) => `arn:${partition}:${service}:*:${account}:${name}`;
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
      Resource: [`arn:${partition}:s3:::slipway-*`],
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
      Resource: [own("logs", "log-group:/aws/lambda/slipway-*"), own("logs", "log-group:/slipway/*")],
    },
    {
      Sid: "Sockets",
      Effect: "Allow",
      Action: ["execute-api:ManageConnections"],
      // The ARN holds the API's id, not its name.
      Resource: [own("execute-api", "*/*/*/@connections/*")],
    },
    {
      Sid: "Models",
      Effect: "Allow",
      Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      Resource: [`arn:${partition}:bedrock:*::foundation-model/*`, own("bedrock", "inference-profile/*")],
    },
    {
      Sid: "Sandboxes",
      Effect: "Allow",
      Action: ["ecs:RunTask", "ecs:DescribeTasks", "ecs:StopTask"],
      Resource: [own("ecs", "task*/slipway-*")],
    },
    {
      Sid: "SandboxAddresses",
      Effect: "Allow",
      // They take no resource. What they tell is no secret: which tasks there are, and their addresses.
      Action: ["ecs:ListTasks", "ec2:DescribeNetworkInterfaces", "ecr:GetAuthorizationToken"],
      Resource: ["*"],
    },
    {
      Sid: "SandboxImage",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      Resource: [`arn:${partition}:ecr:*:*:repository/slipway-*`],
    },
    {
      Sid: "SandboxRole",
      Effect: "Allow",
      // The role that pulls a sandbox's image, and no other: a task has none.
      Action: ["iam:PassRole"],
      Resource: [`arn:${partition}:iam::${account}:role/slipway-*-sandbox-execution`],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    {
      Sid: "EnvironmentKey",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [own("kms", "key/*")],
      Condition: environmentKey,
    },
  ];
}

/**
 * What `sst deploy` needs, as inline policies of its role. It creates roles only within the boundary, and can change neither
 * the boundary, nor itself, nor a role without the boundary. CloudFront's and API Gateway's ARNs hold ids instead of names:
 * there it is confined by the tags that SST sets. That stops accidents, not intent, because the role may set tags itself.
 */
export function deployStatements(place: Place): Record<string, PolicyStatement[]> {
  const { partition, account, hostedZone } = place;
  const own = (service: string, ...names: string[]) =>
    names.map((name) => `arn:${partition}:${service}:*:${account}:${name}`);
  const cloudfront = (...names: string[]) => names.map((name) => `arn:${partition}:cloudfront::${account}:${name}`);
  const apigateway = (...paths: string[]) => paths.map((path) => `arn:${partition}:apigateway:*::${path}`);
  const bucket = (name: string) => [`arn:${partition}:s3:::${name}`, `arn:${partition}:s3:::${name}/*`];
  const roles = `arn:${partition}:iam::${account}:role/slipway-*`;
  const bounded = { StringEquals: { "iam:PermissionsBoundary": boundaryARN(place) } };
  return {
    resources: [
      {
        Sid: "Storage",
        Effect: "Allow",
        Action: ["dynamodb:*", "s3:*"],
        Resource: [
          ...own("dynamodb", "table/slipway-*"),
          ...["slipway-*", "sst-asset-*", "sst-state-*"].flatMap(bucket),
        ],
      },
      {
        Sid: "Compute",
        Effect: "Allow",
        Action: ["lambda:*", "states:*", "scheduler:*", "sns:*", "logs:*", "cloudwatch:*", "ecs:*"],
        Resource: [
          ...own("ecs", "*/slipway-*"),
          ...own("lambda", "function:slipway-*"),
          ...own("states", "stateMachine:slipway-*", "execution:slipway-*:*"),
          ...own("scheduler", "schedule/default/slipway-*"),
          ...own("sns", "slipway-*"),
          ...own(
            "logs",
            "log-group:/aws/lambda/slipway-*",
            "log-group:/aws/vendedlogs/apis/slipway-*",
            "log-group:/slipway/*",
          ),
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
      {
        Sid: "EnvironmentKey",
        Effect: "Allow",
        // Lambda encrypts with it on the caller's behalf, and lets the function's role decrypt by a grant.
        Action: ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"],
        Resource: own("kms", "key/*"),
        Condition: environmentKey,
      },
    ],
    network: [
      {
        Sid: "CreateNetwork",
        Effect: "Allow",
        Action: [
          "ec2:CreateVpc",
          "ec2:CreateSubnet",
          "ec2:CreateInternetGateway",
          "ec2:CreateRouteTable",
          "ec2:CreateSecurityGroup",
        ],
        Resource: own("ec2", "*"),
        // Of what is created. What it is created in is ours already, by the statement below.
        Condition: taggedOurs,
      },
      {
        Sid: "KeepNetwork",
        Effect: "Allow",
        Action: [
          "ec2:CreateSubnet",
          "ec2:CreateRouteTable",
          "ec2:CreateSecurityGroup",
          "ec2:CreateRoute",
          "ec2:ReplaceRoute",
          "ec2:DeleteRoute",
          "ec2:ModifyVpcAttribute",
          "ec2:ModifySubnetAttribute",
          "ec2:AttachInternetGateway",
          "ec2:DetachInternetGateway",
          "ec2:AssociateRouteTable",
          "ec2:DisassociateRouteTable",
          "ec2:AuthorizeSecurityGroupIngress",
          "ec2:AuthorizeSecurityGroupEgress",
          "ec2:RevokeSecurityGroupIngress",
          "ec2:RevokeSecurityGroupEgress",
          "ec2:DeleteVpc",
          "ec2:DeleteSubnet",
          "ec2:DeleteInternetGateway",
          "ec2:DeleteRouteTable",
          "ec2:DeleteSecurityGroup",
        ],
        Resource: own("ec2", "*"),
        Condition: ours,
      },
      {
        Sid: "TagNetwork",
        Effect: "Allow",
        Action: ["ec2:CreateTags"],
        Resource: own("ec2", "*"),
        Condition: {
          StringEquals: {
            "ec2:CreateAction": [
              "CreateVpc",
              "CreateSubnet",
              "CreateInternetGateway",
              "CreateRouteTable",
              "CreateSecurityGroup",
            ],
          },
        },
      },
      {
        Sid: "SandboxService",
        Effect: "Allow",
        Action: ["iam:CreateServiceLinkedRole"],
        Resource: [`arn:${partition}:iam::${account}:role/aws-service-role/ecs.amazonaws.com/*`],
        Condition: { StringEquals: { "iam:AWSServiceName": "ecs.amazonaws.com" } },
      },
      {
        Sid: "LookAtNetwork",
        Effect: "Allow",
        // They take no resource.
        Action: [
          "ec2:DescribeVpcs",
          "ec2:DescribeVpcAttribute",
          "ec2:DescribeSubnets",
          "ec2:DescribeInternetGateways",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSecurityGroupRules",
          "ec2:DescribeNetworkAcls",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeManagedPrefixLists",
          "ec2:GetManagedPrefixListEntries",
          "ecs:DescribeTaskDefinition",
          "ecs:DeregisterTaskDefinition",
          "ecs:ListTasks",
        ],
        Resource: ["*"],
      },
    ],
    edge: [
      {
        Sid: "CreateAtTheEdge",
        Effect: "Allow",
        // These take no resource and, but for the distribution, no tags.
        Action: [
          "cloudfront:CreateCachePolicy",
          "cloudfront:CreateFunction",
          "cloudfront:CreateKeyValueStore",
          "cloudfront:CreateOriginAccessControl",
          "cloudfront:CreateResponseHeadersPolicy",
        ],
        Resource: ["*"],
      },
      {
        Sid: "CreateDistribution",
        Effect: "Allow",
        Action: ["cloudfront:CreateDistribution", "cloudfront:TagResource"],
        Resource: ["*"],
        Condition: taggedOurs,
      },
      {
        Sid: "KeepDistribution",
        Effect: "Allow",
        Action: [
          "cloudfront:UpdateDistribution",
          "cloudfront:DeleteDistribution",
          "cloudfront:CreateInvalidation",
          "cloudfront:UntagResource",
        ],
        Resource: cloudfront("distribution/*"),
        Condition: ours,
      },
      {
        Sid: "KeepAtTheEdge",
        Effect: "Allow",
        Action: [
          "cloudfront:UpdateFunction",
          "cloudfront:PublishFunction",
          "cloudfront:DeleteFunction",
          "cloudfront:UpdateCachePolicy",
          "cloudfront:DeleteCachePolicy",
          "cloudfront:UpdateResponseHeadersPolicy",
          "cloudfront:DeleteResponseHeadersPolicy",
          "cloudfront:UpdateKeyValueStore",
          "cloudfront:DeleteKeyValueStore",
          "cloudfront:UpdateOriginAccessControl",
          "cloudfront:DeleteOriginAccessControl",
          "cloudfront-keyvaluestore:*",
        ],
        Resource: cloudfront(
          "function/slipway-*",
          "cache-policy/*",
          "response-headers-policy/*",
          "key-value-store/*",
          "origin-access-control/*",
        ),
      },
      {
        Sid: "SocketApi",
        Effect: "Allow",
        Action: [
          "apigateway:POST",
          "apigateway:PUT",
          "apigateway:PATCH",
          "apigateway:DELETE",
          "apigateway:TagResource",
        ],
        // APIs of version 2 only: no REST APIs, domain names or VPC links, and not the region's account settings.
        Resource: apigateway("/apis", "/apis/*", "/tags/*"),
      },
      {
        Sid: "Certificate",
        Effect: "Allow",
        Action: ["acm:RequestCertificate", "acm:AddTagsToCertificate"],
        Resource: ["*"],
        Condition: taggedOurs,
      },
      {
        Sid: "KeepCertificate",
        Effect: "Allow",
        Action: ["acm:DeleteCertificate"],
        Resource: own("acm", "certificate/*"),
        Condition: ours,
      },
      {
        Sid: "Records",
        Effect: "Allow",
        Action: ["route53:ChangeResourceRecordSets"],
        Resource: [`arn:${partition}:route53:::hostedzone/${hostedZone}`],
        // Not mail, not the zone's own records.
        Condition: {
          "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "CAA"],
          },
        },
      },
    ],
    look: [
      {
        Sid: "Look",
        Effect: "Allow",
        Action: [
          "sts:GetCallerIdentity",
          "s3:ListAllMyBuckets",
          "cloudfront:Describe*",
          "cloudfront:Get*",
          "cloudfront:List*",
          "cloudwatch:DescribeAlarms",
          "acm:DescribeCertificate",
          "acm:ListCertificates",
          "acm:ListTagsForCertificate",
          "route53:ListHostedZones",
          "route53:ListHostedZonesByName",
          "route53:GetHostedZone",
          "route53:GetChange",
          "route53:ListResourceRecordSets",
          "route53:ListTagsForResource",
          "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies",
          "states:ValidateStateMachineDefinition",
          "lambda:GetAccountSettings",
          "lambda:ListFunctions",
          "servicequotas:ListServiceQuotas",
          "ecr:GetAuthorizationToken",
        ],
        Resource: ["*"],
      },
      {
        Sid: "LookAtApis",
        Effect: "Allow",
        Action: ["apigateway:GET"],
        Resource: apigateway("/apis", "/apis/*", "/tags/*", "/account"),
      },
      {
        Sid: "ProbeModels",
        Effect: "Allow",
        Action: ["bedrock:InvokeModel"],
        Resource: [`arn:${partition}:bedrock:*::foundation-model/*`, ...own("bedrock", "inference-profile/*")],
      },
      {
        Sid: "DeliverAccessLogs",
        Effect: "Allow",
        // API Gateway asks for these with the caller's permissions, and they take no resource.
        Action: [
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
        ],
        Resource: ["*"],
      },
    ],
    roles: [
      {
        Sid: "BoundedRolesOnly",
        Effect: "Allow",
        Action: [
          "iam:CreateRole",
          "iam:PutRolePolicy",
          "iam:AttachRolePolicy",
          "iam:PutRolePermissionsBoundary",
          "iam:UpdateRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
        ],
        Resource: [roles],
        Condition: bounded,
      },
      {
        Sid: "LookAtRoles",
        Effect: "Allow",
        Action: [
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:ListRolePolicies",
          "iam:ListAttachedRolePolicies",
          "iam:ListInstanceProfilesForRole",
          "iam:ListRoleTags",
          "iam:TagRole",
          "iam:UntagRole",
        ],
        Resource: [roles],
      },
      {
        Sid: "SeeTheBoundary",
        Effect: "Allow",
        Action: ["iam:GetPolicy"],
        Resource: [boundaryARN(place)],
      },
      {
        Sid: "HandRolesToServices",
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: [roles],
        Condition: {
          StringEquals: {
            "iam:PassedToService": [
              "lambda.amazonaws.com",
              "states.amazonaws.com",
              "scheduler.amazonaws.com",
              "ecs-tasks.amazonaws.com",
            ],
          },
        },
      },
    ],
    limits: [
      {
        Sid: "NeverTheAccountsRoles",
        Effect: "Deny",
        Action: ["iam:*"],
        // Itself, and what the account's own stacks made.
        Resource: [deployRoleARN(place), `arn:${partition}:iam::${account}:role/slipway-account-*`],
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
