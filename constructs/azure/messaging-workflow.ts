import * as logic from '@pulumi/azure-native/logic';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { FAMILY } from './messaging-floor';
import { hardenedDefinition, isStartedByRequest, type WorkflowDefinition } from './messaging-workflow-definition';
import type { Promises } from './relax';
import { whole } from './whole';

/** Who may start a workflow over its address: applications and people of one directory, with a token for one audience. */
export interface WorkflowCallers {
  /** Directory that issues the token. */
  readonly tenantId: pulumi.Input<string>;
  /** What the token is for: `api://case-triage`. */
  readonly audience: pulumi.Input<string>;
  /** Object id of the only caller. @default everybody to whom the directory gives a token for the audience */
  readonly objectId?: pulumi.Input<string>;
  /** Ranges from which calls come, `203.0.113.0/24`. @default every range: the token decides */
  readonly ranges?: readonly string[];
}

/** The value of a parameter of a workflow. */
export interface WorkflowParameter {
  /** Kind of the value; those that start with Secure are never shown. */
  readonly type: 'Array' | 'Bool' | 'Float' | 'Int' | 'Object' | 'SecureObject' | 'SecureString' | 'String';
  /** The value. */
  readonly value: pulumi.Input<unknown>;
}

/** What a {@link SecureLogicApp} is made from. */
export interface SecureLogicAppArgs extends SecureArgs {
  /** Triggers and actions, as in the workflow definition language; leaves may be outputs. */
  readonly definition: WorkflowDefinition;
  /** Who starts the workflow; obligatory where a trigger is a request (DID-16). @default nobody: it starts by itself */
  readonly callers?: WorkflowCallers;
  /** Ranges from which the history of runs is read (PRV-07). @default none: its contents are shown to nobody */
  readonly historyReaders?: readonly string[];
  /** Values of the definition's parameters; secrets stay secret. @default none */
  readonly parameters?: Readonly<Record<string, WorkflowParameter>>;
  /** Where every run is recorded; obligatory from tier moderate (LOG-19). @default nowhere */
  readonly logs?: LogSink;
}

/** Nobody: the one address that no caller has. */
const NOBODY = '0.0.0.0-0.0.0.0';

/**
 * A workflow that starts only for callers whom the directory knows, signs in with an identity of its own, calls over TLS,
 * and leaves no content in the history of its runs. The address that carries a signature of the workflow's key starts
 * nothing: each request trigger asks for a token.
 *
 * Guarantees TLS-02, DID-16 and PRV-07; from the moderate tier on LOG-19.
 *
 * @throws RangeError where the tier needs an argument that is missing, a request trigger has no callers, or an address is
 *   in clear text
 * @example
 * const triage = new SecureLogicApp('triage', {
 *   profile, resourceGroupName, location, logs,
 *   callers: { tenantId, audience: 'api://case-triage' },
 *   definition: {
 *     triggers: { start: { type: 'Request', kind: 'Http', inputs: { schema: {} } } },
 *     actions: { send: { type: 'Http', inputs: { method: 'POST', uri: 'https://cases.example.com/triage' } } },
 *   },
 * });
 */
export class SecureLogicApp extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureLogicApp',
    'TLS-02',
    'DID-16',
    'PRV-07',
    { control: 'LOG-19', from: 'moderate' },
    unclaimed('ENC-11', 'workflows of this kind are kept with keys of Azure; those that take a key run on an App Service plan'),
  );

  /** The workflow itself; every security property of it is written. */
  readonly workflow: logic.Workflow;
  /** Resource id of the workflow. */
  readonly id: pulumi.Output<string>;
  /** Object id of the identity with which the workflow signs in elsewhere. */
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: SecureLogicAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureLogicApp', PROMISES, name, args, opts);
    const { callers, definition, historyReaders = [], logs, parameters, resourceGroupName } = args;
    this.need(logs, 'logs', 'moderate', 'LOG-19', 'pass the sink of a SecureLogWorkspace');
    const hardened = hardenedDefinition(this.where, definition);
    if (isStartedByRequest(definition) && !callers)
      throw new RangeError(
        `${this.where}: a request starts it, but callers is missing; name the directory and the audience of the token (DID-16)`,
      );
    checkRanges(this.where, 'callers.ranges', callers?.ranges ?? []);
    checkRanges(this.where, 'historyReaders', historyReaders);
    const place = { resourceGroupName, location: this.location, tags: this.tags };
    const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, place, { parent: this });
    this.principalId = identity.principalId;

    const nobody = { allowedCallerIpAddresses: [{ addressRange: NOBODY }] };
    const workflowArgs: logic.WorkflowArgs = {
      ...place,
      state: 'Enabled',
      definition: hardened,
      identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
      accessControl: {
        triggers: callers ? byToken(callers) : nobody,
        contents: historyReaders.length > 0 ? { allowedCallerIpAddresses: rangesOf(historyReaders) } : nobody,
      },
      ...(parameters ? { parameters: { ...parameters } } : {}),
    };
    const workflow = `${name}-workflow`;
    this.workflow = new logic.Workflow(workflow, workflowArgs, whole(workflow, workflowArgs, ['accessControl'], { parent: this }));
    this.id = this.workflow.id;
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, { parent: this });
    this.registerOutputs({ id: this.id, principalId: this.principalId });
  }
}

const rangesOf = (ranges: readonly string[]) => ranges.map((addressRange) => ({ addressRange }));

const byToken = ({ audience, objectId, ranges = [], tenantId }: WorkflowCallers) => ({
  openAuthenticationPolicies: {
    policies: {
      directory: {
        type: 'AAD',
        claims: [
          { name: 'iss', value: pulumi.interpolate`https://sts.windows.net/${tenantId}/` },
          { name: 'aud', value: audience },
          ...(objectId === undefined ? [] : [{ name: 'oid', value: objectId }]),
        ],
      },
    },
  },
  ...(ranges.length > 0 ? { allowedCallerIpAddresses: rangesOf(ranges) } : {}),
});

/** The internet is no list of callers. */
function checkRanges(where: string, what: string, ranges: readonly string[]): void {
  const wide = ranges.find((range) => /^0\.0\.0\.0(\/\d$|-255\.)/.test(range));
  if (wide) throw new RangeError(`${where}: ${what} has ${wide}, which is the internet; list your networks (DID-16)`);
}

const PROMISES: Promises = {
  claims: SecureLogicApp.claims,
  families: [FAMILY],
  relaxable: {},
  firm: {
    'DID-16': 'an address is no secret; callers show a token',
    'LOG-19': 'pass another sink',
    'PRV-07': 'what a run did is recorded without its content',
    'TLS-02': 'call an address that starts with https',
  },
};
