import type { ConditionalAccessPolicyArgs } from '@pulumi/azuread';
import type * as pulumi from '@pulumi/pulumi';
import type { ControlId, Tier } from '../contract';

/** Roles of the directory that can give roles, reset who holds them, or change what protects sign-ins, by template. */
export const PRIVILEGED_ROLES = [
  '62e90394-69f5-4237-9190-012177145e10', // Global Administrator
  'e8611ab8-c189-46e8-94e1-60213ab1f814', // Privileged Role Administrator
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13', // Privileged Authentication Administrator
  '194ae4cb-b126-40b2-bd5b-6091b380977d', // Security Administrator
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9', // Conditional Access Administrator
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', // Application Administrator
  '158c047a-c907-4556-b7ef-446551a6b5f7', // Cloud Application Administrator
  'fe930be7-5e62-47db-91af-98c3a49a38b1', // User Administrator
  'c4e39bd9-1100-46d3-8c65-fb160da0071f', // Authentication Administrator
] as const;

/** The strength of every directory that takes security keys, Windows Hello and certificates only. */
const PHISHING_RESISTANT = '/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004';

/** Longest sign-ins in hours: of the privileged, and of others (IDA-14). */
export const SESSION_HOURS = { privileged: 1, others: 8 } as const;

/** One policy of the baseline. */
export interface BaselinePolicy {
  /** Ends the name of the resource. */
  readonly name: string;
  /** What it does, for administrators. */
  readonly title: string;
  /** The control that it keeps, by whose relaxation it only reports. */
  readonly control: ControlId;
  /** @default 'low' */
  readonly from?: Tier;
  readonly conditions: (emergency: pulumi.Input<string>) => ConditionalAccessPolicyArgs['conditions'];
  readonly grantControls?: ConditionalAccessPolicyArgs['grantControls'];
  readonly sessionControls?: ConditionalAccessPolicyArgs['sessionControls'];
}

/** Everybody in every application, but the emergency accounts. */
const everybody =
  (more: object = {}, clientAppTypes: string[] = ['all']) =>
  (emergency: pulumi.Input<string>): ConditionalAccessPolicyArgs['conditions'] => ({
    clientAppTypes,
    applications: { includedApplications: ['All'], excludedApplications: [] },
    users: { includedUsers: ['All'], excludedUsers: [], excludedGroups: [emergency], excludedRoles: [] },
    ...more,
  });

const privileged = (emergency: pulumi.Input<string>): ConditionalAccessPolicyArgs['conditions'] => ({
  clientAppTypes: ['all'],
  applications: { includedApplications: ['All'], excludedApplications: [] },
  users: { includedRoles: [...PRIVILEGED_ROLES], excludedUsers: [], excludedGroups: [emergency], excludedRoles: [] },
});

const BLOCK = { operator: 'OR', builtInControls: ['block'] };
const MFA = { operator: 'OR', builtInControls: ['mfa'] };

const session = (hours: number) => ({
  signInFrequency: hours,
  signInFrequencyPeriod: 'hours',
  signInFrequencyInterval: 'timeBased',
  signInFrequencyAuthenticationType: 'primaryAndSecondaryAuthentication',
});

/** The baseline; `locationId` is that of the approved places, where there are any. */
export const baseline = (locationId: pulumi.Input<string> | undefined): readonly BaselinePolicy[] => [
  { name: 'second-factor', title: 'everybody proves a second factor', control: 'IDA-02', conditions: everybody(), grantControls: MFA },
  {
    name: 'legacy',
    title: 'clients that know no second factor are blocked',
    control: 'IDA-02',
    conditions: everybody({}, ['exchangeActiveSync', 'other']),
    grantControls: BLOCK,
  },
  {
    name: 'device-code',
    title: 'sign-ins cannot be handed to another device',
    control: 'IDA-02',
    conditions: everybody({ authenticationFlowTransferMethods: ['deviceCodeFlow', 'authenticationTransfer'] }),
    grantControls: BLOCK,
  },
  {
    name: 'privileged',
    title: 'administrators prove themselves in a way that cannot be phished, every hour',
    control: 'IDA-02',
    conditions: privileged,
    grantControls: { operator: 'OR', authenticationStrengthPolicyId: PHISHING_RESISTANT },
    sessionControls: session(SESSION_HOURS.privileged),
  },
  {
    name: 'session',
    title: 'sign-ins last a working day, and browsers forget them',
    control: 'IDA-14',
    conditions: everybody(),
    sessionControls: { ...session(SESSION_HOURS.others), persistentBrowserMode: 'never' },
  },
  {
    name: 'leaked',
    title: 'accounts that are known to be in other hands are blocked',
    control: 'IDA-08',
    from: 'moderate',
    conditions: everybody({ userRiskLevels: ['high'] }),
    grantControls: BLOCK,
  },
  {
    name: 'risky',
    title: 'unusual sign-ins prove a second factor',
    control: 'IDA-08',
    from: 'moderate',
    conditions: everybody({ signInRiskLevels: ['medium', 'high'] }),
    grantControls: MFA,
  },
  {
    name: 'device',
    title: 'only managed devices',
    control: 'PER-09',
    from: 'moderate',
    conditions: everybody(),
    grantControls: { operator: 'OR', builtInControls: ['compliantDevice', 'domainJoinedDevice'] },
  },
  ...(locationId === undefined
    ? []
    : [
        {
          name: 'location',
          title: 'only from approved places',
          control: 'LOC-01',
          conditions: everybody({ locations: { includedLocations: ['All'], excludedLocations: [locationId] } }),
          grantControls: BLOCK,
        } as const satisfies BaselinePolicy,
      ]),
];
