import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { StreamViewType, TableEncryptionV2, type TablePropsV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, type IGrantable, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { claims, RECOVERY_DAYS, type Relaxation, reaches, relaxed, unclaimed } from '../contract';
import { FAMILY, keyOf } from './database-shared';
import { denyOutsiders } from './identity-perimeter';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Props of the CDK's table that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'billing',
  'contributorInsightsSpecification',
  'dynamoStream',
  'globalSecondaryIndexes',
  'localSecondaryIndexes',
  'partitionKey',
  'sortKey',
  'tableClass',
  'tableName',
  'timeToLiveAttribute',
  'warmThroughput',
] as const satisfies readonly (keyof TablePropsV2)[];

/** Ways to take all items out at once. */
const EXPORT = ['dynamodb:EnableKinesisStreamingDestination', 'dynamodb:ExportTableToPointInTime'];

/** Props of {@link SecureTable}; every default is the hardened one. */
export interface SecureTableProps extends Pick<TablePropsV2, (typeof PASSED_ON)[number]> {
  /**
   * Attribute that holds the second (since 1970) after which an item is deleted. Required, unless DHC-06 is relaxed.
   * @default none: items are kept without end, which needs the relaxation
   */
  readonly timeToLiveAttribute?: string;
  /**
   * What the stream of changes holds. At the high tier both images, so that what was there before can be proven, unless
   * LOG-05 is relaxed.
   * @default StreamViewType.NEW_AND_OLD_IMAGES from the moderate tier on, no stream at low
   */
  readonly dynamoStream?: StreamViewType;
  /**
   * Key that encrypts items, indexes, streams and backups.
   * @default a SecureKey of its own from the moderate tier on; the key of AWS at low
   */
  readonly key?: IKey;
  /**
   * Regions that hold a replica, each with the ARN of the key of that region; only regions that the data profile names as
   * its residency, where it names any.
   * @default none
   */
  readonly replicas?: Readonly<Record<string, string>>;
  /**
   * Account ids outside the organisation (or the account) that may be granted access; needs LPA-10 to be relaxed.
   * @default none
   */
  readonly sharedWith?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureTable',
  'BCR-01',
  'DHC-01',
  'DHC-05',
  { control: 'DHC-06', from: 'moderate' },
  'DHC-10',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'LOG-05', from: 'high' },
  { control: 'LPA-09', from: 'moderate' },
  unclaimed('LPA-02', 'rights on a table are policies of whoever holds them; its grant methods name actions and the table'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'DHC-06': 'timeToLiveAttribute may be left out; items are kept without end',
    'DHC-10': 'the table is deleted with its stack',
    'EXP-01': 'who is granted it can export the table, or stream it into Kinesis',
    'LOG-05': 'dynamoStream may leave out what was there before',
    'LPA-10': 'the accounts in sharedWith can be granted access',
  },
  firm: { 'BCR-01': 'every change can be undone for 35 days', 'ENC-02': 'pass another key' },
};

/** What a role may read of the items whose key is its own. */
export interface LeadingKeyRead {
  /** Index that is queried. @default the table itself */
  readonly index?: string;
}

/**
 * A table whose items can be brought back to any second of the last 35 days, that cannot be deleted by accident, lets in
 * nobody from outside, and that nobody exports.
 *
 * Guarantees BCR-01, DHC-01, DHC-05 and DHC-10; from the moderate tier on DHC-06, ENC-02 and LPA-09; from the high tier on
 * LOG-05.
 * Its policy refuses outsiders (LPA-10) and bulk export (EXP-01). It is a `dynamodb.TableV2`: grants, event sources and
 * AppSync data sources work with it.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, or a replica lies where the data must not be
 * @example
 * import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
 * const cases = new SecureTable(stack, 'Cases', {
 *   partitionKey: { name: 'assignee', type: AttributeType.STRING },
 *   sortKey: { name: 'caseId', type: AttributeType.STRING },
 *   timeToLiveAttribute: 'deleteAfter',
 * });
 * cases.grantLeadingKeyRead(role, '${aws:PrincipalTag/agent}', ['assignee', 'caseId', 'subject', 'status']);
 */
