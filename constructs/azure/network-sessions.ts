import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { publicAddress } from './network-addresses';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** What a {@link SecureBastion} is made from. */
export interface SecureBastionArgs extends SecureArgs {
  /** The `AzureBastionSubnet` of the network. */
  readonly subnetId: pulumi.Input<string>;
  /** Where every session is recorded: who, to which machine, from where, how long. */
  readonly logs: LogSink;
  /** Premium records what happens in a session. @default 'Premium' at tier high, else 'Standard' */
  readonly sku?: 'Standard' | 'Premium';
  /** Has no address on the internet, and is reached through a gateway or a peering; Premium only. @default false */
  readonly privateOnly?: boolean;
  /**
   * Lets the programs of people's own devices through, with copies of files; needs EXP-09 to be relaxed from tier moderate,
   * and cannot be recorded. @default false
   */
  readonly nativeClient?: boolean;
  /** Instances, 2 to 50; each holds about twenty sessions by RDP or forty by SSH. @default 2 */
  readonly scaleUnits?: number;
  /** Zones, in the regions in which the service has any. @default none named */
  readonly zones?: readonly string[];
  /** Plan that shields its address. @default at tier high the address is shielded by itself, else by the network's plan */
  readonly ddosProtectionPlanId?: pulumi.Input<string>;
}

const SCALE = { least: 2, most: 50 } as const;

const PROMISED = claims(
  'SecureBastion',
  { control: 'DID-08', from: 'moderate' },
  'DID-12',
  { control: 'EXP-09', from: 'moderate' },
  'LOG-13',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['network'],
  relaxable: { 'EXP-09': "the programs of people's own devices, which copy files", 'DID-12': 'the recording of what happens in sessions' },
  firm: { 'LOG-13': 'who administered what must be answerable' },
};

/**
 * The broker of administration: people sign in with the directory and reach machines in a browser, no machine opens a port to
 * anybody else, and nothing is copied out. At tier high what happens in a session is recorded as a film.
 *
 * The films go to a container of a storage account that is named in the portal, by a managed identity or a link: no resource
 * declares it.
 *
 * Guarantees DID-12 and LOG-13; from the moderate tier on DID-08 and EXP-09.
 *
 * @throws RangeError for what the SKU does not have, and for native clients without a waiver
 * @example
 * const hub = new SecureVirtualNetwork('hub', {
 *   profile, resourceGroupName, location, logs, range: '10.10.0.0/16',
 *   subnets: {
 *     AzureBastionSubnet: { range: '10.10.0.0/26', ingress: [{ name: 'office', peer: '203.0.113.0/28', ports: [443] }] },
 *     endpoints: { range: '10.10.1.0/24' },
 *   },
 * });
 * new SecureBastion('bastion', { profile, resourceGroupName, location, logs, subnetId: hub.subnetIds.AzureBastionSubnet ?? '' });
 */
export class SecureBastion extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The broker itself. */
  readonly bastion: network.BastionHost;
  /** Resource id of the broker. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecureBastionArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureBastion', PROMISES, name, args, opts);
    const { nativeClient = false, sku, privateOnly = false, scaleUnits = SCALE.least, zones = [] } = args;
    const recorded = this.reaches('high') && !this.relaxes('DID-12');
    const chosen = sku ?? (recorded ? 'Premium' : 'Standard');
    this.#check(args, { chosen, recorded });

    const child = `${name}-bastion`;
    const bastionArgs: network.BastionHostArgs = {
      resourceGroupName: args.resourceGroupName,
      location: this.location,
      sku: { name: chosen },
      scaleUnits,
      disableCopyPaste: this.reaches('moderate') && !this.relaxes('EXP-09'),
      enableFileCopy: nativeClient,
      enableTunneling: nativeClient,
      enableIpConnect: false,
      enableKerberos: false,
      enableShareableLink: false,
      enableSessionRecording: chosen === 'Premium' && !nativeClient && !this.relaxes('DID-12'),
      enablePrivateOnlyBastion: privateOnly,
      ipConfigurations: [
        {
          name: 'front',
          subnet: { id: args.subnetId },
          privateIPAllocationMethod: 'Dynamic',
          ...(privateOnly ? {} : { publicIPAddress: { id: this.#address(args).id } }),
        },
      ],
      ...(zones.length > 0 ? { zones: [...zones] } : {}),
      tags: this.tags,
    };
    this.bastion = new network.BastionHost(child, bastionArgs, whole(child, bastionArgs, ['sku', 'ipConfigurations'], { parent: this }));
    this.id = this.bastion.id;
    diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs: args.logs }, { parent: this });
    for (const control of ['DID-12', 'EXP-09'] as const) this.waive(control, this.bastion);
    this.registerOutputs({ id: this.id });
  }

  #check(
    { nativeClient = false, privateOnly = false, relax, scaleUnits = SCALE.least }: SecureBastionArgs,
    { chosen, recorded }: { readonly chosen: string; readonly recorded: boolean },
  ): void {
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    if (privateOnly && chosen !== 'Premium') refuse("privateOnly needs sku: 'Premium'");
    if (recorded && chosen !== 'Premium') refuse(`sku ${chosen} records no sessions (DID-12); write 'Premium', or relax DID-12`);
    if (recorded && nativeClient) refuse('nativeClient is not recorded (DID-12); leave it out, or relax DID-12');
    if (nativeClient && this.reaches('moderate')) requireRelaxation(this.where, relax, 'EXP-09', 'nativeClient', 'leave it out');
    if (!Number.isInteger(scaleUnits) || scaleUnits < SCALE.least || scaleUnits > SCALE.most)
      refuse(`scaleUnits is ${scaleUnits}; write ${SCALE.least} to ${SCALE.most}`);
  }

  #address({ ddosProtectionPlanId, logs, resourceGroupName, zones = [] }: SecureBastionArgs): network.PublicIPAddress {
    return publicAddress(
      `${this.label}-address`,
      { resourceGroupName, location: this.location, tags: this.tags, zones, logs, ddosProtectionPlanId, shielded: this.reaches('high') },
      { parent: this },
    );
  }
}
