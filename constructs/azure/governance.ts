import * as authorization from '@pulumi/azure-native/authorization';
import * as resources from '@pulumi/azure-native/resources';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { Promises } from './relax';

/** What a {@link SecureResourceGroup} is made from. */
export interface SecureResourceGroupArgs extends Omit<SecureArgs, 'resourceGroupName'> {
  /** 1 to 90 letters, digits, dots, hyphens, underscores and parentheses. @default the component's name and a suffix */
  readonly resourceGroupName?: string;
}

/**
 * A resource group in a location that the data profile approves, which says what it holds and whose it is, and which nobody
 * deletes in passing: with it everything in it would go.
 *
 * Guarantees DHC-10.
 *
 * @throws RangeError where the profile promises that the data stays elsewhere, or a relaxation cannot stand
 * @example
 * const group = new SecureResourceGroup('case-management', { profile, location });
 * const workspaceOfGroup = new SecureLogWorkspace('logs', { profile, location, resourceGroupName: group.name });
 */
export class SecureResourceGroup extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureResourceGroup', 'DHC-10');

  /** The group itself. */
  readonly group: resources.ResourceGroup;
  /** Name of the group; what other components take as `resourceGroupName`. */
  readonly name: pulumi.Output<string>;
  /** Resource id of the group. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecureResourceGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureResourceGroup', PROMISES, name, args, opts);
    const { resourceGroupName } = args;
    this.group = new resources.ResourceGroup(
      `${name}-group`,
      { ...(resourceGroupName ? { resourceGroupName } : {}), location: this.location, tags: this.tags },
      { parent: this },
    );
    this.name = this.group.name;
    this.id = this.group.id;
    if (!this.relaxes('DHC-10')) this.#keep();
    this.waive('DHC-10', this.group);
    this.registerOutputs({ id: this.id, name: this.name });
  }

  /** Who destroys a stack removes its locks first: this one is protected, so that the group stays while it stands. */
  #keep(): void {
    new authorization.ManagementLockByScope(
      `${this.label}-group-lock`,
      {
        lockName: 'palisade-no-delete',
        level: 'CanNotDelete',
        scope: this.id,
        notes: 'With the group everything in it would be deleted.',
      },
      { parent: this, protect: true },
    );
  }
}

const PROMISES: Promises = {
  claims: SecureResourceGroup.claims,
  families: ['governance'],
  relaxable: { 'DHC-10': 'the lock, for environments that come and go' },
};