export class SecureTable extends TableV2 {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureTableProps) {
    const { tier, profile } = profileOf(scope);
    const { relax, replicas = {}, sharedWith = [] } = props ?? {};
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const user = Object.fromEntries(PASSED_ON.map((name) => [name, props[name]])) as Pick<TablePropsV2, (typeof PASSED_ON)[number]>;
    if (!user.partitionKey) throw new Error(`${where}: partitionKey is missing; write partitionKey: { name, type }`);
    if (!user.timeToLiveAttribute)
      requireRelaxation(where, relax, 'DHC-06', 'no timeToLiveAttribute', 'name the attribute that holds the end of each item');
    if (sharedWith.length > 0) requireRelaxation(where, relax, 'LPA-10', 'sharedWith', 'keep the items inside the organisation');
    const dynamoStream = user.dynamoStream ?? (reaches(tier, 'moderate') ? StreamViewType.NEW_AND_OLD_IMAGES : undefined);
    if (tier === 'high' && dynamoStream !== StreamViewType.NEW_AND_OLD_IMAGES && dynamoStream !== StreamViewType.OLD_IMAGE)
      requireRelaxation(where, relax, 'LOG-05', `dynamoStream ${dynamoStream}`, 'leave it out');
    checkReplicas(where, Object.keys(replicas), Stack.of(scope).region, profile.residency);
    const key = keyOf(scope, id, Object.keys(replicas).length > 0 ? 'high' : tier, props.key);
    const kept = relaxed(relax, 'DHC-10') === undefined;
    const policy = policyOf(scope, sharedWith, relaxed(relax, 'EXP-01') === undefined);
    const floor = {
      deletionProtection: kept,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: RECOVERY_DAYS },
    };

    super(scope, id, {
      ...user,
      ...floor,
      ...(dynamoStream ? { dynamoStream } : {}),
      encryption: key ? TableEncryptionV2.customerManagedKey(key, { ...replicas }) : TableEncryptionV2.awsManagedKey(),
      removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      replicas: Object.keys(replicas).map((region) => ({ region, ...floor, resourcePolicy: policy })),
      resourcePolicy: policy,
    });
    // No rule asks for the refusal of exports: relaxing it leaves nothing to waive.
    for (const control of ['DHC-06', 'DHC-10', 'LOG-05', 'LPA-10'] as const) recordWaiver(relax, control, FAMILY, this);
  }

  /**
   * Lets a role read the items whose partition key is its own value of `keyVariable`, and of them the listed attributes
   * only (LPA-06, FLS-03). The role has to ask for attributes by name: whole items, scans and other keys are refused.
   *
   * @param keyVariable policy variable that holds the key: `${aws:PrincipalTag/agent}`
   * @param attributes attributes that are shown; the key attributes have to be among them
   * @throws Error when the variable is none, or no attribute is listed
   */
  grantLeadingKeyRead(grantee: IGrantable, keyVariable: string, attributes: readonly string[], options: LeadingKeyRead = {}): void {
    const where = `${this.node.path}: grantLeadingKeyRead`;
    if (!/\$\{[^}]+\}/.test(keyVariable))
      throw new Error(`${where}: "${keyVariable}" holds no policy variable; write one such as \${aws:PrincipalTag/agent} (LPA-06)`);
    if (attributes.length === 0 || attributes.some((name) => name.includes('*')))
      throw new Error(`${where}: list the attributes that are shown, without wildcards (FLS-03)`);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
        resources: [options.index ? `${this.tableArn}/index/${options.index}` : this.tableArn],
        conditions: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [keyVariable], 'dynamodb:Attributes': [...attributes] },
          // Without these the two above hold for a request that names neither key nor attributes.
          Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
          StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      }),
    );
    this.encryptionKey?.grantDecrypt(grantee);
  }
}

function policyOf(scope: Construct, sharedWith: readonly string[], closed: boolean): PolicyDocument {
  return new PolicyDocument({
    statements: [
      denyOutsiders(scope, ['dynamodb:*'], ['*'], sharedWith),
      ...(closed
        ? [
            new PolicyStatement({
              sid: 'DenyExport',
              effect: Effect.DENY,
              principals: [new AnyPrincipal()],
              actions: EXPORT,
              resources: ['*'],
            }),
          ]
        : []),
    ],
  });
}

function checkReplicas(where: string, regions: readonly string[], own: string, residency: readonly string[] = []): void {
  for (const region of regions) {
    if (region === own) throw new Error(`${where}: replicas names ${region}, where the table itself is; name other regions`);
    if (residency.length > 0 && !residency.includes(region))
      throw new Error(`${where}: a replica lies in ${region}; the data profile promises to stay in ${residency.join(', ')} (LOC-02)`);
  }
}
