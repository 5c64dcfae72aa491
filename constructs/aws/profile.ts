import { Aspects, Fn, Stack, type StackProps, Tags, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { claims, type DataProfile, type DecidedProfile, decided, METADATA_KEY, tagsOf } from '../contract';

const PROFILE = Symbol.for('palisade.profile');
const ORGANISATION = Symbol.for('palisade.organisation');

type Marked = IConstruct & { [PROFILE]?: DecidedProfile; [ORGANISATION]?: string };

/**
 * Declares what a system is worth protecting, for everything beneath `scope`: decides the tier, tags every resource
 * (DHC-01) and writes the profile into the metadata of every stack, where the rules and the evidence read it (GOV-10,
 * LOG-01). The nearest declaration above a construct counts.
 *
 * @param scope an app, a stage, a stack, or a construct that holds stacks
 * @throws Error when an input is missing or not of its scale, when the scope lies inside a stack, or when the scope has
 *   already been declared differently
 * @example
 * const app = new App();
 * declareProfile(app, { system: 'case-management', owner: 'support-data@example.com',
 *   sensitivity: 'confidential', volume: 'millions', exposure: 'internet', privilege: 'alter' });
 */
export function declareProfile(scope: IConstruct, profile: DataProfile): DecidedProfile {
  if (!Stack.isStack(scope) && scope.node.scopes.some((each) => Stack.isStack(each)))
    throw new Error(
      `${scope.node.path}: a data profile holds for whole stacks; declare it on the stack "${Stack.of(scope).node.path}" (GOV-10)`,
    );
  const mine = decided(profile);
  const before = (scope as Marked)[PROFILE];
  if (before) {
    if (JSON.stringify(before.profile) === JSON.stringify(profile)) return before;
    throw new Error(`${describe(scope)}: a data profile is declared already, for "${before.profile.system}"; declare it once (GOV-10)`);
  }
  Object.defineProperty(scope, PROFILE, { value: mine });
  for (const [key, value] of Object.entries(tagsOf(mine))) Tags.of(scope).add(key, value);
  Aspects.of(scope).add({ visit: writeProfile });
  return mine;
}

/**
 * The decided profile of the nearest declaration above.
 *
 * @throws Error when there is none, because a system without a profile does not synthesise (GOV-10, LOG-01), and when the
 *   profile promises a residency that does not name the region of the stack (LOC-01)
 * @example
 * const { tier, why } = profileOf(stack);
 */
export function profileOf(scope: IConstruct): DecidedProfile {
  const found = nearest(scope, PROFILE);
  if (!found)
    throw new Error(
      `${describe(scope)}: no data profile is declared, so its tier and its log profile are unknown (GOV-10, LOG-01); ` +
        'use SecureStack with a profile, or call declareProfile(app, { system, owner, sensitivity, volume, exposure, privilege })',
    );
  checkResidency(scope, found.profile);
  return found;
}

/**
 * Names the AWS organisation (`o-…`) that everything beneath `scope` belongs to. Data perimeters then let in, and let
 * out to, the whole organisation instead of the stack's own account only.
 *
 * @throws Error when it is no organisation id
 * @example
 * declareOrganisation(app, 'o-exampleorgid');
 */
export function declareOrganisation(scope: IConstruct, organisationId: string): void {
  if (!/^o-[a-z0-9]{10,32}$/.test(organisationId))
    throw new Error(`${describe(scope)}: organisation "${organisationId}" is no organisation id; write it as o-exampleorgid`);
  Object.defineProperty(scope, ORGANISATION, { value: organisationId, configurable: true });
}

/**
 * The organisation declared nearest above, if any.
 *
 * @example
 * const perimeter = organisationOf(stack) ?? stack.account;
 */
export const organisationOf = (scope: IConstruct): string | undefined => nearest(scope, ORGANISATION);

/** Props of {@link SecureStack}; every default is the hardened one. */
export interface SecureStackProps extends StackProps {
  /** What the system is worth protecting; its tier follows from it. */
  readonly profile: DataProfile;
  /**
   * Id of the AWS organisation (`o-…`).
   * @default the one declared above; otherwise data perimeters end at the stack's own account
   */
  readonly organisationId?: string;
}

/**
 * A stack that declares its data profile, so that hardened constructs can be created in it, and that cannot be deleted
 * by accident: termination protection is on unless it is switched off.
 *
 * Guarantees GOV-10 and LOG-01. Its availability zones are chosen at deployment, never looked up: synthesis needs no
 * credentials.
 *
 * @example
 * new SecureStack(new App(), 'Cases', { profile: { system: 'case-management', owner: 'support-data@example.com',
 *   sensitivity: 'restricted', volume: 'millions', exposure: 'organisation', privilege: 'alter' } });
 */
export class SecureStack extends Stack {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureStack', 'GOV-10', 'LOG-01');

  /** The decided profile, with the tier and the reasons for it. */
  readonly profile: DecidedProfile;

  constructor(scope: Construct, id: string, props: SecureStackProps) {
    const { profile, organisationId, ...stack } = props ?? {};
    if (!profile)
      throw new Error(
        `${scope.node.path ? `${scope.node.path}/` : ''}${id}: no data profile is given (GOV-10, LOG-01); ` +
          'pass profile: { system, owner, sensitivity, volume, exposure, privilege }',
      );
    super(scope, id, { terminationProtection: true, ...stack });
    this.profile = declareProfile(this, profile);
    if (organisationId) declareOrganisation(this, organisationId);
  }

  override get availabilityZones(): string[] {
    return [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));
  }
}

function checkResidency(scope: IConstruct, { residency = [], system }: DataProfile): void {
  const region = scope.node.scopes.filter((each) => Stack.isStack(each)).at(-1)?.region;
  if (region === undefined || Token.isUnresolved(region) || residency.length === 0 || residency.includes(region)) return;
  throw new Error(`${describe(scope)}: region is "${region}", but ${system} promises to stay in ${residency.join(', ')} (LOC-01)`);
}

/** Also into stacks of other regions, such as that of a certificate: only what holds data is refused there. */
function writeProfile(node: IConstruct): void {
  const profile = nearest(node, PROFILE)?.profile;
  if (!Stack.isStack(node) || !profile) return;
  const { metadata } = node.templateOptions;
  const own = metadata?.[METADATA_KEY] as object | undefined;
  node.templateOptions.metadata = { ...metadata, [METADATA_KEY]: { ...own, profile } };
}

function nearest<K extends typeof PROFILE | typeof ORGANISATION>(scope: IConstruct, key: K): Marked[K] {
  const holder = [...scope.node.scopes].reverse().find((each) => (each as Marked)[key] !== undefined);
  return (holder as Marked | undefined)?.[key];
}

const describe = (scope: IConstruct): string => scope.node.path || 'the app';
