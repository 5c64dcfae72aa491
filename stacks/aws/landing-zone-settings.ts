/** Ids of the accounts of an environment, twelve digits each. */
export interface LandingZoneAccounts {
  /** Manages the organisation, and holds nothing else. */
  readonly management: string;
  /** Keeps the records of every account. */
  readonly logArchive: string;
  /** Watches every account, and investigates. */
  readonly security: string;
  /** The ways between networks, and out. */
  readonly network: string;
  /** Hold the systems themselves. */
  readonly workloads: readonly string[];
}

/** What differs between two environments. Each is an organisation of its own, as AWS has delegated administrators once. */
export interface LandingZoneSettings {
  readonly accounts: LandingZoneAccounts;
  /** Id of the organisation: `o-…`. */
  readonly organisationId: string;
  /** Id of the organisational unit that holds the accounts: `ou-…`, or the root `r-…`. */
  readonly unitId: string;
  /** Region of everything but the copies of backups. */
  readonly region: string;
  /** Region of the copies of backups, another one. */
  readonly recoveryRegion: string;
  /** ARN of the Identity Center instance, which the security account administers. */
  readonly identityCenterArn: string;
  /** Groups of the identity store that hold the closed roles; a role without a group is given to nobody. */
  readonly groups: { readonly agent?: string; readonly supportEngineer?: string; readonly supervisor?: string };
  /** Id of the API of the workload accounts that the closed roles call. */
  readonly caseApiId: string;
  /** Name of the managed policy that bounds the closed roles in the workload accounts. */
  readonly boundaryName: string;
  /** Sites on the internet that the network account lets through; see `inspectedEgress` of SecureVpc. */
  readonly allowedDomains: readonly string[];
  /** Names that networks may resolve, besides those of AWS and of the sites. */
  readonly allowedNames: readonly string[];
  /** Services that the accounts may call, as IAM names them. */
  readonly services: readonly string[];
  /** ARNs, or patterns, of the roles that deploy; nobody else changes stacks, logs or what watches. */
  readonly deployers: readonly string[];
  /**
   * Whether the security account administers Security Hub and Detective for the organisation by now. Not so before it is
   * named: naming an account that has them keeps them, where the services would make others that no stack knows.
   */
  readonly administers: boolean;
  /** Mailbox that is read around the clock; empty: subscribe to the alarm topics by other means. */
  readonly securityMailbox: string;
}

