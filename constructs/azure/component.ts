import * as authorization from '@pulumi/azure-native/authorization';
import * as pulumi from '@pulumi/pulumi';
import { type ControlId, type DecidedProfile, type Relaxation, reaches, relaxed, type Tier, tagsOf } from '../contract';
import { checkRelaxations, type Promises, WaiverRecord } from './relax';

/** What every hardened component takes. */
export interface SecureArgs {
  /** The decided profile of the system; see `declareProfile`. It fixes the tier, and with it what is obligatory. */
  readonly profile: DecidedProfile;
  /** Resource group of everything that the component makes. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure location; refused when the profile promises a residency that does not name it. */
  readonly location: pulumi.Input<string>;
  /**
   * Promises that are relaxed, each one with its reason, owner, approver, ticket and last day. It weakens only what the
   * control asks for, and records the waiver. @default none
   */
  readonly relax?: readonly Relaxation[];
  /** Tags besides those of the data profile, which stand. @default none */
  readonly tags?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** What the hardened components of this cloud have in common: tier, tags, residency and the relaxing of promises. */
export abstract class SecureComponent extends pulumi.ComponentResource {
  protected readonly where: string;
  protected readonly decided: DecidedProfile;
  protected readonly tier: Tier;
  protected readonly location: pulumi.Input<string>;
  protected readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  readonly #relax: readonly Relaxation[];

  protected constructor(
    token: string,
    promises: Promises,
    protected readonly label: string,
    args: Omit<SecureArgs, 'resourceGroupName'>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const where = `${promises.claims.construct} "${label}"`;
    if (!args?.profile?.tier)
      throw new RangeError(`${where}: profile is missing; pass what declareProfile() returns, a system without one has no tier (GOV-10)`);
    checkRelaxations(where, args.relax, promises);
    super(token, label, {}, opts);
    this.where = where;
    this.decided = args.profile;
    this.tier = args.profile.tier;
    this.location = residentLocation(where, args.profile, args.location);
    this.tags = { ...args.tags, ...tagsOf(args.profile) };
    this.#relax = args.relax ?? [];
  }

  /** Whether an obligation that starts at a tier applies to this system. */
  protected reaches(from: Tier): boolean {
    return reaches(this.tier, from);
  }

  /** Whether the user relaxed a promise. */
  protected relaxes(control: ControlId): boolean {
    return relaxed(this.#relax, control) !== undefined;
  }

  /** Refuses the lack of an argument that the tier demands. */
  protected need<T>(value: T | undefined, argument: string, from: Tier, control: ControlId, hint: string): T | undefined {
    if (value === undefined && this.reaches(from))
      throw new RangeError(`${this.where}: tier ${this.tier} needs \`${argument}\` (${control}); ${hint}`);
    return value;
  }

  /** Records the waiver of a relaxed promise on each resource that no longer keeps it. */
  protected waive(control: ControlId, ...resources: readonly pulumi.Resource[]): void {
    const relaxation = relaxed(this.#relax, control);
    if (!relaxation) return;
    resources.forEach((resource, index) => {
      const suffix = index === 0 ? '' : `-${index + 1}`;
      new WaiverRecord(`${this.label}-waiver-${control.toLowerCase()}${suffix}`, resource.urn, relaxation, this);
    });
  }

  /** A management lock: whoever may write the resource can still not delete it. */
  protected lock(resourceName: string, scope: pulumi.Input<string>, why: string): authorization.ManagementLockByScope {
    return new authorization.ManagementLockByScope(
      `${this.label}-${resourceName}-lock`,
      { lockName: 'palisade-no-delete', level: 'CanNotDelete', scope, notes: why },
      { parent: this },
    );
  }
}

const plain = (location: string) => location.toLowerCase().replaceAll(' ', '');

/** The location, refused where the profile promises that the data stays elsewhere. */
function residentLocation(where: string, { profile }: DecidedProfile, location: pulumi.Input<string>): pulumi.Input<string> {
  if (!location) throw new RangeError(`${where}: location is missing; write an Azure location such as westeurope`);
  const promised = profile.residency ?? [];
  if (promised.length === 0) return location;
  const check = (actual: string): string => {
    if (!promised.some((allowed) => plain(allowed) === plain(actual)))
      throw new RangeError(`${where}: location is "${actual}", but ${profile.system} promises to stay in ${promised.join(', ')} (LOC-01)`);
    return actual;
  };
  return typeof location === 'string' ? check(location) : pulumi.output(location).apply(check);
}
