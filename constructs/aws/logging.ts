import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { DataIdentifier, DataProtectionPolicy, LogGroup, type LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct, IConstruct } from 'constructs';
import { type ControlId, claims, type LogClass, RETENTION_DAYS, type Relaxation, reaches, relaxed, unclaimed } from '../contract';
import { SecureKey } from './keys';
import { grantKeyToService } from './keys-policy';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';
import { sharedIn } from './shared';

/** Personal data and secrets that are masked in every log group; who may unmask needs `logs:Unmask` (PRV-07). */
const MASKED = [
  DataIdentifier.ADDRESS,
  DataIdentifier.AWSSECRETKEY,
  DataIdentifier.CREDITCARDNUMBER,
  DataIdentifier.CREDITCARDSECURITYCODE,
  DataIdentifier.EMAILADDRESS,
  DataIdentifier.NAME,
  DataIdentifier.OPENSSHPRIVATEKEY,
  DataIdentifier.PGPPRIVATEKEY,
  DataIdentifier.PKCSPRIVATEKEY,
  DataIdentifier.PUTTYPRIVATEKEY,
];

/** Retention periods that CloudWatch Logs knows, in days. */
const PERIODS = Object.values(RetentionDays).filter((days): days is RetentionDays => typeof days === 'number' && days < 9999);

const FAMILY = 'logging';

/** Props of {@link SecureLogGroup}; every default is the hardened one. */
export interface SecureLogGroupProps extends Pick<LogGroupProps, 'fieldIndexPolicies' | 'logGroupName'> {
  /**
   * security: who did what to the control plane and the network. access: reads and alterations of data. operations:
   * everything else.
   * @default 'operations'
   */
  readonly logClass?: LogClass;
  /**
   * How long records are kept, in days; one of the periods that CloudWatch Logs knows, and no less than the tier asks of
   * the class, unless LOG-10 is relaxed.
   * @default what the tier asks of the class: 365, 90 and 30 days at low, 365, 365 and 90 at moderate, 731, 731 and 180 at high
   */
  readonly retention?: number;
  /**
   * Key that encrypts the records.
   * @default the log key of the stack from the moderate tier on; CloudWatch's own encryption at low
   */
  readonly key?: IKey;
  /**
   * Further personal data to mask, such as the national ids and phone numbers of the countries you serve.
   * @default none besides names, addresses, mail addresses, card numbers, private keys and AWS secrets
   */
  readonly mask?: readonly DataIdentifier[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureLogGroup',
  'LOG-10',
  { control: 'LOG-11', from: 'moderate' },
  { control: 'ENC-11', from: 'moderate' },
  'DHC-10',
  'PRV-07',
  unclaimed('LOG-09', 'a group lives beside its workload; a LogArchive in an account of its own is what stays out of reach'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'DHC-10': 'the group is deleted with its stack',
    'LOG-10': 'retention may be shorter than the tier asks',
    'PRV-07': 'personal data and secrets are not masked',
  },
  firm: { 'ENC-11': 'pass another key', 'LOG-11': 'pass another key' },
};

/**
 * A log group that keeps its records as long as the tier asks of their class, encrypts them with a key for logs, masks
 * personal data and secrets, and cannot be deleted by accident.
 *
 * Guarantees LOG-10, DHC-10 and PRV-07; from the moderate tier on LOG-11 and ENC-11. It is a `logs.LogGroup`.
 *
 * @throws Error when the retention is shorter than the tier asks, or none that CloudWatch Logs knows
 * @example
 * const audit = new SecureLogGroup(stack, 'CaseAudit', { logClass: 'access' });
 * audit.grantWrite(caseService);
 */
export class SecureLogGroup extends LogGroup {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureLogGroupProps = {}) {
    const { tier } = profileOf(scope);
    const { relax, mask = [], logClass = 'operations' } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const least = RETENTION_DAYS[tier][logClass];
    const retention = props.retention ?? least;
    if (!PERIODS.includes(retention))
      throw new Error(`${where}: retention is ${retention}; CloudWatch Logs keeps records for ${PERIODS.join(', ')} days`);
    if (retention < least) {
      const loosened = `retention of ${retention} days for ${logClass} records at tier ${tier}`;
      requireRelaxation(where, relax, 'LOG-10', loosened, `keep them for at least ${least}`);
    }
    const key = props.key ?? (reaches(tier, 'moderate') ? logKeyOf(scope) : undefined);
    if (key instanceof Key) letLogsUse(key);
    const kept = relaxed(relax, 'DHC-10') === undefined;

    super(scope, id, {
      ...(props.logGroupName ? { logGroupName: props.logGroupName } : {}),
      ...(props.fieldIndexPolicies ? { fieldIndexPolicies: props.fieldIndexPolicies } : {}),
      ...(key ? { encryptionKey: key } : {}),
      ...(relaxed(relax, 'PRV-07')
        ? {}
        : { dataProtectionPolicy: new DataProtectionPolicy({ name: 'palisade-mask', identifiers: [...MASKED, ...mask] }) }),
      retention,
      deletionProtectionEnabled: kept,
      removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }
}

/** The key for logs shared nearest above, else one made for the stack. */
const logKeyOf = (scope: IConstruct): Key =>
  sharedIn(scope, 'log-key', (stack) => new SecureKey(stack, 'PalisadeLogKey', { description: `Encrypts the logs of ${stack.node.path}` }));

/** CloudWatch Logs names the log group, and by it the account, in the encryption context. */
function letLogsUse(key: Key): void {
  const { region } = Stack.of(key);
  const groups = Stack.of(key).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  grantKeyToService(key, `logs.${region}.amazonaws.com`, {
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    encryptionContext: { 'aws:logs:arn': groups },
  });
}