/** Names of the environments; also the ids of their stages. */
export const ENVIRONMENTS = ['staging', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

const SERVICES = [
  ...['access-analyzer', 'account', 'acm', 'apigateway', 'application-autoscaling', 'appsync', 'athena', 'autoscaling', 'backup'],
  ...[
    'backup-storage',
    'cloudformation',
    'cloudfront',
    'cloudtrail',
    'cloudwatch',
    'cognito-identity',
    'cognito-idp',
    'config',
    'detective',
  ],
  ...['dynamodb', 'ec2', 'ec2messages', 'ecr', 'ecs', 'elasticloadbalancing', 'events', 'execute-api', 'firehose', 'glue', 'guardduty'],
  ...['health', 'iam', 'identitystore', 'inspector2', 'kinesis', 'kms', 'lambda', 'logs', 'macie2', 'network-firewall', 'organizations'],
  ...[
    'pipes',
    'ram',
    'rds',
    'rds-data',
    'route53',
    'route53resolver',
    's3',
    's3-object-lambda',
    'scheduler',
    'secretsmanager',
    'securityhub',
  ],
  ...['servicequotas', 'signer', 'sns', 'sqs', 'ssm', 'ssmmessages', 'sso', 'states', 'sts', 'support', 'tag', 'wafv2', 'xray'],
];

const COMMON = {
  region: 'eu-central-1',
  recoveryRegion: 'eu-west-1',
  groups: {},
  caseApiId: 'cases',
  boundaryName: 'workload-boundary',
  allowedDomains: ['api.pwnedpasswords.com'],
  allowedNames: ['*.cases.internal'],
  services: SERVICES,
  deployers: ['arn:aws:iam::*:role/cdk-*'],
  administers: true,
  securityMailbox: '',
} as const;

/** Settings that lead nowhere: their accounts are those that AWS keeps for examples. Name your own to deploy. */
export const EXAMPLES: Readonly<Record<Environment, LandingZoneSettings>> = {
  staging: {
    ...COMMON,
    accounts: {
      management: '999999999999',
      logArchive: '666666666666',
      security: '555555555555',
      network: '333333333333',
      workloads: ['222222222222'],
    },
    organisationId: 'o-examplestaging',
    unitId: 'ou-abcd-staging01',
    identityCenterArn: 'arn:aws:sso:::instance/ssoins-abcdef0123456789',
  },
  production: {
    ...COMMON,
    accounts: {
      management: '123456789012',
      logArchive: '777788889999',
      security: '444455556666',
      network: '888888888888',
      workloads: ['111122223333'],
    },
    organisationId: 'o-exampleorgid',
    unitId: 'ou-wxyz-workloads',
    identityCenterArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
  },
};

/** Settings by environment, as somebody writes them: what is left out is that of the example. */
export type LandingZoneOverrides = { readonly [E in Environment]?: Partial<LandingZoneSettings> };

/**
 * Completes the settings of both environments, and refuses those that cannot be meant.
 *
 * @param given an object, or JSON, such as the context value `landingZone` of the CDK
 * @throws Error that names the setting, what is wrong with it and what to write
 */
export function landingZoneSettings(given: unknown = {}): Readonly<Record<Environment, LandingZoneSettings>> {
  const overrides = objectOf('landingZone', typeof given === 'string' ? parsed(given) : given);
  refuseOthers('landingZone', overrides, ENVIRONMENTS);
  const [staging, production] = ENVIRONMENTS.map((environment) => complete(environment, overrides[environment] ?? {}));
  const both = { staging, production } as Readonly<Record<Environment, LandingZoneSettings>>;
  const [ours, theirs] = ENVIRONMENTS.map((environment) => idsOf(both[environment].accounts)) as [string[], string[]];
  const twice = ours.find((id) => theirs.includes(id));
  if (twice) throw new Error(`landingZone: account ${twice} stands in both environments; give each accounts of its own`);
  return both;
}

function complete(environment: Environment, given: unknown): LandingZoneSettings {
  const where = `landingZone.${environment}`;
  const example = EXAMPLES[environment];
  const overrides = objectOf(where, given);
  refuseOthers(where, overrides, Object.keys(example));
  const settings = { ...example, ...overrides } as LandingZoneSettings;
  const ids = idsOf(settings.accounts);
  const wrong = ids.find((id) => !/^\d{12}$/.test(id));
  if (wrong !== undefined) throw new Error(`${where}.accounts: "${wrong}" is no account; write the twelve digits of its id`);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice) throw new Error(`${where}.accounts: ${twice} stands twice; each account has one purpose (LOG-09)`);
  if (!/^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/.test(settings.unitId))
    throw new Error(`${where}.unitId is "${settings.unitId}"; write an organisational unit (ou-abcd-12345678) or the root (r-abcd)`);
  if (typeof settings.administers !== 'boolean')
    throw new Error(`${where}.administers is ${JSON.stringify(settings.administers)}; write true or false`);
  if (settings.recoveryRegion === settings.region)
    throw new Error(
      `${where}.recoveryRegion is "${settings.region}", as region is; copies that survive the loss of a region lie in another (BCR-03)`,
    );
  return settings;
}

const idsOf = ({ management, logArchive, security, network, workloads }: LandingZoneAccounts): string[] => [
  ...[management, logArchive, security, network].map(String),
  ...(workloads ?? []),
];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('landingZone is no JSON; write -c landingZone=\'{"production":{…}}\', or context in cdk.json');
  }
}

function objectOf(where: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where} is no object; write settings by name, as docs/aws/landing-zone.md lists them`);
  return value as Readonly<Record<string, unknown>>;
}

function refuseOthers(where: string, given: object, known: readonly string[]): void {
  const other = Object.keys(given).find((key) => !known.includes(key));
  if (other !== undefined) throw new Error(`${where}: there is no setting "${other}"; write one of ${known.join(', ')}`);
}

/** Names that one account has to know of another, before anything is deployed. */
export const namesOf = (environment: Environment, { accounts, region }: LandingZoneSettings) => ({
  archiveBucket: `${environment}-log-archive-${accounts.logArchive}-${region}`,
  archiveAlias: `${environment}-log-archive`,
  stageBucket: `${environment}-config-stage-${accounts.logArchive}-${region}`,
  /** As `case-management` expects it. */
  recoveryVault: 'case-management',
});
