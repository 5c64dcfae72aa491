import * as aadiam from '@pulumi/azure-native/aadiam';
import * as pulumi from '@pulumi/pulumi';
import { type ControlId, claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { queryAlert } from './detection-alerts';
import { type BaselinePolicy, baseline } from './identity-conditional-access-policies';
import { entra } from './identity-entra';
import type { LogSink } from './logging-diagnostics';
import type { Promises } from './relax';

/** What {@link ConditionalAccess} is made from. */
export interface ConditionalAccessArgs extends SecureArgs {
  /** The sealed accounts by which a mistake is mended: their group, and the two of them (IDA-09). */
  readonly emergencyAccess: {
    /** Object id of the group that is left out of every policy. */
    readonly groupId: pulumi.Input<string>;
    /** Object ids of the two accounts in it; their sign-ins raise an alert. */
    readonly accountIds: readonly pulumi.Input<string>[];
  };
  /** Where the sign-ins of the directory are recorded. */
  readonly logs: LogSink;
  /** Action group that is told of emergency sign-ins and of changes to the policies (LPA-12). */
  readonly alerts: pulumi.Input<string>;
  /** Countries, as two letters, from which people may sign in. @default from everywhere */
  readonly countries?: readonly string[];
}

/** What the directory records: who signed in, as whom, and what was changed. */
const RECORDS = [
  'AuditLogs',
  'SignInLogs',
  'NonInteractiveUserSignInLogs',
  'ServicePrincipalSignInLogs',
  'ManagedIdentitySignInLogs',
  'ProvisioningLogs',
];
/** Risk, and the use of the directory's own API, which is much. */
const RECORDS_HIGH = [...RECORDS, 'RiskyUsers', 'UserRiskEvents', 'MicrosoftGraphActivityLogs'];

const PROMISED = claims(
  'ConditionalAccess',
  'IDA-02',
  { control: 'IDA-08', from: 'moderate' },
  'IDA-09',
  'IDA-14',
  'LOG-17',
  'LPA-12',
  { control: 'PER-09', from: 'moderate' },
  unclaimed(
    'IDA-01',
    'the directory is the provider that people sign in with; services that would take other accounts are closed one by one',
  ),
  unclaimed('IDA-03', 'the rules for passwords are settings of the directory that no resource reaches'),
  unclaimed('IDA-04', 'the directory remembers passwords by itself'),
  unclaimed('IDA-05', 'what a second factor protects need not be changed by the calendar; expiry is a setting of the directory'),
  unclaimed('IDA-07', 'smart lockout is a setting of the directory that no resource reaches'),
  unclaimed('ENC-02', 'the directory is encrypted with keys of Microsoft only'),
  unclaimed('DHC-10', 'the directory itself is not deployed by a program'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity', 'logging'],
  relaxable: {
    'IDA-02': 'policies for second factors only report, while an organisation is brought in',
    'IDA-08': 'no policies about risk, which need the licence P2',
    'PER-09': 'no policy about devices',
  },
  firm: {
    'IDA-09': 'without emergency accounts a mistake locks everybody out',
    'IDA-14': 'people sign in once a working day',
    'LPA-12': 'an account that nobody should use is watched',
    'LOG-17': 'the alert on emergency accounts reads these records',
  },
};

/**
 * What everybody has to prove at sign-in: a second factor in every application, one that cannot be phished for
 * administrators, clients without it blocked, sign-ins that last eight hours (one for administrators) and that browsers
 * forget; from the moderate tier on managed devices, and no accounts in other hands. Only the sealed emergency accounts are
 * left out; their sign-ins, and each change of a policy, raise an alert within minutes. One per directory. It needs the
 * package `@pulumi/azuread`, and the licence P1 (P2 for risk).
 *
 * Guarantees IDA-02, IDA-09, IDA-14, LOG-17 and LPA-12; from the moderate tier on IDA-08 and PER-09.
 *
 * @throws RangeError unless two emergency accounts are named, or for a country that is none
 * @example
 * new ConditionalAccess('sign-in', {
 *   profile, resourceGroupName, location, logs,
 *   alerts: contacts.id,
 *   emergencyAccess: {
 *     groupId: 'b5f2a4a8-0000-4000-8000-000000000001',
 *     accountIds: ['b5f2a4a8-0000-4000-8000-000000000002', 'b5f2a4a8-0000-4000-8000-000000000003'],
 *   },
 * });
 */
export class ConditionalAccess extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Ids of the policies, by what each is about: `second-factor`, `legacy`, `privileged`, `session`, … */
  readonly policyIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: ConditionalAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:ConditionalAccess', PROMISES, name, args, opts);
    this.#check(args);
    const policies = baseline(this.#places(args.countries)).filter(
      ({ control, from = 'low' }) => this.reaches(from) && !(LEFT_OUT.includes(control) && this.relaxes(control)),
    );
    const made = policies.map((policy) => [policy, this.#policy(policy, args.emergencyAccess.groupId)] as const);
    this.policyIds = Object.fromEntries(made.map(([policy, { id }]) => [policy.name, id]));
    this.waive('IDA-02', ...made.filter(([{ control }]) => control === 'IDA-02').map(([, resource]) => resource));
    this.#record(args.logs);
    this.#alert(args);
    this.registerOutputs({ policyIds: this.policyIds });
  }

  #check({ countries, emergencyAccess }: ConditionalAccessArgs): void {
    const accounts = emergencyAccess?.accountIds?.length ?? 0;
    if (!emergencyAccess?.groupId || accounts !== 2)
      throw new RangeError(
        `${this.where}: emergencyAccess names ${accounts} accounts; write { groupId, accountIds } with exactly two sealed ones (IDA-09)`,
      );
    const wrong = countries?.find((country) => !/^[A-Z]{2}$/.test(country));
    if (wrong !== undefined)
      throw new RangeError(`${this.where}: countries names "${wrong}"; write two capital letters, such as DE (LOC-01)`);
    if (countries?.length === 0)
      throw new RangeError(`${this.where}: countries is empty, so that nobody could sign in; leave it out (LOC-01)`);
  }

  #places(countries: readonly string[] | undefined): pulumi.Output<string> | undefined {
    if (!countries) return undefined;
    const azuread = entra(this.where);
    const place = new azuread.NamedLocation(
      `${this.label}-places`,
      {
        displayName: `${this.label}: approved places`,
        country: {
          countriesAndRegions: [...countries],
          countryLookupMethod: 'clientIpAddress',
          includeUnknownCountriesAndRegions: false,
        },
      },
      { parent: this },
    );
    return place.objectId;
  }

  #policy(policy: BaselinePolicy, emergency: pulumi.Input<string>): pulumi.CustomResource {
    const azuread = entra(this.where);
    return new azuread.ConditionalAccessPolicy(
      `${this.label}-${policy.name}`,
      {
        displayName: `${this.label}: ${policy.title}`,
        state: this.relaxes(policy.control) ? 'enabledForReportingButNotEnforced' : 'enabled',
        conditions: policy.conditions(emergency),
        ...(policy.grantControls ? { grantControls: policy.grantControls } : {}),
        ...(policy.sessionControls ? { sessionControls: policy.sessionControls } : {}),
      },
      { parent: this },
    );
  }

  /** The policies are only as good as the record of what they let in. */
  #record(logs: LogSink): void {
    new aadiam.DiagnosticSetting(
      `${this.label}-records`,
      {
        name: 'palisade',
        workspaceId: logs.workspaceId,
        ...(logs.archiveId === undefined ? {} : { storageAccountId: logs.archiveId }),
        logs: (this.reaches('high') ? RECORDS_HIGH : RECORDS).map((category) => ({ category, enabled: true })),
      },
      { parent: this },
    );
  }

  #alert({ alerts, emergencyAccess, logs, resourceGroupName }: ConditionalAccessArgs): void {
    const common = {
      resourceGroupName,
      alerts,
      tags: this.tags,
      location: logs.workspaceLocation,
      workspaceId: logs.workspaceId,
      fires: { operator: 'GreaterThan', threshold: 0 },
      every: 'PT5M',
      window: 'PT5M',
    } as const;
    const [first, second] = emergencyAccess.accountIds;
    queryAlert(
      `${this.label}-emergency-alert`,
      {
        ...common,
        severity: 0,
        description: 'An emergency account signed in, or tried to.',
        query: pulumi.interpolate`union SigninLogs, AADNonInteractiveUserSignInLogs | where UserId in ("${first}", "${second}")`,
      },
      { parent: this },
    );
    queryAlert(
      `${this.label}-change-alert`,
      {
        ...common,
        severity: 1,
        description: 'A policy of Conditional Access, or a place that it trusts, was changed.',
        query: `AuditLogs | where LoggedByService == "Conditional Access" and OperationName has_any ("policy", "named location")`,
      },
      { parent: this },
    );
  }
}

/** Policies that are left out, instead of only reporting, where their control is relaxed. */
const LEFT_OUT: readonly ControlId[] = ['IDA-08', 'PER-09'];
