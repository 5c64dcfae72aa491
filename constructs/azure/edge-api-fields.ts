import * as apimanagement from '@pulumi/azure-native/apimanagement';
import * as pulumi from '@pulumi/pulumi';
import { claims, type Relaxation, unclaimed } from '../contract';
import type { CaseRole, FieldCatalogue, RecordType } from '../fields';
import { type SecureArgs, SecureComponent } from './component';
import type { ApiGateway } from './edge-api';
import { HEADERS, type Operation, operationsOf, pathOf } from './edge-api-filter';
import { type DataProtectionNotice, fieldPolicy, type Limits, NOTICE_OPERATION } from './edge-api-policy';
import { schemasOf, shapeOf } from './edge-api-schema';
import { idText, plainText, xmlOf } from './edge-api-xml';
import type { Promises } from './relax';

export type { DataProtectionNotice } from './edge-api-policy';

/** Most records of a page: the same as on the other cloud. */
const LARGEST_PAGE = 50;
const PAGE = 25;
/** Calls of one person: well above somebody at work, far below what it takes to read everything out. */
const LIMITS: Limits = { callsPerMinute: 60, callsPerDay: 2000 };

/** The service that holds the records; it takes calls of the gateway's own identity only. */
export interface RecordService {
  /** `https://cases.internal/records`; under it the API asks for `/case/{id}`, `/case` and so on. */
  readonly url: pulumi.Input<string>;
  /** Audience of the tokens that it takes: `api://…`, or an application id. */
  readonly audience: pulumi.Input<string>;
}

