/** How people reach hosts and desktops: brokered, recorded and short. */
import type { ControlId } from '../../../controls';
import { isOwnKey } from '../../facts/keys';
import { every, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const DOCUMENT = 'AWS::SSM::Document';
const CLOUD9 = 'AWS::Cloud9::EnvironmentEC2';
const FLEET = 'AWS::AppStream::Fleet';
const LIGHTSAIL = 'AWS::Lightsail::Instance';

/** The preferences of Session Manager: a document of type Session. */
function preferencesOf(document: Resource): Value | undefined {
  if (document.at('DocumentType').is('Session').verdict !== 'pass') return undefined;
  const content = document.at('Content').json();
  // Ports and tunnels record nothing that a person types.
  return content.at('sessionType').isOneOf(['Port', 'InteractiveCommands']).verdict === 'pass' ? undefined : content.at('inputs');
}

const withPreferences =
  (check: (inputs: Value) => Outcome) =>
  (document: Resource): Outcome => {
    const inputs = preferencesOf(document);
    return inputs === undefined ? notApplicable('holds no preferences of sessions') : check(inputs);
  };

const RECORDS = ['cloudWatchLogGroupName', 's3BucketName'];
const isRecorded = (inputs: Value): Outcome =>
  some(
    RECORDS.map((name) => inputs.at(name)),
    (place) => place.isSet(),
    'sessions are recorded nowhere: neither cloudWatchLogGroupName nor s3BucketName is set',
  );

/** Minutes without a key stroke after which a session ends (IDA-14); Session Manager ends it after 20 unless told otherwise. */
const MOST_IDLE_MINUTES = 15;

// ── Lightsail ──────────────────────────────────────────────────────────────────────────────────────────────────────

const ADMINISTRATION = [22, 3389];

/** Ports are open to everybody unless a range of addresses is given. */
function offersNoAdministration(instance: Resource): Outcome {
  const ports = instance.at('Networking.Ports').items();
  if (ports.length === 0) return fail('Networking.Ports is not set: port 22 is open to everybody', 'Networking');
  return every(ports, (port) => {
    const [from, to] = [port.at('FromPort').number, port.at('ToPort').number];
    if (from === undefined || to === undefined) return pass();
    const offered = ADMINISTRATION.some((one) => from <= one && one <= to);
    const sources = [...port.at('Cidrs').items(), ...port.at('Ipv6Cidrs').items()];
    const open = sources.length === 0 || sources.some((source) => /\/0$/.test(source.string ?? ''));
    return offered && open ? fail(`${port.path} opens port ${from} to everybody`, port.path) : pass();
  });
}

const session = (inputs: object, DocumentType = 'Session'): Example['resources'] => ({
  Preferences: {
    Type: DOCUMENT,
    Properties: {
      Name: 'SSM-SessionManagerRunShell',
      DocumentType,
      Content: { schemaVersion: '1.0', sessionType: 'Standard_Stream', inputs },
    },
  },
});
const asText = (inputs: object): Example['resources'] => ({
  Preferences: {
    Type: DOCUMENT,
    Properties: { DocumentType: 'Session', Content: JSON.stringify({ sessionType: 'Standard_Stream', inputs }) },
  },
});
const TUNNEL: Example['resources'] = {
  Tunnel: { Type: DOCUMENT, Properties: { DocumentType: 'Session', Content: { sessionType: 'Port', properties: { portNumber: '443' } } } },
};
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';
const cloud9 = (properties: object): Example['resources'] => ({ Editor: { Type: CLOUD9, Properties: properties } });
const lightsail = (...Ports: readonly object[]): Example['resources'] => ({
  Host: { Type: LIGHTSAIL, Properties: { InstanceName: 'cases', Networking: { Ports } } },
});
const fleet = (properties: object): Example['resources'] => ({ Fleet: { Type: FLEET, Properties: { Name: 'agents', ...properties } } });
const ON = { parameters: { On: { Type: 'String' } } } as const;

export const sessions = {
  'DID-12': {
    aws: [
      rule({
        on: DOCUMENT,
        check: withPreferences(isRecorded),
        fix: 'Use SessionManager, or set cloudWatchLogGroupName (with cloudWatchEncryptionEnabled) or s3BucketName in the inputs of the document.',
        pass: [{ resources: session({ cloudWatchLogGroupName: 'sessions' }) }, { resources: asText({ s3BucketName: 'sessions' }) }],
        fail: [{ resources: session({}) }, { resources: session({ cloudWatchLogGroupName: '', s3BucketName: '' }) }],
        skip: [{ resources: session({}, 'Command') }, { resources: TUNNEL }],
      }),
      rule({
        on: CLOUD9,
        severity: 'medium',
        check: (editor) => editor.at('ConnectionType').orDefault('CONNECT_SSH').is('CONNECT_SSM'),
        fix: "Set ConnectionType to 'CONNECT_SSM', and SubnetId to a private subnet.",
        pass: [{ resources: cloud9({ ConnectionType: 'CONNECT_SSM' }) }],
        fail: [{ resources: cloud9({}) }, { resources: cloud9({ ConnectionType: 'CONNECT_SSH' }) }],
      }),
      rule({
        on: LIGHTSAIL,
        check: offersNoAdministration,
        fix: 'List Networking.Ports without 22 and 3389, or give them Cidrs of your own network.',
        pass: [
          { resources: lightsail({ FromPort: 443, ToPort: 443, Protocol: 'tcp' }) },
          { resources: lightsail({ FromPort: 22, ToPort: 22, Cidrs: ['192.0.2.0/24'] }) },
        ],
        fail: [
          { resources: lightsail() },
          { resources: lightsail({ FromPort: 22, ToPort: 22 }) },
          { resources: lightsail({ FromPort: 0, ToPort: 65535, Cidrs: ['0.0.0.0/0'] }) },
          { resources: lightsail({ FromPort: 22, ToPort: 22, Ipv6Cidrs: ['::/0'] }) },
        ],
      }),
    ],
  },

  'ENC-11': {
    aws: rule({
      on: DOCUMENT,
      severity: 'medium',
      check: withPreferences((inputs) => isOwnKey(inputs.at('kmsKeyId'))),
      fix: 'Use SessionManager, or set kmsKeyId in the inputs of the document, so that what is typed is encrypted with a key of your own.',
      pass: [{ resources: session({ kmsKeyId: KEY }) }],
      fail: [{ resources: session({}) }, { resources: session({ kmsKeyId: '' }) }],
      unknown: [{ ...ON, resources: session({ kmsKeyId: { Ref: 'On' } }) }],
      skip: [{ resources: TUNNEL }],
    }),
  },

  'IDA-14': {
    aws: [
      rule({
        on: DOCUMENT,
        check: withPreferences((inputs) => inputs.at('idleSessionTimeout').orDefault(20).isAtMost(MOST_IDLE_MINUTES)),
        fix: "Use SessionManager, or set idleSessionTimeout to '15' or less in the inputs of the document.",
        pass: [{ resources: session({ idleSessionTimeout: '15' }) }],
        fail: [{ resources: session({}) }, { resources: session({ idleSessionTimeout: '60' }) }],
        skip: [{ resources: TUNNEL }],
      }),
      rule({
        on: FLEET,
        severity: 'low',
        check: (one) =>
          one
            .at('IdleDisconnectTimeoutInSeconds')
            .orDefault(0)
            .matches(/^([1-9]\d{0,1}|[1-8]\d\d|900)$/),
        fix: 'Set IdleDisconnectTimeoutInSeconds to 900 or less, but not to 0, which never disconnects.',
        pass: [{ resources: fleet({ IdleDisconnectTimeoutInSeconds: 900 }) }],
        fail: [{ resources: fleet({}) }, { resources: fleet({ IdleDisconnectTimeoutInSeconds: 3600 }) }],
      }),
    ],
  },

  'DID-11': {
    aws: rule({
      on: FLEET,
      check: (one) => one.at('DisableIMDSV1').orDefault(false).isTrue(),
      severity: 'medium',
      fix: 'Set DisableIMDSV1 to true.',
      pass: [{ resources: fleet({ DisableIMDSV1: true }) }],
      fail: [{ resources: fleet({}) }, { resources: fleet({ DisableIMDSV1: false }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
