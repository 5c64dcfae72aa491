/** What the policies of API Management say, certificates, and headers for browsers. */
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { every, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import { present } from '../setting';

const API = 'azure-native:apimanagement:Api';
const GLOBAL = 'azure-native:apimanagement:Policy';
const API_POLICY = 'azure-native:apimanagement:ApiPolicy';
const OPERATION_POLICY = 'azure-native:apimanagement:ApiOperationPolicy';
const PRODUCT_POLICY = 'azure-native:apimanagement:ProductPolicy';
const OPERATION = 'azure-native:apimanagement:ApiOperation';
const FRAGMENT = 'azure-native:apimanagement:PolicyFragment';
const LOCAL = [API_POLICY, OPERATION_POLICY, PRODUCT_POLICY] as const;
const DIAGNOSTICS = ['azure-native:apimanagement:Diagnostic', 'azure-native:apimanagement:ApiDiagnostic'] as const;
const GATEWAY = 'azure-native:network:ApplicationGateway';
const CERTIFICATE = 'azure-native:web:Certificate';
const CUSTOM_DOMAIN = 'azure-native:cdn:AFDCustomDomain';

const withoutComments = (xml: string): string => xml.replace(/<!--[\s\S]*?-->/g, '');

/** The text of a policy; undefined where only deployment, or another file, tells. */
function textOf(policy: Resource): string | undefined {
  const value = policy.at('value');
  if (/link$/i.test(policy.at('format').string ?? '')) return undefined;
  return value.shape === undefined ? undefined : withoutComments(value.shape);
}

/** The policy is written elsewhere. */
const notRead = (policy: Resource): Outcome => unknown(`the text of ${policy.logicalId}, which is written elsewhere`, 'value');

/** Every section that does something begins with what the policy above says. */
function inherits(policy: Resource): Outcome {
  const text = textOf(policy);
  if (text === undefined) return notRead(policy);
  for (const section of ['inbound', 'outbound', 'backend']) {
    const [, body] = new RegExp(`<${section}(?:\\s[^>]*)?>([\\s\\S]*?)</${section}>`, 'i').exec(text) ?? [];
    if (body !== undefined && !/<base\s*(?:\/>|>\s*<\/base\s*>)/i.test(body))
      return fail(`the section ${section} leaves out <base />: what the global policy demands no longer holds`, 'value');
  }
  return pass();
}

function listsOrigins(policy: Resource): Outcome {
  const text = textOf(policy);
  if (text === undefined) return notRead(policy);
  if (!/<cors[\s>]/i.test(text)) return notApplicable('shares with no other origin');
  return /<origin>\s*\*\s*<\/origin>/i.test(text) ? fail('cors allows every origin', 'value') : pass();
}

/** Policies that hold for an API: its own, and those of the service. */
function policiesOf(api: Resource, graph: Graph): readonly Resource[] {
  const service = api.at('serviceName').shape;
  const own = [...graph.pointingAt(api, API_POLICY, 'apiId'), ...graph.childrenOf(api).filter(({ type }) => type === API_POLICY)];
  return [...own, ...graph.ofType(GLOBAL).filter((policy) => graph.exists(policy) && policy.at('serviceName').shape === service)];
}

type Section = 'inbound' | 'outbound';

/** What a section of a policy says; nothing where it has no such section. */
const sectionOf = (text: string, section: Section): string =>
  new RegExp(`<${section}(?:\\s[^>]*)?>([\\s\\S]*?)</${section}>`, 'i').exec(text)?.[1] ?? '';

/** A section with the fragments that it includes; undefined where one of them is written elsewhere. */
function withFragments(body: string, graph: Graph): string | undefined {
  const names = [...body.matchAll(/<include-fragment\s[^>]*fragment-id\s*=\s*["']([^"']*)["']/gi)].map(([, name = '']) =>
    name.toLowerCase(),
  );
  const fragments = names.map((name) =>
    graph.ofType(FRAGMENT).find((one) => one.at('id').string?.toLowerCase() === name && graph.exists(one)),
  );
  const texts = fragments.map((fragment) => fragment && textOf(fragment));
  return texts.includes(undefined) ? undefined : [body, ...texts].join('\n');
}

/** Whether a policy says something in a section; undefined where part of it is written elsewhere. */
function says(policy: Resource, graph: Graph, section: Section, element: RegExp): boolean | undefined {
  const text = textOf(policy);
  if (text === undefined) return undefined;
  const body = sectionOf(text, section);
  if (element.test(body)) return true;
  const whole = withFragments(body, graph);
  return whole === undefined ? undefined : element.test(whole);
}

/** One of the policies over the API says it, or that of each of its operations does. */
function demands(api: Resource, graph: Graph, section: Section, element: RegExp, missing: string): Outcome {
  const policies = policiesOf(api, graph);
  const said = policies.map((policy) => says(policy, graph, section, element));
  if (said.includes(true)) return pass();
  const operations = graph.pointingAt(api, OPERATION, 'apiId').filter((one) => graph.exists(one));
  const own = operations.map((operation) => policyOfOperation(api, operation, graph));
  if (own.length > 0 && own.every((policy) => policy && says(policy, graph, section, element) === true)) return pass();
  const unsure = policies.find((_, index) => said[index] === undefined);
  return unsure ? notRead(unsure) : fail(missing);
}

function policyOfOperation(api: Resource, operation: Resource, graph: Graph): Resource | undefined {
  const name = operation.at('operationId').string;
  return (
    graph.pointingAt(operation, OPERATION_POLICY, 'operationId')[0] ??
    graph.pointingAt(api, OPERATION_POLICY, 'apiId').find((policy) => name !== undefined && policy.at('operationId').string === name)
  );
}

const xml = (inbound: string, outbound = '<base />') =>
  `<policies><inbound>${inbound}</inbound><backend><base /></backend><outbound>${outbound}</outbound></policies>`;
const policy = (value: unknown, type: string = API_POLICY) => ({ policy: { type, properties: { serviceName: 's', value } } });
const governed = (inbound?: string, outbound?: string) => ({
  api: { type: API, properties: { serviceName: 's', path: 'cases' } },
  ...(inbound === undefined ? {} : { policy: { type: GLOBAL, properties: { serviceName: 's', value: xml(inbound, outbound) } } }),
});
const own = (inbound: string, outbound?: string) => ({
  ...governed(),
  policy: { type: API_POLICY, properties: { serviceName: 's', apiId: { $ref: 'api' }, value: xml(inbound, outbound) } },
});
const fragment = (id: string, value: unknown) => ({ fragment: { type: FRAGMENT, properties: { serviceName: 's', id, value } } });
/** An API of two operations, with policies of their own. */
const byOperation = (...inbound: readonly string[]) => ({
  ...governed(),
  ...Object.fromEntries(
    ['read', 'list'].flatMap((operationId, index): [string, object][] => [
      [operationId, { type: OPERATION, properties: { serviceName: 's', apiId: { $ref: 'api' }, operationId } }],
      ...(inbound[index] === undefined
        ? []
        : [
            [
              `${operationId}Policy`,
              { type: OPERATION_POLICY, properties: { serviceName: 's', apiId: { $ref: 'api' }, operationId, value: xml(inbound[index]) } },
            ] as [string, object],
          ]),
    ]),
  ),
});
const certificates = (sslCertificate: object) => ({
  gateway: { type: GATEWAY, properties: { sslCertificates: [{ name: 'c', ...sslCertificate }] } },
});

export const azureApimPolicies: Specs = {
  'DID-24': {
    azure: rule({
      on: LOCAL,
      check: inherits,
      fix: 'Begin each section of the policy with <base />.',
      pass: [
        { resources: policy(xml('<base />')) },
        { resources: policy(xml('<base/><set-header name="x" />'), OPERATION_POLICY) },
        { resources: policy(xml('<base />'), PRODUCT_POLICY) },
        { name: 'in two tags', resources: policy(xml('<base></base>')) },
      ],
      fail: [{ resources: policy(xml('<set-header name="x" />')) }, { resources: policy(xml('<!-- <base /> -->')) }],
      unknown: [
        { resources: policy({ $unknown: 'config value' }) },
        {
          name: 'the text is elsewhere',
          resources: { policy: { type: API_POLICY, properties: { format: 'rawxml-link', value: 'https://example.com/cases.xml' } } },
        },
      ],
    }),
  },
  'DID-21': {
    azure: rule({
      on: [GLOBAL, ...LOCAL],
      check: listsOrigins,
      fix: 'List the exact origins in <allowed-origins>.',
      pass: [
        { resources: policy(xml('<cors><allowed-origins><origin>https://cases.example.com</origin></allowed-origins></cors>'), GLOBAL) },
      ],
      fail: [{ resources: policy(xml('<cors><allowed-origins><origin>*</origin></allowed-origins></cors>'), GLOBAL) }],
      unknown: [{ resources: policy({ $unknown: 'config value' }) }],
      skip: [{ resources: policy(xml('<base />')) }],
    }),
  },
  'DID-16': {
    azure: rule({
      on: API,
      check: (api, graph) =>
        demands(
          api,
          graph,
          'inbound',
          /<(validate-jwt|validate-azure-ad-token|validate-client-certificate)[\s>]/i,
          'no policy over the API checks a token: whoever has a key may call',
        ),
      severity: 'low',
      from: 'moderate',
      fix: 'Add <validate-azure-ad-token> (or validate-jwt) to the inbound section of the global policy or of the API.',
      pass: [
        { resources: governed('<validate-azure-ad-token tenant-id="t" />') },
        { resources: own('<validate-jwt header-name="Authorization" />') },
        {
          name: 'in a fragment',
          resources: {
            ...own('<base /><include-fragment fragment-id="Sign-In" />'),
            ...fragment('sign-in', '<fragment><validate-jwt header-name="Authorization" /></fragment>'),
          },
        },
        {
          name: 'in the policy of each operation',
          resources: byOperation('<validate-jwt header-name="x" />', '<validate-jwt header-name="x" />'),
        },
      ],
      fail: [
        { resources: governed() },
        { resources: governed('<set-header name="x" />') },
        {
          name: 'the gateway proves itself to the backend, and nobody to the gateway',
          resources: own('<authentication-managed-identity resource="api://cases" />'),
        },
        { name: 'one operation has none', resources: byOperation('<validate-jwt header-name="x" />') },
        {
          name: 'a fragment that does something else',
          resources: { ...own('<include-fragment fragment-id="log" />'), ...fragment('log', '<fragment><trace source="x" /></fragment>') },
        },
      ],
      unknown: [{ name: 'a fragment that is written elsewhere', resources: own('<base /><include-fragment fragment-id="sign-in" />') }],
    }),
  },
  'EXP-06': {
    azure: rule({
      on: API,
      check: (api, graph) =>
        demands(
          api,
          graph,
          'inbound',
          /<(rate-limit|quota)(-by-key)?[\s>]/i,
          'no policy over the API limits calls: everything can be read out',
        ),
      severity: 'low',
      from: 'moderate',
      fix: 'Add <rate-limit-by-key> and <quota-by-key> to the inbound section of the global policy or of the API.',
      pass: [
        { resources: governed('<rate-limit-by-key calls="60" renewal-period="60" counter-key="k" />') },
        { resources: own('<quota calls="1000" renewal-period="3600" />') },
      ],
      fail: [{ resources: governed() }, { resources: governed('<base />') }],
    }),
  },
  'DID-17': {
    azure: rule({
      on: API,
      check: (api, graph) =>
        demands(api, graph, 'inbound', /<validate-(content|parameters)[\s>]/i, 'no policy over the API validates what is sent'),
      severity: 'low',
      from: 'moderate',
      fix: 'Add <validate-content> with max-size and a schema to the inbound section of the global policy or of the API.',
      pass: [{ resources: governed('<validate-content max-size="102400" size-exceeded-action="prevent" />') }],
      fail: [{ resources: governed() }],
    }),
  },
  'FLS-02': {
    azure: rule({
      on: API,
      check: (api, graph) =>
        demands(
          api,
          graph,
          'outbound',
          /<(include-fragment|set-body|xsl-transform)[\s>]/i,
          'no policy over the API filters responses: its outbound section writes no body',
        ),
      severity: 'low',
      from: 'high',
      fix: 'Use FieldSecuredApi, or write what a role may see with set-body in the outbound section.',
      pass: [
        { resources: own('<base />', '<base /><include-fragment fragment-id="response-filter" />') },
        { resources: governed('', '<set-body>@(context.Variables["seen"])</set-body>') },
        { resources: own('<base />', '<return-response><set-body>@(context.Variables["seen"])</set-body></return-response>') },
      ],
      fail: [
        { resources: governed() },
        {
          name: 'what is sent is written, and not what is returned',
          resources: own('<set-body>@(context.Variables["change"])</set-body>'),
        },
      ],
    }),
  },
  'PRV-07': {
    azure: rule({
      on: DIAGNOSTICS,
      check: (diagnostic) =>
        every(
          ['frontend.request', 'frontend.response', 'backend.request', 'backend.response'].map((place) =>
            diagnostic.at(`${place}.body.bytes`).orDefault(0),
          ),
          (bytes) => bytes.is(0),
        ),
      severity: 'medium',
      fix: 'Set body.bytes to 0 for frontend and backend: bodies hold what customers wrote.',
      pass: [
        { resources: { to: { type: DIAGNOSTICS[0], properties: { frontend: { request: { body: { bytes: 0 } } } } } } },
        { resources: { to: { type: DIAGNOSTICS[1], properties: {} } } },
      ],
      fail: [{ resources: { to: { type: DIAGNOSTICS[0], properties: { backend: { response: { body: { bytes: 8192 } } } } } } }],
      unknown: [
        {
          resources: {
            to: { type: DIAGNOSTICS[0], properties: { backend: { response: { body: { bytes: { $unknown: 'config value' } } } } } },
          },
        },
      ],
    }),
  },
  'TLS-08': {
    azure: rule({
      on: GATEWAY,
      check: (gateway) =>
        every(gateway.at('sslCertificates').items(), (certificate) => {
          const id = certificate.at('keyVaultSecretId');
          if (id.state === 'absent') return fail(`${certificate.path} is uploaded: nobody renews it`, certificate.path);
          return /\/secrets\/[^/]+\/[0-9a-f]{32}\/?$/i.test(id.shape ?? '')
            ? fail(`${id.path} names one version, which is not renewed`, id.path)
            : pass();
        }),
      severity: 'low',
      fix: 'Set keyVaultSecretId, without a version, of each certificate.',
      pass: [{ resources: certificates({ keyVaultSecretId: 'https://v.vault.azure.net/secrets/cases' }) }],
      fail: [
        { resources: certificates({ data: { $secret: true } }) },
        { resources: certificates({ keyVaultSecretId: 'https://v.vault.azure.net/secrets/cases/0123456789abcdef0123456789abcdef' }) },
      ],
    }),
  },
  'TLS-11': {
    azure: [
      rule({
        on: CERTIFICATE,
        check: (one) => every(one.at('hostNames').items(), (host) => host.matches(/^[^*]+$/)),
        severity: 'low',
        fix: 'Name the hosts in hostNames without *.',
        pass: [{ resources: { certificate: { type: CERTIFICATE, properties: { hostNames: ['cases.example.com'] } } } }],
        fail: [{ resources: { certificate: { type: CERTIFICATE, properties: { hostNames: ['*.example.com'] } } } }],
      }),
      rule({
        on: CUSTOM_DOMAIN,
        check: (one) => one.at('hostName').matches(/^[^*]+$/),
        severity: 'low',
        fix: 'Name the host in hostName without *.',
        pass: [{ resources: { domain: { type: CUSTOM_DOMAIN, properties: { hostName: 'cases.example.com' } } } }],
        fail: [{ resources: { domain: { type: CUSTOM_DOMAIN, properties: { hostName: '*.example.com' } } } }],
      }),
    ],
  },
  'BCR-06': {
    azure: present({
      on: [GATEWAY, 'azure-native:apimanagement:ApiManagementService'],
      at: 'zones',
      like: ['1', '2', '3'],
      else: 'zones is not set: the loss of one zone ends the entry',
      severity: 'low',
      from: 'high',
      fix: "Set zones: ['1', '2', '3'].",
    }),
  },
};