/** What a {@link FieldSecuredApi} is made from. */
export interface FieldSecuredApiArgs<R extends string = CaseRole> extends Omit<SecureArgs, 'resourceGroupName' | 'location' | 'tags'> {
  /** Gateway in which the API stands. */
  readonly gateway: ApiGateway;
  /** Which fields there are, and who reads and alters them. */
  readonly catalogue: FieldCatalogue<R>;
  /** Part of the address under which the API is called: `cases`. */
  readonly path: string;
  /** Directory whose tokens are taken. */
  readonly tenantId: pulumi.Input<string>;
  /** Audience of the tokens that are taken: application id, or `api://…`, of the API in the directory. */
  readonly audience: pulumi.Input<string>;
  /** Application ids through which people call. @default every application of the directory that gets a token for the audience */
  readonly clientIds?: readonly pulumi.Input<string>[];
  /** Values of the app roles in tokens, by role of the catalogue. @default the names of the roles themselves */
  readonly appRoles?: { readonly [Role in NoInfer<R>]?: string };
  /** Where the records are. */
  readonly records: RecordService;
  /** What people read and acknowledge before they see data. */
  readonly notice: DataProtectionNotice;
  /** Most records of a page, 1 to 50. @default 25 */
  readonly pageSize?: number;
  /** Calls that one person may make in a minute, 1 to 600. @default 60 */
  readonly callsPerMinute?: number;
  /** Calls that one person may make in a day, 1 to 100000. @default 2000 */
  readonly callsPerDay?: number;
  /** Origins whose pages may call: `https://cases.example.com` (DID-21). @default none */
  readonly origins?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

/**
 * An API whose answers are cut down to the fields that the caller's role may see, by a filter that is made from the field
 * catalogue and runs in the gateway: what is not listed for the role is not in the answer, whatever the service behind it
 * returns. Fields are altered only by the roles that the catalogue names. Callers show a token of the directory with exactly
 * one app role, a purpose, the case and the notice that they acknowledged; lists come in pages, and each person is limited.
 *
 * The gateway proves by the role's reach that a record is assigned to the caller, or belongs to the case that was named,
 * and hands the service who asks, in which role, why and for which case. Whether a grant for a case is still live is the
 * service's to say. An answer that is no JSON, is too long or has another shape than the catalogue is refused; errors carry
 * no data.
 *
 * Guarantees TLS-02, DID-16, DID-24 and PRV-07; from the moderate tier on TLS-04, DID-17 and EXP-06; from the high tier on
 * FLS-02. It takes no origin that breaks DID-21.
 *
 * @throws RangeError for a path, a limit, a role or an address that cannot stand, and for an incomplete notice
 * @example
 * const gateway = new SecureApiManagement('gateway', {
 *   profile, resourceGroupName, location, logs, network,
 *   subnetId: network.subnetIds.gateway ?? '', publisherName: 'Example', publisherEmail: 'platform@example.com',
 * });
 * const api = new FieldSecuredApi('cases', {
 *   profile, gateway, catalogue, tenantId, path: 'cases', audience: 'api://cases',
 *   records: { url: 'https://cases.internal/records', audience: 'api://case-records' },
 *   notice: { id: 'support-notice', version: '3', text: 'You see customer data for your case only.' },
 * });
 * api.subscription('portal');
 */
export class FieldSecuredApi<R extends string = CaseRole> extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'FieldSecuredApi',
    'TLS-02',
    'DID-24',
    'DID-16',
    { control: 'TLS-04', from: 'moderate' },
    { control: 'DID-17', from: 'moderate' },
    { control: 'EXP-06', from: 'moderate' },
    'PRV-07',
    { control: 'FLS-02', from: 'high' },
    unclaimed(
      'FLS-01',
      'no resource holds which fields there are; the schemas and the filter are made from the catalogue, and tests execute the filter',
    ),
    unclaimed(
      'PRV-01',
      'the gateway answers with the notice and refuses data without its acknowledgement; no rule can tell that from its policy',
    ),
    unclaimed('PRV-02', 'each call carries the acknowledged version and is recorded with it; no resource of its own holds it'),
    unclaimed('PRV-03', 'the notice stands in the policy of the API'),
    unclaimed('LOG-04', 'the gateway records each call with who, why and which record; SecureApiManagement sends it to the workspace'),
    unclaimed('LOG-13', 'the diagnostic setting belongs to the gateway: SecureApiManagement promises it'),
    unclaimed('LOG-19', 'tracing belongs to Application Insights; the record of each call carries its correlation id'),
  );

  /** The API itself. */
  readonly api: apimanagement.Api;
  /** Resource id of the API. */
  readonly id: pulumi.Output<string>;
  /** The policy with the filter, as the gateway gets it. */
  readonly policyText: pulumi.Output<string>;
  readonly #args: FieldSecuredApiArgs<R>;
  readonly #operations: readonly Operation[];

  constructor(name: string, args: FieldSecuredApiArgs<R>, opts?: pulumi.ComponentResourceOptions) {
    const { gateway } = args;
    super('palisade:azure:FieldSecuredApi', PROMISES, name, { ...args, location: gateway.location }, opts);
    this.#args = args;
    this.#check();
    this.#operations = operationsOf(args.catalogue);
    this.api = this.#createApi();
    this.id = this.api.id;
    const told: pulumi.Resource[] = [];
    this.policyText = this.#policyText(told);
    const common = this.#common();
    const policy = new apimanagement.ApiPolicy(
      `${name}-policy`,
      { ...common, policyId: 'policy', format: 'xml', value: this.policyText },
      { parent: this, dependsOn: told },
    );
    this.#recordCalls();
    // No operation exists before the policy that filters its answers.
    this.#createOperations(policy);
    this.registerOutputs({ id: this.id });
  }

  /**
   * A key for one client application; it opens this API only, and never without a token.
   * @param client name of the application, 1 to 60 letters, digits and hyphens
   */
  subscription(client: string): apimanagement.Subscription {
    if (!/^[A-Za-z0-9-]{1,60}$/.test(client))
      throw new RangeError(`${this.where}: subscription "${client}" is no name; write letters, digits and hyphens`);
    const { gateway } = this.#args;
    return new apimanagement.Subscription(
      `${this.label}-subscription-${client}`,
      {
        resourceGroupName: gateway.resourceGroupName,
        serviceName: gateway.serviceName,
        sid: `${this.#apiId}-${client}`,
        displayName: `${client} of ${this.#apiId}`,
        scope: this.id,
        allowTracing: false,
        state: 'active',
      },
      { parent: this, additionalSecretOutputs: ['primaryKey', 'secondaryKey'] },
    );
  }

  /** An id as the service takes it; it is the name of the component. */
  get #apiId(): string {
    return this.label;
  }

  #common() {
    const { gateway } = this.#args;
    return { resourceGroupName: gateway.resourceGroupName, serviceName: gateway.serviceName, apiId: this.api.name };
  }

  #check(): void {
    const { appRoles = {}, callsPerDay, callsPerMinute, catalogue, notice, origins = [], pageSize = PAGE, path } = this.#args;
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,79}$/.test(this.label))
      refuse('its name is no id of an API; write up to 80 letters, digits and hyphens');
    if (!catalogue?.records) refuse('catalogue is missing; pass what fieldCatalogue() returns (FLS-01)');
    if (!/^[a-z0-9][a-z0-9/-]{0,99}$/.test(path ?? ''))
      refuse(`path is "${path}"; write small letters, digits, hyphens and slashes, such as cases`);
    if (!notice?.id || !notice.version || !notice.text?.trim())
      refuse('notice lacks its id, version or text; nobody sees data before it (PRV-01)');
    for (const part of [notice.id, notice.version])
      if (!/^[A-Za-z0-9._-]+$/.test(part)) refuse(`notice names "${part}"; write letters, digits, periods and hyphens (PRV-03)`);
    const within = (argument: string, value: number, most: number, control: string) => {
      if (!(Number.isInteger(value) && value >= 1 && value <= most))
        refuse(`${argument} is ${value}; write a whole number from 1 to ${most} (${control})`);
    };
    within('pageSize', pageSize, LARGEST_PAGE, 'EXP-06');
    within('callsPerMinute', callsPerMinute ?? LIMITS.callsPerMinute, 600, 'EXP-06');
    within('callsPerDay', callsPerDay ?? LIMITS.callsPerDay, 100_000, 'EXP-06');
    for (const origin of origins)
      if (!/^https:\/\/[a-z0-9.-]+(:\d+)?$/i.test(origin))
        refuse(`origins lists "${origin}"; write exact origins such as https://cases.example.com (DID-21)`);
    const values = Object.values<string | undefined>(appRoles).filter((value) => value !== undefined);
    for (const role of Object.keys(appRoles))
      if (!catalogue.roles.includes(role as R)) refuse(`appRoles names "${role}", which is none of ${catalogue.roles.join(', ')}`);
    for (const value of values)
      if (!/^[A-Za-z0-9._-]{1,120}$/.test(value)) refuse(`appRoles has "${value}"; write letters, digits, periods and hyphens`);
    const all = catalogue.roles.map((role) => this.#roleValue(role));
    if (new Set(all).size < all.length) refuse('two roles have the same value in appRoles; whoever has it would be nobody (LPA-05)');
    const names = Object.keys(catalogue.records).map((record) => record.toLowerCase());
    if (new Set(names).size < names.length) refuse('two kinds of record differ by case only; the gateway takes them for one');
    for (const record of Object.values<RecordType<R>>(catalogue.records))
      if (['limit', 'nextToken'].includes(record.listedBy ?? ''))
        refuse(`a kind of record is listed by ${record.listedBy}, which is a parameter of every page`);
    const { url } = this.#args.records ?? {};
    if (typeof url === 'string' && !/^https:\/\/[^\s?#]+$/.test(url))
      refuse(`records.url is "${url}"; write an https:// address without a query (TLS-04)`);
  }

  #roleValue(role: string): string {
    return (this.#args.appRoles as Readonly<Record<string, string | undefined>> | undefined)?.[role] ?? role;
  }

  #createApi(): apimanagement.Api {
    const { gateway, notice, path, records } = this.#args;
    return new apimanagement.Api(
      `${this.label}-api`,
      {
        resourceGroupName: gateway.resourceGroupName,
        serviceName: gateway.serviceName,
        apiId: this.#apiId,
        displayName: this.#apiId,
        description: `Returns to each role its fields of the catalogue, after notice ${notice.id}@${notice.version}.`,
        apiType: 'http',
        path,
        protocols: ['https'],
        serviceUrl: records.url,
        subscriptionRequired: true,
        subscriptionKeyParameterNames: { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' },
      },
      { parent: this },
    );
  }

  /**
   * A value of the policy as it stands in its text. What only deployment tells stands in a named value of the gateway, so that
   * the rest of the policy is known before; its resource is added to those that the policy waits for.
   */
  #told(argument: string, part: string, value: pulumi.Input<string>, told: pulumi.Resource[]): string {
    if (typeof value === 'string') return plainText(this.where, argument, value);
    const { gateway } = this.#args;
    const name = `${this.#apiId}-${part}`;
    told.push(
      new apimanagement.NamedValue(
        `${this.label}-value-${part}`,
        {
          resourceGroupName: gateway.resourceGroupName,
          serviceName: gateway.serviceName,
          namedValueId: name,
          displayName: name,
          secret: false,
          value: pulumi.output(value).apply((text) => idText(this.where, argument, text)),
        },
        { parent: this },
      ),
    );
    return `{{${name}}}`;
  }

  #policyText(told: pulumi.Resource[]): pulumi.Output<string> {
    const {
      audience,
      callsPerDay,
      callsPerMinute,
      catalogue,
      clientIds = [],
      notice,
      origins = [],
      pageSize = PAGE,
      records,
      tenantId,
    } = this.#args;
    const text = fieldPolicy({
      api: this.#apiId,
      catalogue,
      operations: this.#operations,
      pageSize,
      token: {
        tenantId: this.#told('tenantId', 'tenant', tenantId, told),
        audience: this.#told('audience', 'audience', audience, told),
        clients: clientIds.map((client, index) => this.#told('clientIds', `client-${index + 1}`, client, told)),
        roles: catalogue.roles.map((role) => this.#roleValue(role)),
      },
      roleValue: (role) => this.#roleValue(role),
      limits: { callsPerDay: callsPerDay ?? LIMITS.callsPerDay, callsPerMinute: callsPerMinute ?? LIMITS.callsPerMinute },
      notice,
      backendAudience: this.#told('records.audience', 'records', records.audience, told),
      origins,
    });
    return pulumi.output(xmlOf(text));
  }

  #createOperations(policy: apimanagement.ApiPolicy): void {
    const { catalogue } = this.#args;
    const common = this.#common();
    const schema = new apimanagement.ApiSchema(
      `${this.label}-schema`,
      {
        ...common,
        schemaId: 'records',
        contentType: 'application/vnd.oai.openapi.components+json',
        components: { schemas: schemasOf(catalogue) },
      },
      { parent: this },
    );
    const made = { parent: this, dependsOn: [policy, schema] };
    for (const operation of this.#operations) {
      const { request, responses, templateParameters, ...shape } = shapeOf(catalogue, operation, 'records');
      new apimanagement.ApiOperation(
        `${this.label}-operation-${operation.id}`,
        {
          ...common,
          operationId: operation.id,
          ...shape,
          templateParameters: [...templateParameters],
          request,
          responses: responses as { statusCode: number }[],
        },
        made,
      );
    }
    new apimanagement.ApiOperation(
      `${this.label}-operation-${NOTICE_OPERATION}`,
      {
        ...common,
        operationId: NOTICE_OPERATION,
        displayName: 'Read the data-protection notice',
        method: 'GET',
        urlTemplate: '/data-protection-notice',
        responses: [{ statusCode: 200, description: 'The notice that is acknowledged in the header Palisade-Notice' }],
      },
      made,
    );
  }

  /** Each call is recorded with its purpose, its case and the notice that was acknowledged, and without its content. */
  #recordCalls(): void {
    const nothing = { headers: [], body: { bytes: 0 } };
    new apimanagement.ApiDiagnostic(
      `${this.label}-records`,
      {
        ...this.#common(),
        diagnosticId: 'azuremonitor',
        loggerId: this.#args.gateway.loggerId,
        alwaysLog: 'allErrors',
        sampling: { samplingType: 'fixed', percentage: 100 },
        verbosity: 'information',
        logClientIp: true,
        frontend: { request: { headers: [HEADERS.purpose, HEADERS.case, HEADERS.notice], body: { bytes: 0 } }, response: nothing },
        backend: { request: nothing, response: nothing },
      },
      { parent: this },
    );
  }

  /** Address of an operation, below that of the gateway. @throws RangeError for a kind of record that the catalogue does not have */
  pathOf(record: string): string {
    const { catalogue, path } = this.#args;
    if (!Object.hasOwn(catalogue.records, record))
      throw new RangeError(`${this.where}: there is no record "${record}"; write one of ${Object.keys(catalogue.records).join(', ')}`);
    return `/${path}${pathOf(record)}`;
  }
}

const PROMISES: Promises = {
  claims: FieldSecuredApi.claims,
  families: ['edge'],
  relaxable: {},
  firm: {
    'DID-16': 'a subscription key tells nobody apart',
    'FLS-02': 'name the role in the catalogue',
    'EXP-06': 'raise callsPerDay or pageSize',
    'DID-24': 'what the global policy demands holds for every API',
  },
};
