import * as search from '@pulumi/azure-native/search';
import * as pulumi from '@pulumi/pulumi';
import { claims, type Tier, unclaimed } from '../contract';
import { SecureDatabase, type SecureDatabaseArgs } from './database-shared';
import { assignRole, type Principal } from './identity-roles';
import { allowEncryption } from './keys';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecureSearchService} is made from. */
export interface SecureSearchServiceArgs extends SecureDatabaseArgs {
  /** Globally unique, 2 to 60 lower-case letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly serviceName?: string;
  /** @default 'standard' */
  readonly sku?: 'basic' | 'standard' | 'standard2' | 'standard3';
  /** Copies, in different zones; at tier high at least 2, unless BCR-06 is relaxed. @default 3 at high, 2 at moderate, 1 at low */
  readonly replicas?: number;
  /** @default 1 */
  readonly partitions?: number;
  /** Whether queries are understood by a model of the service. @default false */
  readonly semanticSearch?: boolean;
}

/** A right on one index. */
export interface SearchGrant {
  /** Name of the index. */
  readonly index: string;
  /** Who gets the right. */
  readonly principal: Principal;
  /** read: to query. write: to add, change and delete documents besides. */
  readonly rights: 'read' | 'write';
}

const REPLICAS: Readonly<Record<Tier, number>> = { low: 1, moderate: 2, high: 3 };

/** Operations after which indexes are gone, or keys come back. */
const WEAKENINGS = [
  'Microsoft.Search/searchServices/delete',
  'Microsoft.Search/searchServices/listAdminKeys/action',
  'Microsoft.Search/searchServices/regenerateAdminKey/action',
  'Microsoft.Search/searchServices/createQueryKey/action',
  'Microsoft.Search/searchServices/sharedPrivateLinkResources/write',
];

/**
 * A service of Azure AI Search that only identities with a role on an index use, from a private network, that takes no index
 * without a key of the customer's, calls nothing outside at tier high, and records every query from tier moderate.
 *
 * Its own identity may use `key`: name it as `encryptionKey` of each index and synonym map, without a version.
 *
 * Guarantees DHC-01, DHC-10, IDA-10 and LPA-14; from the moderate tier on DID-05, ENC-02, ENC-06, LOG-04, LOG-05 and MON-04; from
 * the high tier on BCR-06 and EXP-04.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const index = new SecureSearchService('case-index', {
 *   profile, resourceGroupName, location, network, logs, key: vault.key('case-index'), alerts: contacts.id,
 * });
 * index.grant('portal', { index: 'cases', rights: 'read', principal: { principalId, principalType: 'ServicePrincipal' } });
 */
export class SecureSearchService extends SecureDatabase {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureSearchService',
    { control: 'BCR-06', from: 'high' },
    'DHC-01',
    'DHC-10',
    { control: 'DID-05', from: 'moderate' },
    { control: 'ENC-02', from: 'moderate' },
    { control: 'ENC-06', from: 'moderate' },
    { control: 'EXP-04', from: 'high' },
    'IDA-10',
    { control: 'LOG-04', from: 'moderate' },
    { control: 'LOG-05', from: 'moderate' },
    'LPA-14',
    { control: 'MON-04', from: 'moderate' },
    unclaimed('ENC-01', 'the service encrypts every index, with no setting that could be judged; with which key is ENC-02'),
    unclaimed('LOG-13', 'queries are recorded as LOG-04'),
    unclaimed('TLS-01', 'the service speaks TLS 1.2 and later only; there is no setting that could allow less'),
    unclaimed('TLS-03', 'the service answers HTTPS only; there is no setting that could allow less'),
    unclaimed('TLS-06', 'traffic between the nodes is inside the service'),
    unclaimed('VUL-06', 'Azure assesses the settings of SQL only'),
  );

  /** The service itself. */
  readonly service: search.Service;
  /** Resource id of the service. */
  readonly id: pulumi.Output<string>;
  /** `https://….search.windows.net`, for clients. */
  readonly endpoint: pulumi.Output<string>;

  constructor(name: string, args: SecureSearchServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureSearchService', PROMISES, name, args, opts);
    const { key, replicas = REPLICAS[this.tier] } = args;
    if (!(Number.isInteger(replicas) && replicas >= 1 && replicas <= 12)) this.refuse(`replicas is ${replicas}; write 1 to 12`);
    if (this.reaches('high') && replicas < 2 && !this.relaxes('BCR-06'))
      this.refuse(`replicas is ${replicas}; at tier high write at least 2, or relax BCR-06`);
    this.service = this.#service(args, replicas);
    this.id = this.service.id;
    this.endpoint = pulumi.interpolate`https://${this.service.name}.search.windows.net`;
    if (key) {
      const principalId = this.service.identity.apply((identity) => identity?.principalId ?? '');
      allowEncryption(`${name}-key-use`, { key, principalId }, { parent: this });
    }
    this.connect('endpoint', this.id, 'search');
    this.record('diagnostics', this.id);
    this.watch([this.id], WEAKENINGS);
    this.keep('service', this.service);
    for (const control of ['BCR-06', 'DHC-10', 'EXP-04'] as const) this.waive(control, this.service);
    this.registerOutputs({ id: this.id, endpoint: this.endpoint });
  }

  /** Gives one principal a right on the documents of one index, and on nothing else. */
  grant(name: string, { index, principal, rights }: SearchGrant): void {
    if (!/^[a-z0-9][a-z0-9-]{0,127}$/.test(index)) this.refuse(`grant("${name}").index is "${index}"; write the name of one index`);
    assignRole(
      `${this.label}-grant-${name}`,
      {
        role: rights === 'read' ? 'Search Index Data Reader' : 'Search Index Data Contributor',
        principal,
        scope: pulumi.interpolate`${this.id}/indexes/${index}`,
        why: `${rights}s the documents of one index`,
      },
      { parent: this },
    );
  }

  #service(args: SecureSearchServiceArgs, replicaCount: number): search.Service {
    const name = `${this.label}-service`;
    const serviceArgs: search.ServiceArgs = {
      searchServiceName: args.serviceName ?? physicalName(this.label, 60, '-'),
      resourceGroupName: args.resourceGroupName,
      location: this.location,
      sku: { name: args.sku ?? 'standard' },
      hostingMode: 'Default',
      computeType: 'Default',
      partitionCount: args.partitions ?? 1,
      replicaCount,
      identity: { type: 'SystemAssigned' },
      disableLocalAuth: true,
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { bypass: 'None', ipRules: [] },
      dataExfiltrationProtections: this.reaches('high') && !this.relaxes('EXP-04') ? ['BlockAll'] : [],
      encryptionWithCmk: { enforcement: args.key ? 'Enabled' : 'Disabled' },
      semanticSearch: args.semanticSearch ? 'standard' : 'disabled',
      tags: this.tags,
    };
    const opts = { parent: this, protect: this.kept };
    return new search.Service(name, serviceArgs, whole(name, serviceArgs, ['encryptionWithCmk', 'networkRuleSet'], opts));
  }
}

const PROMISES: Promises = {
  claims: SecureSearchService.claims,
  families: ['database'],
  relaxable: {
    'BCR-06': 'replicas may be 1: the loss of a zone stops the service',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
    'EXP-04': 'indexers and skills may call services outside',
  },
  firm: {
    'DID-05': 'without an endpoint nothing reaches the service at all',
    'ENC-02': 'a key of the platform cannot be revoked; pass `key`',
    'LOG-04': 'who searched what must be answerable',
    'LPA-14': 'every supported client signs in by the directory',
  },
};
