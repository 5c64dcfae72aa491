import type * as compute from '@pulumi/azure-native/compute';
import * as maintenance from '@pulumi/azure-native/maintenance';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { Promises } from './relax';

/** What a {@link PatchManagement} is made from. */
export interface PatchManagementArgs extends SecureArgs {
  /** First day of the window, today or later: `2026-12-01`. Azure refuses a day that has passed when the window is created. */
  readonly startsOn: string;
  /** Hour at which it begins, 0 to 23. @default 2 */
  readonly hour?: number;
  /** Time zone of the hour, by its Windows name: `W. Europe Standard Time`. @default 'UTC' */
  readonly timeZone?: string;
}

/** Longest window that the service allows inside machines. */
const LONGEST_WINDOW = '03:55';
const CLASSES = ['Critical', 'Security'];

/**
 * The window in which machines install critical and security updates, and restart where one needs it: once a week, at the
 * high tier every day, so that a fix arrives within the time that VUL-05 promises.
 *
 * Guarantees VUL-05.
 *
 * @throws RangeError for an hour or a day that is none
 * @example
 * const patches = new PatchManagement('patches', { profile, resourceGroupName, location, startsOn: '2026-12-01', timeZone: 'W. Europe Standard Time' });
 */
export class PatchManagement extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('PatchManagement', 'VUL-05');

  /** The window itself. */
  readonly configuration: maintenance.MaintenanceConfiguration;
  readonly #resourceGroupName: pulumi.Input<string>;

  constructor(name: string, args: PatchManagementArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:PatchManagement', PROMISES, name, args, opts);
    const { hour = 2, resourceGroupName, startsOn, timeZone = 'UTC' } = args;
    if (!(Number.isInteger(hour) && hour >= 0 && hour <= 23)) throw new RangeError(`${this.where}: hour is ${hour}; write 0 to 23`);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(startsOn ?? '') || Number.isNaN(Date.parse(startsOn)))
      throw new RangeError(`${this.where}: startsOn is "${startsOn}"; write a date as YYYY-MM-DD`);
    this.#resourceGroupName = resourceGroupName;
    this.configuration = new maintenance.MaintenanceConfiguration(
      `${name}-window`,
      {
        resourceGroupName,
        location: this.location,
        maintenanceScope: 'InGuestPatch',
        extensionProperties: { InGuestPatchMode: 'User' },
        visibility: 'Custom',
        startDateTime: `${startsOn} ${String(hour).padStart(2, '0')}:00`,
        duration: LONGEST_WINDOW,
        timeZone,
        recurEvery: this.reaches('high') ? 'Day' : 'Week',
        installPatches: {
          rebootSetting: 'IfRequired',
          linuxParameters: { classificationsToInclude: CLASSES },
          windowsParameters: { classificationsToInclude: CLASSES, excludeKbsRequiringReboot: false },
        },
        tags: this.tags,
      },
      { parent: this },
    );
    this.registerOutputs({ id: this.configuration.id });
  }

  /** Has a machine patched in this window. `SecureVirtualMachine` calls it for its `patches`. */
  assign(name: string, machine: compute.VirtualMachine, opts?: pulumi.CustomResourceOptions): maintenance.ConfigurationAssignment {
    return new maintenance.ConfigurationAssignment(
      name,
      {
        resourceGroupName: this.#resourceGroupName,
        location: this.location,
        providerName: 'Microsoft.Compute',
        resourceType: 'virtualMachines',
        resourceName: machine.name,
        configurationAssignmentName: name,
        maintenanceConfigurationId: this.configuration.id,
        resourceId: machine.id,
      },
      { parent: this, ...opts },
    );
  }
}

const PROMISES: Promises = { claims: PatchManagement.claims, families: ['compute'], relaxable: {} };
