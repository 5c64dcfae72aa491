/** The gates of a network of Azure: firewall, broker of sessions, shield against floods, and the zones of private endpoints. */
import { isGuardedFromDeletion, spansZones } from '../../facts/azure';
import type { Graph } from '../../graph';
import { allOf, notApplicable, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const FIREWALL = 'azure-native:network:AzureFirewall';
const BASTION = 'azure-native:network:BastionHost';
const PLAN = 'azure-native:network:DdosProtectionPlan';
const ZONE = 'azure-native:privatedns:PrivateZone';
const LINK = 'azure-native:privatedns:VirtualNetworkLink';

/** Nothing leaves a session: no clipboard, no files, no tunnel for the programs of people's own devices. */
const keepsInside = (bastion: Resource): Outcome =>
  allOf(
    bastion.at('disableCopyPaste').orDefault(false).isTrue(),
    ...['enableFileCopy', 'enableTunneling'].map((path) => bastion.at(path).orDefault(false).isFalse()),
  );

/** Any machine that writes its own name into the zone of a service can take the place of the service. */
function namesOnlyServices(link: Resource, graph: Graph): Outcome {
  const name = link.at('privateZoneName');
  const zone = graph.target(name, ZONE)?.at('privateZoneName') ?? name;
  if (!/^privatelink\./i.test(zone.string ?? '')) return notApplicable('is no zone of private endpoints');
  return link.at('registrationEnabled').orDefault(false).isFalse();
}

const only = (type: string, properties: object) => ({ resources: { it: { type, properties } } });
const CLOSED = { disableCopyPaste: true, enableFileCopy: false, enableTunneling: false };
const link = (registrationEnabled: unknown, privateZoneName: unknown = 'privatelink.blob.core.windows.net') => ({
  link: { type: LINK, properties: { privateZoneName, registrationEnabled } },
});
const lock = (type: string) => ({
  it: { type, properties: {} },
  lock: { type: 'azure-native:authorization:ManagementLockByScope', properties: { scope: { $ref: 'it.id' }, level: 'CanNotDelete' } },
});

export const azureGates = {
  'BCR-06': {
    azure: rule({
      on: FIREWALL,
      severity: 'low',
      check: spansZones,
      fix: "Use SecureFirewall, or set zones: ['1', '2', '3'].",
      pass: [only(FIREWALL, { zones: ['1', '2'] })],
      fail: [only(FIREWALL, {}), only(FIREWALL, { zones: ['1'] }), only(FIREWALL, { zones: ['1', '1'] })],
      unknown: [only(FIREWALL, { zones: { $unknown: 'config value' } })],
    }),
  },
  'DHC-10': {
    azure: rule({
      on: [PLAN, FIREWALL],
      severity: 'low',
      from: 'moderate',
      check: isGuardedFromDeletion,
      fix: 'Use DdosPlan and SecureFirewall, or add a ManagementLockByScope with level CanNotDelete: what it protects has no other shield.',
      pass: [{ resources: lock(PLAN) }, { resources: lock(FIREWALL) }],
      fail: [only(PLAN, {}), only(FIREWALL, {})],
    }),
  },
  'DID-05': {
    azure: rule({
      on: LINK,
      severity: 'low',
      check: namesOnlyServices,
      fix: 'Set registrationEnabled to false: machines write their names into a zone of their own.',
      pass: [
        { resources: link(false) },
        {
          resources: {
            ...link(undefined, { $ref: 'zone.name' }),
            zone: { type: ZONE, properties: { privateZoneName: 'privatelink.vaultcore.azure.net' } },
          },
        },
      ],
      fail: [{ resources: link(true) }],
      unknown: [{ resources: link({ $unknown: 'config value' }) }],
      skip: [{ resources: link(true, 'cases.internal') }],
    }),
  },
  'DID-12': {
    azure: setting({
      on: BASTION,
      at: 'enableSessionRecording',
      is: [true],
      not: false,
      unset: false,
      severity: 'medium',
      from: 'high',
      fix: "Use SecureBastion, or set sku.name: 'Premium' and enableSessionRecording: true.",
    }),
  },
  'EXP-09': {
    azure: rule({
      on: BASTION,
      check: keepsInside,
      fix: 'Use SecureBastion, or set disableCopyPaste to true, and enableFileCopy and enableTunneling to false.',
      pass: [only(BASTION, CLOSED), only(BASTION, { disableCopyPaste: true })],
      fail: [
        only(BASTION, {}),
        only(BASTION, { ...CLOSED, disableCopyPaste: false }),
        only(BASTION, { ...CLOSED, enableFileCopy: true }),
        only(BASTION, { ...CLOSED, enableTunneling: true }),
      ],
      unknown: [only(BASTION, { ...CLOSED, enableTunneling: { $unknown: 'config value' } })],
    }),
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
