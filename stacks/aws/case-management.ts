import type { App } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { type DataProfile, type SecureStackProps, share } from '../../constructs/aws';
import { ATTACHMENTS_AT_MOST_DAYS, CASE_MANAGEMENT, CASE_WEB } from '../profile';
import { CaseAccessStack } from './case-management-access';
import { CaseDataStack } from './case-management-data';
import { LogArchiveStack } from './case-management-logs';
import { CaseNetworkStack, type ForeignArchive, type PrefixLists } from './case-management-network';
import { CaseWebStack } from './case-management-web';

/** What differs between two deployments of the environment. */
export interface CaseManagementProps {
  /** Region of everything but the copies of backups, and the edge of the web client. @default 'eu-central-1' */
  readonly region?: string;
  /** @default the account of the credentials that deploy */
  readonly account?: string;
  /** Id of the AWS organisation. @default data perimeters end at the account */
  readonly organisationId?: string;
  /**
   * Archive in the security account, out of the workload's reach (LOG-09).
   * @default an archive in a stack of its own, in the same account
   */
  readonly archive?: ForeignArchive;
  /**
   * ARN of a backup vault in another account and region (BCR-03); the residency names its region too.
   * @default an example in eu-west-1: nothing can be copied there, so that backups fail until a real one is named
   */
  readonly recoveryVaultArn?: string;
  /**
   * AWS's own prefix lists of S3 and DynamoDB in the region (`aws ec2 describe-managed-prefix-lists`).
   * @default those of eu-central-1; elsewhere they have to be named
   */
  readonly prefixLists?: PrefixLists;
  /** Web origin of the client. @default 'https://cases.example.com' */
  readonly origin?: string;
  /** Metadata document of the organisation's SAML identity provider. @default people sign in to the directory itself */
  readonly samlMetadataUrl?: string;
  /** Days for which attachments of cases are kept. @default 730 */
  readonly attachmentsAtMostDays?: number;
  /** Mailbox that is read around the clock; it hears security alarms. @default nobody; subscribe to the topic by other means */
  readonly securityMailbox?: string;
  /** What the system is worth protecting. @default restricted data of millions of people: high tier */
  readonly profile?: DataProfile;
}

/** The stacks of the environment. */
export interface CaseManagementStacks {
  /** Absent when the archive lives in the security account. */
  readonly logs?: LogArchiveStack;
  readonly network: CaseNetworkStack;
  readonly data: CaseDataStack;
  readonly access: CaseAccessStack;
  readonly web: CaseWebStack;
}

/** An account that AWS keeps for examples. */
const EXAMPLE_VAULT = 'arn:aws:backup:eu-west-1:444455556666:backup-vault:case-management';
/** CloudFront, its certificates and its firewall are managed there. */
const EDGE_REGION = 'us-east-1';

/**
 * The case-management environment on AWS: records, network, data, access and web client, each a stack of its own.
 * Synthesis needs no credentials and looks nothing up.
 *
 * @throws Error when the prefix lists of the region are not known
 * @example
 * const { network } = caseManagement(new App(), { organisationId: 'o-exampleorgid', securityMailbox: 'security@example.com' });
 * network.vpc.securityGroup('Reports', { description: 'Nightly reports' });
 */
export function caseManagement(app: App, props: CaseManagementProps = {}): CaseManagementStacks {
  const { region = 'eu-central-1', account, organisationId, recoveryVaultArn = EXAMPLE_VAULT } = props;
  const { origin = 'https://cases.example.com', attachmentsAtMostDays = ATTACHMENTS_AT_MOST_DAYS, samlMetadataUrl } = props;
  const elsewhere = recoveryVaultArn.split(':')[3] ?? '';
  const common = {
    env: { region, ...(account ? { account } : {}) },
    profile: { ...(props.profile ?? CASE_MANAGEMENT), residency: [...new Set([region, elsewhere])] },
    ...(organisationId ? { organisationId } : {}),
  };
  const logs = props.archive ? undefined : logArchive(app, common);
  const network = new CaseNetworkStack(app, 'case-management', {
    ...common,
    description: 'Network, keys and records of case management',
    archive: props.archive ?? (logs as LogArchiveStack).archive,
    ...(logs ? { alarms: logs.alarms } : {}),
    ...(props.prefixLists ? { prefixLists: props.prefixLists } : {}),
  });
  const { backupBoundary, boundary, caseKey, signing, vpc } = network;
  const data = new CaseDataStack(app, 'case-management-data', {
    ...common,
    description: 'Records and attachments of case management, and their backups',
    attachmentsAtMostDays,
    backupBoundary,
    boundary,
    caseKey,
    origin,
    recoveryVaultArn,
  });
  const access = new CaseAccessStack(app, 'case-management-access', {
    ...common,
    description: 'Directory, roles and interfaces of case management',
    boundary,
    caseKey,
    data,
    origin,
    signing,
    vpc,
    ...(samlMetadataUrl ? { samlMetadataUrl } : {}),
  });
  const web = new CaseWebStack(app, 'case-management-web', {
    env: { region: EDGE_REGION, ...(account ? { account } : {}) },
    profile: { ...CASE_WEB, residency: [EDGE_REGION] },
    ...(organisationId ? { organisationId } : {}),
    description: 'Web client of case management, without case data',
    domainName: new URL(origin).hostname,
    calls: region,
  });
  if (props.securityMailbox) network.alarms.addSubscription(new EmailSubscription(props.securityMailbox));
  return { ...(logs ? { logs } : {}), network, data, access, web };
}

/** The archive, whose alarms and access-log bucket the whole app then uses. */
function logArchive(app: App, props: SecureStackProps): LogArchiveStack {
  const stack = new LogArchiveStack(app, 'case-management-logs', { ...props, description: 'Records of case management' });
  share(app, 'access-logs', stack.accessLogs);
  share(app, 'alarms', stack.alarms);
  return stack;
}
