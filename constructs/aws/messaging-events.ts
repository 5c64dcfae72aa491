import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, type EventBusProps, IncludeDetail, Level } from 'aws-cdk-lib/aws-events';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import {
  type CfnStateMachine,
  CustomerManagedEncryptionConfiguration,
  LogLevel,
  StateMachine,
  type StateMachineProps,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { claims, type Relaxation, reaches } from '../contract';
import { denyOutsiders } from './identity-perimeter';
import { grantKeyToService } from './keys-policy';
import { SecureLogGroup } from './logging';
import { checkSharing, FAMILY, keyFromModerate } from './messaging-floor';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Props of {@link SecureEventBus}; every default is the hardened one. */
export interface SecureEventBusProps extends Pick<EventBusProps, 'deadLetterQueue' | 'description' | 'eventBusName'> {
  /**
   * Key that encrypts the events.
   * @default a SecureKey of its own from the moderate tier on; EventBridge's own encryption at low
   */
  readonly key?: IKey;
  /**
   * Where the records of the bus go, without the events themselves.
   * @default a SecureLogGroup at the high tier; none below
   */
  readonly logs?: ILogGroup;
  /** Account ids outside the organisation (or the account) that may be let in; needs LPA-10 to be relaxed. @default none */
  readonly sharedWith?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const BUS: Promises = {
  claims: claims(
    'SecureEventBus',
    { control: 'ENC-11', from: 'high' },
    { control: 'LOG-19', from: 'high' },
    { control: 'PRV-07', from: 'high' },
    'DHC-05',
    'LPA-10',
  ),
  families: [FAMILY],
  relaxable: { 'LPA-10': 'the accounts in sharedWith can be let in' },
  firm: { 'ENC-11': 'pass another key', 'LOG-19': 'pass another log group', 'PRV-07': 'record what you need in a target' },
};

/**
 * An encrypted event bus that refuses events of outsiders, and records what it does without recording the events.
 *
 * Guarantees DHC-05 and LPA-10; from the high tier on ENC-11, LOG-19 and PRV-07. It is an `events.EventBus`.
 *
 * @throws Error when a prop breaks a promise that is not relaxed
 * @example
 * const bus = new SecureEventBus(stack, 'Cases');
 * bus.grantPutEventsTo(caseService);
 */
export class SecureEventBus extends EventBus {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = BUS.claims;

  constructor(scope: Construct, id: string, props: SecureEventBusProps = {}) {
    const { tier } = profileOf(scope);
    const { relax, sharedWith } = props;
    checkRelaxations(scope, id, relax, BUS);
    checkSharing(`${scope.node.path}/${id}`, props);
    const kmsKey = keyFromModerate(scope, id, tier, props);
    const logs = props.logs ?? (reaches(tier, 'high') ? new SecureLogGroup(scope, `${id}Logs`) : undefined);

    super(scope, id, {
      ...(props.eventBusName ? { eventBusName: props.eventBusName } : {}),
      ...(props.description ? { description: props.description } : {}),
      ...(props.deadLetterQueue ? { deadLetterQueue: props.deadLetterQueue } : {}),
      ...(kmsKey ? { kmsKey } : {}),
      ...(logs ? { logConfig: { level: Level.INFO, includeDetail: IncludeDetail.NONE } } : {}),
    });
    const policy = new CfnEventBusPolicy(this, 'Perimeter', {
      eventBusName: this.eventBusName,
      statementId: 'DenyOutsiders',
      statement: denyOutsiders(this, ['events:PutEvents'], [this.eventBusArn], sharedWith).toStatementJson(),
    });
    if (logs) deliverLogs(this, logs, kmsKey);
    recordWaiver(relax, 'LPA-10', FAMILY, policy);
  }
}

/** Has CloudWatch Logs deliver the records of the bus into the group. */
function deliverLogs(bus: EventBus, group: ILogGroup, key: IKey | undefined): void {
  const stack = Stack.of(bus);
  const unique = bus.node.addr.slice(-8);
  const destination = new CfnDeliveryDestination(bus, 'LogDestination', {
    name: `palisade-${unique}`,
    destinationResourceArn: group.logGroupArn,
  });
  for (const level of ['ERROR', 'INFO'] as const) {
    const source = new CfnDeliverySource(bus, `${level}Source`, {
      name: `palisade-${unique}-${level.toLowerCase()}`,
      resourceArn: bus.eventBusArn,
      logType: `${level}_LOGS`,
    });
    const delivery = new CfnDelivery(bus, `${level}Delivery`, {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
    });
    delivery.node.addDependency(source);
  }
  if (!(key instanceof Key)) return;
  const sources = stack.formatArn({
    service: 'logs',
    resource: 'delivery-source',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  grantKeyToService(key, 'delivery.logs.amazonaws.com', { sourceArn: sources });
}

/** Props of the CDK's state machine that a user may set; whatever else is given is not passed on. */
const MACHINE_PROPS = [
  'comment',
  'definitionBody',
  'definitionSubstitutions',
  'queryLanguage',
  'role',
  'stateMachineName',
  'stateMachineType',
  'timeout',
] as const satisfies readonly (keyof StateMachineProps)[];

/** Props of {@link SecureStateMachine}; every default is the hardened one. */
export interface SecureStateMachineProps extends Pick<StateMachineProps, (typeof MACHINE_PROPS)[number]> {
  /**
   * Key that encrypts definition and executions.
   * @default a SecureKey of its own from the moderate tier on; the service's own encryption at low
   */
  readonly key?: IKey;
  /**
   * Where every transition is recorded.
   * @default a SecureLogGroup of operations records
   */
  readonly logs?: ILogGroup;
  /**
   * Records inputs and outputs of states too; at the high tier it needs PRV-07 to be relaxed.
   * @default false
   */
  readonly includeExecutionData?: boolean;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const MACHINE: Promises = {
  claims: claims(
    'SecureStateMachine',
    { control: 'LOG-19', from: 'moderate' },
    { control: 'ENC-11', from: 'high' },
    { control: 'PRV-07', from: 'high' },
  ),
  families: [FAMILY],
  relaxable: { 'PRV-07': 'includeExecutionData may be true' },
  firm: { 'ENC-11': 'pass another key', 'LOG-19': 'pass another log group' },
};

/**
 * A workflow of which every transition is recorded and traced, without the data that passes through it.
 *
 * Guarantees from the moderate tier on LOG-19; from the high tier on ENC-11 and PRV-07. It is an `sfn.StateMachine`.
 *
 * @throws Error when a prop breaks a promise that is not relaxed
 * @example
 * import { DefinitionBody, Pass } from 'aws-cdk-lib/aws-stepfunctions';
 * const definitionBody = DefinitionBody.fromChainable(new Pass(stack, 'Triage'));
 * const triage = new SecureStateMachine(stack, 'CaseTriage', { definitionBody });
 * triage.grantStartExecution(caseService);
 */
export class SecureStateMachine extends StateMachine {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = MACHINE.claims;

  constructor(scope: Construct, id: string, props: SecureStateMachineProps) {
    const { tier } = profileOf(scope);
    const { includeExecutionData = false, relax } = props;
    checkRelaxations(scope, id, relax, MACHINE);
    if (includeExecutionData && tier === 'high')
      requireRelaxation(`${scope.node.path}/${id}`, relax, 'PRV-07', 'includeExecutionData', 'record transitions only');
    const kmsKey = keyFromModerate(scope, id, tier, props);
    const user: StateMachineProps = Object.fromEntries(MACHINE_PROPS.map((name) => [name, props[name]]));

    super(scope, id, {
      ...user,
      logs: {
        destination: props.logs ?? new SecureLogGroup(scope, `${id}Logs`),
        level: LogLevel.ALL,
        includeExecutionData,
      },
      tracingEnabled: true,
      ...(kmsKey ? { encryptionConfiguration: new CustomerManagedEncryptionConfiguration(handleOf(scope, id, kmsKey)) } : {}),
    });
    if (kmsKey) letRecordsBeDelivered(this, kmsKey);
    recordWaiver(relax, 'PRV-07', FAMILY, this);
  }
}

/** The CDK would let log delivery use the key on behalf of anybody: it gets a key whose policy it cannot change. */
const handleOf = (scope: Construct, id: string, key: IKey): IKey => Key.fromKeyArn(scope, `${id}KeyHandle`, key.keyArn);

/** Log delivery names the logs of the account in the encryption context. */
function letRecordsBeDelivered(machine: StateMachine, key: IKey): void {
  (machine.node.defaultChild as CfnStateMachine).addPropertyOverride('EncryptionConfiguration.KmsKeyId', key.keyArn);
  if (!(key instanceof Key)) return;
  const logs = Stack.of(machine).formatArn({ service: 'logs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
  grantKeyToService(key, 'delivery.logs.amazonaws.com', { actions: ['kms:Decrypt'], encryptionContext: { SourceArn: logs } });
}
