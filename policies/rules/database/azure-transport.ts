/** Sessions with databases on Azure, and between their nodes, are encrypted with a modern TLS. */
import type { ControlId } from '../../../controls';
import {
  COSMOS,
  HDINSIGHT,
  MANAGED_INSTANCE,
  MARIADB,
  MYSQL_SINGLE,
  NETAPP_VOLUME,
  POSTGRES_SINGLE,
  REDIS,
  REDIS_DATABASE,
  REDIS_ENTERPRISE,
  SQL,
} from '../../facts/azure-databases';
import { allOf, not, notApplicable, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import { stated } from '../azure-settings';
import { setting } from '../setting';

const PARAMETERS = [
  'azure-native:dbforpostgresql:Configuration',
  'azure-native:dbformysql:Configuration',
  'azure-native:dbformariadb:Configuration',
  'azure-native:dbformysql:SingleServerConfiguration',
  'azure-native:dbforpostgresql:SingleServerConfiguration',
];

/** What a server parameter says of sessions; other parameters are other rules' business. */
function asksForTls(parameter: Resource): Outcome {
  const value = parameter.at('value');
  switch (parameter.at('configurationName').string?.toLowerCase()) {
    case 'require_secure_transport':
      return value.isOneOf(['on', '1', 'true']);
    case 'ssl_min_protocol_version':
      return value.isOneOf(['TLSv1.2', 'TLSv1.3']);
    case 'tls_version':
      return allOf(value.isSet(), not(value.matches(/\bTLSv1(\.1)?(,|$)/i), `${value.describe()}: lets clients speak an old version`));
    default:
      return notApplicable('says nothing of transport');
  }
}

const parameter = (configurationName: string, value: unknown, type = PARAMETERS[0] as string) => ({
  type,
  properties: { serverName: 'cases', configurationName, value },
});

const volume = (properties: object) => ({ volume: { type: NETAPP_VOLUME, properties } });

/** Whoever mounts over NFS 3 or plain NFS 4.1 sends in clear text; SMB encrypts only where it is told to. */
function volumeEncrypts(one: Resource): Outcome {
  const smb = one
    .at('protocolTypes')
    .items()
    .some((protocol) => protocol.is('CIFS').verdict !== 'fail');
  return smb ? one.at('smbEncryption').orDefault(false).isTrue() : one.at('kerberosEnabled').orDefault(false).isTrue();
}

const MINIMUM: readonly RuleSpec[] = [
  ...stated(
    {
      on: [SQL, MANAGED_INSTANCE],
      at: 'minimalTlsVersion',
      is: ['1.2', '1.3'],
      not: '1.0',
      fix: "Set minimalTlsVersion: '1.2' (or '1.3').",
    },
    'medium',
  ),
  ...stated({ on: COSMOS, at: 'minimalTlsVersion', is: ['Tls12'], not: 'Tls', fix: "Set minimalTlsVersion: 'Tls12'." }, 'low'),
  ...stated(
    { on: [REDIS, REDIS_ENTERPRISE], at: 'minimumTlsVersion', is: ['1.2', '1.3'], not: '1.0', fix: "Set minimumTlsVersion: '1.2'." },
    'medium',
  ),
  ...stated(
    {
      on: [POSTGRES_SINGLE, MYSQL_SINGLE, MARIADB],
      at: 'properties.minimalTlsVersion',
      is: ['TLS1_2'],
      not: 'TLSEnforcementDisabled',
      fix: "Set minimalTlsVersion: 'TLS1_2', and sslEnforcement: 'Enabled'; or move to a flexible server.",
    },
    'medium',
  ),
  ...stated(
    {
      on: HDINSIGHT,
      at: 'properties.minSupportedTlsVersion',
      is: ['1.2', '1.3'],
      not: '1.0',
      fix: "Set minSupportedTlsVersion: '1.2' on the cluster.",
    },
    'low',
  ),
];

export const AZURE_TRANSPORT = {
  'TLS-01': { azure: MINIMUM },
  'TLS-05': {
    azure: [
      setting({
        on: [POSTGRES_SINGLE, MYSQL_SINGLE, MARIADB],
        at: 'properties.sslEnforcement',
        is: ['Enabled'],
        not: 'Disabled',
        fix: "Set sslEnforcement: 'Enabled'; or move to a flexible server, which asks for TLS by default.",
      }),
      rule({
        on: PARAMETERS,
        check: asksForTls,
        fix: "Leave require_secure_transport 'ON' (the default) and tls_version or ssl_min_protocol_version at 'TLSv1.2' or above.",
        pass: [
          ...PARAMETERS.map((type) => ({ resources: { it: parameter('require_secure_transport', 'ON', type) } })),
          { resources: { it: parameter('ssl_min_protocol_version', 'TLSv1.2') } },
          { resources: { it: parameter('tls_version', 'TLSv1.2,TLSv1.3', PARAMETERS[1]) } },
        ],
        fail: [
          { resources: { it: parameter('require_secure_transport', 'off') } },
          { resources: { it: parameter('ssl_min_protocol_version', 'TLSv1') } },
          { resources: { it: parameter('tls_version', 'TLSv1,TLSv1.2', PARAMETERS[1]) } },
        ],
        unknown: [{ resources: { it: parameter('require_secure_transport', { $unknown: 'config value' }) } }],
        skip: [{ resources: { it: parameter('log_connections', 'off') } }],
      }),
      setting({
        on: REDIS,
        at: 'enableNonSslPort',
        is: [false],
        not: true,
        unset: false,
        fix: 'Set enableNonSslPort: false, and let clients use port 6380.',
      }),
      setting({
        on: REDIS_DATABASE,
        at: 'clientProtocol',
        is: ['Encrypted'],
        not: 'Plaintext',
        unset: 'Encrypted',
        fix: "Set clientProtocol: 'Encrypted'.",
      }),
      rule({
        on: NETAPP_VOLUME,
        severity: 'medium',
        check: volumeEncrypts,
        fix: 'Set smbEncryption: true on SMB volumes, and kerberosEnabled: true with export rules of Kerberos 5p on NFS volumes.',
        pass: [
          { resources: volume({ protocolTypes: ['CIFS'], smbEncryption: true }) },
          { resources: volume({ protocolTypes: ['NFSv4.1'], kerberosEnabled: true }) },
        ],
        fail: [
          { resources: volume({ protocolTypes: ['CIFS'], kerberosEnabled: true }) },
          { resources: volume({ protocolTypes: ['NFSv3'] }) },
          { resources: volume({ protocolTypes: ['NFSv4.1'], smbEncryption: true, kerberosEnabled: false }) },
        ],
        unknown: [{ resources: volume({ protocolTypes: ['CIFS'], smbEncryption: { $unknown: 'config value' } }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
