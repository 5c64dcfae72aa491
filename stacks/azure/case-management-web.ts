import * as applicationinsights from '@pulumi/azure-native/applicationinsights';
import * as monitor from '@pulumi/azure-native/monitor';
import * as pulumi from '@pulumi/pulumi';
import {
  CASE_ROLES,
  type DecidedProfile,
  FederatedApplication,
  FieldSecuredApi,
  SecureApiManagement,
  SecureApplicationGateway,
  SecureAppServicePlan,
  SecureFunctionApp,
  SecureResourceGroup,
  SecureStorageAccount,
  type SecureVirtualNetwork,
  SecureWebApp,
} from '../../constructs/azure';
import { assignRole } from '../../constructs/azure/identity-roles';
import { tagsOf } from '../../constructs/contract';
import { CASE_FIELDS, CASE_NOTICE } from '../fields';
import type { CaseAccess } from './case-management-access';
import type { CaseData } from './case-management-data';
import type { CaseLogs } from './case-management-logs';
import { ENTRY_ADDRESS } from './case-management-network';
import { LONGEST_GRANT_HOURS } from './case-management-tables';

/** What the interfaces are made from. */
export interface CaseWebArgs {
  readonly profile: DecidedProfile;
  readonly location: string;
  readonly tenantId: string;
  readonly logs: CaseLogs;
  readonly network: SecureVirtualNetwork;
  readonly scope: monitor.PrivateLinkScope;
  readonly data: CaseData;
  readonly access: CaseAccess;
  readonly owners: readonly string[];
  readonly origin: string;
}

/** Id of the API in the gateway, by which its calls are found in the records. */
export const INTERFACE = 'interface';
/** Days for which the host of the functions keeps its own blobs. */
const HOST_DAYS = 365;
/** Minutes for which a link to a file lives; the same as on the other cloud. */
const LINK_MINUTES = 5;
/** Path that says whether a machine works. */
const HEALTH = '/healthy';
/** Answers whether the gateway is well, without an API. */
const GATEWAY_HEALTH = '/status-0123456789abcdef';

/** The interface of people, from the entry down to the service that asks the stores. */
export class CaseWeb {
  readonly group: SecureResourceGroup;
  readonly gateway: SecureApiManagement;
  readonly service: SecureFunctionApp;
  readonly api: FieldSecuredApi;
  /** The page of people; it holds no case data. */
  readonly client: SecureWebApp;
  readonly entry: SecureApplicationGateway;
  /** Address that the names of the interface lead to, inside the network. */
  readonly entryAddress = ENTRY_ADDRESS;
  readonly #args: CaseWebArgs;
  readonly #plan: SecureAppServicePlan;

  constructor(args: CaseWebArgs) {
    this.#args = args;
    const { location, profile } = args;
    this.group = new SecureResourceGroup('apps-group', { profile, location, resourceGroupName: 'case-management-apps' });
    this.gateway = this.#gateway();
    const callers = this.#callers();
    this.#plan = new SecureAppServicePlan('machines', this.#place);
    this.service = this.#service(callers);
    this.#grant();
    this.api = this.#api(callers);
    this.client = this.#client();
    this.entry = this.#entry();
  }

