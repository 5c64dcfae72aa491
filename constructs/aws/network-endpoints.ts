import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type SecurityGroup,
  type Vpc,
  type VpcEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { insidePerimeter, ourCallers, ourResources } from './identity-perimeter';

/** A service of AWS, such as `InterfaceVpcEndpointAwsService.SQS`. */
export type EndpointService = InterfaceVpcEndpointAwsService;

/** Free endpoints of S3 and DynamoDB, in the routes of workloads only. */
export function addGateways(vpc: Vpc, services: readonly EndpointService[]): void {
  const subnets = [{ subnetGroupName: 'workload' }];
  const s3 = vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3, subnets });
  keepInside(vpc, s3);
  keepInside(vpc, vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB, subnets }));
  const has = (service: EndpointService) => services.some(({ shortName }) => shortName === service.shortName);
  for (const [sid, service, names] of BUCKETS_OF_AWS) if (has(service)) allowReading(vpc, s3, sid, names);
}

/** Buckets of AWS from which Systems Manager has hosts fetch agents, packages, patches and documents. */
export const bucketsOfSystemsManager = (region: string): readonly string[] => [
  `amazon-ssm-${region}`,
  `amazon-ssm-packages-${region}`,
  `aws-patchmanager-macos-${region}`,
  `aws-ssm-${region}`,
  `aws-ssm-distributor-file-${region}`,
  `aws-ssm-document-attachments-${region}`,
  `aws-windows-downloads-${region}`,
  `patch-baseline-snapshot-${region}`,
  `${region}-birdwatcher-prod`,
];

/** What services fetch from buckets of AWS, which belong to no organisation: layers of images; agents, patches, packages. */
const BUCKETS_OF_AWS: readonly (readonly [sid: string, service: EndpointService, names: (region: string) => readonly string[]])[] = [
  ['ImageLayers', InterfaceVpcEndpointAwsService.ECR_DOCKER, (region) => [`prod-${region}-starport-layer-bucket`]],
  [
    'HostsOfSystemsManager',
    InterfaceVpcEndpointAwsService.SSM,
    (region) => [`al2023-repos-${region}-de612dc2`, `amazonlinux-2-repos-${region}`, ...bucketsOfSystemsManager(region)],
  ],
];

/** One private endpoint per service, with the name that clients know. */
export function addInterfaces(vpc: Vpc, services: readonly EndpointService[], group: SecurityGroup): Map<string, InterfaceVpcEndpoint> {
  const made = new Map<string, InterfaceVpcEndpoint>();
  for (const service of services) {
    const { shortName } = service;
    if (made.has(shortName)) continue;
    const endpoint = new InterfaceVpcEndpoint(vpc, idOf(shortName), {
      vpc,
      service,
      privateDnsEnabled: true,
      open: false,
      securityGroups: [group],
      subnets: { subnetGroupName: 'workload' },
    });
    keepInside(vpc, endpoint);
    if (shortName === InterfaceVpcEndpointAwsService.STS.shortName) letFederationIn(vpc, endpoint);
    if (shortName === InterfaceVpcEndpointAwsService.SSM.shortName) letDocumentsOfAwsIn(vpc, endpoint);
    const interfaces = BY_TOKEN[shortName];
    if (interfaces) letTokensIn(vpc, endpoint, interfaces);
    made.set(shortName, endpoint);
  }
  return made;
}

/** Callers and resources both belong to the organisation, or the account where none is declared (EXP-04). */
function keepInside(vpc: Vpc, endpoint: VpcEndpoint): void {
  endpoint.addToPolicy(
    new PolicyStatement({
      sid: 'InsideThePerimeter',
      principals: [new AnyPrincipal()],
      actions: ['*'],
      resources: ['*'],
      conditions: insidePerimeter(vpc),
    }),
  );
}

/** Who brings a token or an assertion belongs to no account until a role is taken; only roles of ours are. */
function letFederationIn(vpc: Vpc, endpoint: VpcEndpoint): void {
  endpoint.addToPolicy(
    new PolicyStatement({
      sid: 'RolesOfOurs',
      principals: [new AnyPrincipal()],
      actions: ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
      resources: ['*'],
      conditions: ourResources(vpc),
    }),
  );
}

/**
 * Systems Manager keeps the documents by which agents are told what to do, and public parameters such as the newest image,
 * in no account: our callers read them, and nothing else outside the perimeter.
 */
function letDocumentsOfAwsIn(vpc: Vpc, endpoint: VpcEndpoint): void {
  const { partition, region } = Stack.of(vpc);
  endpoint.addToPolicy(
    new PolicyStatement({
      sid: 'DocumentsOfAws',
      principals: [new AnyPrincipal()],
      actions: ['ssm:DescribeDocument', 'ssm:GetDocument', 'ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
      resources: ['document/*', 'parameter/aws/*'].map((each) => `arn:${partition}:ssm:${region}::${each}`),
      conditions: ourCallers(vpc),
    }),
  );
}

/** Interfaces of one's own, called through an endpoint. */
interface OwnInterfaces {
  readonly action: string;
  /** Service and resource, as their ARN has them. */
  readonly service: string;
  readonly resource: string;
}

/** Services whose callers may show a token of a user pool instead of a signature. */
const BY_TOKEN: Readonly<Record<string, OwnInterfaces>> = {
  'appsync-api': { action: 'appsync:GraphQL', service: 'appsync', resource: 'apis/*' },
  'execute-api': { action: 'execute-api:Invoke', service: 'execute-api', resource: '*' },
};

/**
 * Who shows a token is nobody to the policy of an endpoint: no condition on the caller holds. The interfaces of the account
 * are named instead, which ask everybody who they are; nothing else is reached without a signature.
 */
function letTokensIn(vpc: Vpc, endpoint: VpcEndpoint, { action, service, resource }: OwnInterfaces): void {
  const arn = Stack.of(vpc).formatArn({ service, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  endpoint.addToPolicy(
    new PolicyStatement({ sid: 'CallersWithTokens', principals: [new AnyPrincipal()], actions: [action], resources: [arn] }),
  );
}

/** Packages are fetched without a signature, so that no condition on the caller holds; the buckets are named instead. */
function allowReading(vpc: Vpc, s3: VpcEndpoint, sid: string, names: (region: string) => readonly string[]): void {
  const { partition, region } = Stack.of(vpc);
  const resources = names(region).map((name) => `arn:${partition}:s3:::${name}/*`);
  s3.addToPolicy(new PolicyStatement({ sid, principals: [new AnyPrincipal()], actions: ['s3:GetObject'], resources }));
}

/** `secretsmanager` → `EndpointSecretsmanager`, `ecr.dkr` → `EndpointEcrDkr`. */
const idOf = (service: string): string =>
  `Endpoint${service
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`;