  get #place() {
    const { location, network, profile } = this.#args;
    return { profile, location, resourceGroupName: this.group.name, logs: network.logs };
  }

  #subnet(name: 'entry' | 'gateway' | 'apps'): pulumi.Output<string> {
    return this.#args.network.subnetIds[name] as pulumi.Output<string>;
  }

  #gateway(): SecureApiManagement {
    const { network, profile } = this.#args;
    return new SecureApiManagement('gateway', {
      ...this.#place,
      network,
      subnetId: this.#subnet('gateway'),
      publisherName: profile.profile.system,
      publisherEmail: profile.profile.owner,
    });
  }

  /** Who may ask the service: the gateway, and nobody else. */
  #callers(): FederatedApplication {
    const { owners, profile } = this.#args;
    return new FederatedApplication('case-records', {
      profile,
      displayName: 'Case records',
      owners,
      roles: {
        gateway: {
          description: 'Asks for records on behalf of people, and cuts the answers down to what their role may see',
          workloads: [this.gateway.identity.principalId],
        },
      },
    });
  }

  #service(callers: FederatedApplication): SecureFunctionApp {
    const { data, logs, network, origin, tenantId } = this.#args;
    const storage = new SecureStorageAccount('host', {
      ...this.#place,
      network,
      key: data.vault.key('host'),
      retention: { atMostDays: HOST_DAYS },
      services: ['blob', 'queue', 'table'],
    });
    const telemetry = this.#telemetry(logs);
    const service = new SecureFunctionApp('service', {
      ...this.#place,
      network,
      storage,
      plan: this.#plan,
      runtime: 'NODE|24',
      subnetId: this.#subnet('apps'),
      signIn: {
        tenantId,
        clientId: callers.clientId,
        audiences: [callers.identifierUri],
        clientIds: [this.gateway.identity.clientId],
      },
      identities: Object.values(data.actors).map(({ id }) => id),
      healthCheckPath: HEALTH,
      telemetry: telemetry.connectionString,
      telemetryByIdentity: true,
      settings: {
        ...Object.fromEntries(CASE_ROLES.map((role) => [`ACT_AS_${role}`, data.actors[role].clientId])),
        DATABASE_SERVER: data.server.host,
        DATABASE: 'cases',
        FILES: data.attachments.accountName,
        FILES_CONTAINER: data.container.name,
        LINK_MINUTES: String(LINK_MINUTES),
        GRANT_HOURS: String(LONGEST_GRANT_HOURS),
        EVENTS: data.events.namespaceName,
        EVENTS_TOPIC: data.changes.name,
        NOTICE: `${CASE_NOTICE.id}@${CASE_NOTICE.version}`,
        ORIGIN: origin,
      },
      ...(data.relayKey ? { secrets: { RELAY_KEY: { secretId: data.relayKey.id, secretUri: data.relayKey.uri } } } : {}),
    });
    assignRole(
      'service-telemetry',
      {
        role: 'Monitoring Metrics Publisher',
        principal: { principalId: service.identity.principalId, principalType: 'ServicePrincipal' },
        scope: telemetry.id,
        why: 'Reports how requests went',
      },
      {},
    );
    return service;
  }

  /** Where functions report to; it takes no key, and is reached from the network only. */
  #telemetry({ workspace }: CaseLogs): applicationinsights.Component {
    const { location, logs, profile, scope } = this.#args;
    const component = new applicationinsights.Component('telemetry', {
      resourceGroupName: this.group.name,
      location,
      kind: 'web',
      applicationType: 'web',
      ingestionMode: 'LogAnalytics',
      workspaceResourceId: workspace.id,
      disableLocalAuth: true,
      disableIpMasking: false,
      publicNetworkAccessForIngestion: 'Disabled',
      publicNetworkAccessForQuery: 'Disabled',
      tags: tagsOf(profile),
    });
    new monitor.PrivateLinkScopedResource('records-scope-telemetry', {
      resourceGroupName: logs.group.name,
      scopeName: scope.name,
      name: 'telemetry',
      linkedResourceId: component.id,
    });
    return component;
  }

  /** What the service may do besides asking for records: store files, make links that live for minutes, tell of changes. */
  #grant(): void {
    const { data } = this.#args;
    const principal = { principalId: this.service.identity.principalId, principalType: 'ServicePrincipal' } as const;
    data.member('reach', 'Decides who reaches a record; reads whose it is, and not what is in it', principal.principalId);
    data.attachments.grant('service', { container: data.container, principal, rights: 'write' });
    assignRole(
      'service-links',
      {
        role: 'Storage Blob Delegator',
        principal,
        scope: data.attachments.id,
        why: 'Signs links to single files with a key that the directory lends it, for minutes',
      },
      {},
    );
    data.events.grant('service', { on: data.changes, principal, rights: 'send' });
    data.events.grant('service-follow-up', { on: data.followUp, principal, rights: 'receive' });
  }

  #api(callers: FederatedApplication): FieldSecuredApi {
    const { access, origin, profile, tenantId } = this.#args;
    const { clientId } = access.application;
    const api = new FieldSecuredApi(INTERFACE, {
      profile,
      gateway: this.gateway,
      catalogue: CASE_FIELDS,
      notice: CASE_NOTICE,
      path: 'cases',
      tenantId,
      audience: clientId,
      clientIds: [clientId],
      records: { url: pulumi.interpolate`https://${this.service.hostName}/records`, audience: callers.identifierUri },
      origins: [origin],
    });
    api.subscription('client');
    return api;
  }

  /** Code that only people with a role get; what they see comes from the interface, by their own token. */
  #client(): SecureWebApp {
    const { access, network, tenantId } = this.#args;
    const client = new SecureWebApp('client', {
      ...this.#place,
      network,
      plan: this.#plan,
      runtime: 'NODE|24-lts',
      subnetId: this.#subnet('apps'),
      signIn: { tenantId, clientId: access.application.clientId, originalHostHeader: 'X-Original-Host' },
      healthCheckPath: HEALTH,
    });
    // It signs people in as its own identity; there is no password.
    access.application.trust('client', {
      issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      subject: client.identity.principalId,
    });
    return client;
  }

  /** The one way in, inside the network and behind a firewall that blocks. */
  #entry(): SecureApplicationGateway {
    const { data, origin } = this.#args;
    const host = new URL(origin).hostname;
    return new SecureApplicationGateway('entry', {
      ...this.#place,
      subnetId: this.#subnet('entry'),
      privateAddress: ENTRY_ADDRESS,
      sites: {
        client: {
          hostNames: [host],
          certificate: { vaultId: data.vault.id, vaultUri: data.vault.uri, name: 'client' },
          backends: [this.client.hostName],
          healthPath: HEALTH,
        },
        interface: {
          hostNames: [`api.${host}`],
          certificate: { vaultId: data.vault.id, vaultUri: data.vault.uri, name: 'interface' },
          backends: [pulumi.interpolate`${this.gateway.serviceName}.azure-api.net`],
          healthPath: GATEWAY_HEALTH,
        },
      },
    });
  }
}
