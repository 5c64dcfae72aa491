import { isHandedOut, isKept } from '../../facts/credentials';
import { assignedIn, firstIn, isCredentialName, isPlausibleSecret, secretIn, type TextKind } from '../../facts/secret-texts';
import type { Graph } from '../../graph';
import { UNIT } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';

/** No text of the resource looks like a secret, and no script in it writes one out. */
function saysNoSecret({ properties, options }: Resource): Outcome {
  for (const top in properties as object) {
    const seen = secretUnder(top, (properties as Readonly<Record<string, unknown>>)[top]);
    if (seen !== undefined) return fail(`${top} ${seen}`, top);
  }
  const seen = secretUnder('Metadata', options.Metadata);
  return seen === undefined ? pass() : fail(`Metadata ${seen}`, 'Metadata');
}

const secretUnder = (top: string, node: unknown): string | undefined => firstIn({ [top]: node }, whatIsIn);

function whatIsIn(text: string, kind: TextKind): string | undefined {
  const format = secretIn(text);
  if (format !== undefined) return `holds ${format}`;
  const name = kind && assignedIn(text, kind);
  return name === undefined ? undefined : `writes out a value for ${name}`;
}

const AUTHENTICATION = 'Metadata.AWS::CloudFormation::Authentication';

/** What Secrets Manager keeps beside a password and that everybody may know. */
const BESIDE =
  /^(?:user(?:_?name)?|login|host(?:name)?|port|engine|db_?name|database|region|url|endpoint|(?:db)?(?:cluster|instance)identifier|masterarn|client_?id|algorithm|issuer)$/i;
/** A value that somebody replaces after deployment. */
const PLACEHOLDER =
  /^$|^[<[{(].*[>\]})]$|^(?:replace|change|update|set|fill|insert|enter|todo|tbd|placeholder|dummy|initial|empty|none|null|xxx|\*+$)/i;

function generatesOrTakes(secret: Resource): Outcome {
  const parts = [...partsOf(secret.at('SecretString').json()), ...partsOf(secret.at('GenerateSecretString.SecretStringTemplate').json())];
  if (parts.length === 0) return pass();
  return every(parts, ([name, value]) => {
    if ((name !== undefined && BESIDE.test(name)) || (value.string !== undefined && PLACEHOLDER.test(value.string))) return pass();
    return isKept(value);
  });
}

/** The fields of a secret kept as JSON, or the one text that it is. */
function partsOf(value: Value): readonly (readonly [name: string | undefined, value: Value])[] {
  if (value.state === 'absent') return [];
  return value.isMap ? value.entries() : [[undefined, value]];
}

/** What parameters and outputs of a template show. */
function showsNothing(unit: Resource, graph: Graph): Outcome {
  const parameters = unit.at('parameters').entries();
  const outputs = unit.at('outputs').entries();
  if (parameters.length + outputs.length === 0) return notApplicable('has neither parameters nor outputs');
  const shown = [
    ...parameters.map(([name, declared]) => hides(name, declared)),
    ...outputs.map(([name, output]) => givesNoSecret(name, output.at('Value'), graph)),
  ].filter(({ verdict }) => verdict === 'fail');
  const [first] = shown;
  return first === undefined ? pass() : fail(shown.map(({ saw }) => saw).join('; '), first.at);
}

function hides(name: string, declared: Value): Outcome {
  const value = declared.at('Default');
  const { string, path } = value;
  const hidden = declared.at('NoEcho').isTrue().verdict === 'pass';
  // What has a type of AWS, or is chosen from a list, is the name of something.
  if (!/^(String|CommaDelimitedList)$/.test(declared.at('Type').string ?? 'String') || declared.at('AllowedValues').state !== 'absent')
    return pass();
  const format = string === undefined ? undefined : secretIn(string);
  if (format !== undefined) return fail(`parameter ${name} has ${format} as Default`, path);
  if (!hidden && !isCredentialName(name)) return pass();
  if (string !== undefined && string !== '') {
    if (!isPlausibleSecret(hidden ? 'password' : name, string) || PLACEHOLDER.test(string)) return pass();
    return fail(`parameter ${name} has its credential as Default`, path);
  }
  return hidden ? pass() : fail(`parameter ${name} takes a credential without NoEcho: true and shows it with the stack`, declared.path);
}

function givesNoSecret(name: string, value: Value, graph: Graph): Outcome {
  const { string, path } = value;
  if (value.holdsSecret || isHandedOut(value, graph)) return fail(`output ${name} shows a secret`, path);
  const format = string === undefined ? undefined : secretIn(string);
  if (format !== undefined) return fail(`output ${name} shows ${format}`, path);
  return string !== undefined && isCredentialName(name) && isPlausibleSecret(name, string)
    ? fail(`output ${name} shows a credential`, path)
    : pass();
}

/** Kept in clear text by Systems Manager: neither named like a credential with a value that can be one, nor a secret. */
function isNoCredential(parameter: Resource, graph: Graph): Outcome {
  const value = parameter.at('Value');
  if (value.holdsSecret || isHandedOut(value, graph))
    return fail(`${value.path} copies a secret into a parameter in clear text`, value.path);
  const { shape: name = '' } = parameter.at('Name').orDefault(parameter.logicalId);
  if (!isCredentialName(name)) return pass();
  const { string, path } = value;
  if (string === undefined) return value.state === 'unknown' ? isKept(value) : pass();
  return isPlausibleSecret(name, string) && !PLACEHOLDER.test(string)
    ? fail(`${path} is a credential in clear text, by the name of the parameter`, path)
    : pass();
}

const topic = (properties: object, rest: object = {}) => ({ Host: { Type: 'AWS::EC2::Instance', Properties: properties, ...rest } });
const secret = (Properties: object) => ({ Secret: { Type: 'AWS::SecretsManager::Secret', Properties } });
const parameter = (properties: object) => ({ Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', ...properties } } });
const RESOLVED = '{{resolve:secretsmanager:db:SecretString:password}}';
const login = (password: unknown) =>
  topic({}, { Metadata: { 'AWS::CloudFormation::Authentication': { site: { type: 'basic', password } } } });
const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };
/** Put together here, so that no scanner takes the examples for leaks. */
const KEY_ID = ['AKIA', 'QWERTYUIOP234567'].join('');
const script = (...lines: readonly unknown[]) => ({ 'Fn::Base64': { 'Fn::Join': ['\n', lines] } });

export const TEXTS = [
  rule({
    on: /^(?!Palisade::)/,
    check: saysNoSecret,
    fix: 'Remove it from the template and revoke it: whoever could read the template has it. Keep its successor in Secrets Manager and read it at run time.',
    pass: [
      { resources: topic({ UserData: script('#!/bin/bash', 'export DB_SECRET=/cases/db', 'TOKEN=$(curl -s x)') }) },
      {
        name: 'an address without a password',
        resources: { Fn: { Type: 'Custom::Any', Properties: { Url: 'https://user@example.com/x' } } },
      },
    ],
    fail: [
      { resources: topic({ UserData: script('#!/bin/bash', 'export DATABASE_PASSWORD=hunter22') }) },
      { name: 'in base64', resources: topic({ UserData: Buffer.from('#!/bin/bash\nexport API_TOKEN=a1b2c3d4\n').toString('base64') }) },
      { resources: topic({ Tags: [{ Key: 'x', Value: `key ${KEY_ID}` }] }) },
      {
        name: 'in the code of a function',
        resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'const password = "hunter22";' } } } },
      },
      { resources: { Fn: { Type: 'Custom::Any', Properties: { Url: 'postgres://app:hunter22@db.internal/cases' } } } },
      {
        name: 'in what cfn-init writes',
        resources: topic(
          {},
          { Metadata: { 'AWS::CloudFormation::Init': { config: { files: { '/etc/x': { content: 'db_password=hunter22' } } } } } },
        ),
      },
    ],
  }),

  rule({
    on: /^AWS::(EC2::Instance|EC2::LaunchTemplate|AutoScaling::(AutoScalingGroup|LaunchConfiguration))$/,
    check: (host) => {
      const all = host.option(AUTHENTICATION);
      if (all.state === 'absent') return notApplicable('is given no credentials for downloads');
      return every(all.entries(), ([, each]) =>
        every(
          ['password', 'secretKey', 'accessKeyId'].map((name) => each.at(name)).filter(({ state }) => state !== 'absent'),
          isKept,
        ),
      );
    },
    fix: 'Let the instance download with its role: type S3 with roleName. For basic authentication take the password from a NoEcho parameter without Default.',
    pass: [
      { resources: login({ Ref: 'Password' }), parameters: { Password: { Type: 'String', NoEcho: true } } },
      { resources: topic({}, { Metadata: { 'AWS::CloudFormation::Authentication': { store: { type: 'S3', roleName: 'r' } } } }) },
    ],
    fail: [
      { resources: login('hunter22') },
      {
        resources: topic(
          {},
          { Metadata: { 'AWS::CloudFormation::Authentication': { s: { type: 'S3', accessKeyId: 'x', secretKey: 'y' } } } },
        ),
      },
    ],
    skip: [{ resources: topic({}) }],
  }),

  rule({
    on: 'AWS::SecretsManager::Secret',
    check: generatesOrTakes,
    fix: 'Use SecureSecret, or GenerateSecretString; put a value that comes from elsewhere in after deployment, or take it from a NoEcho parameter.',
    pass: [
      { resources: secret({ GenerateSecretString: { SecretStringTemplate: '{"username":"app"}', GenerateStringKey: 'password' } }) },
      { resources: secret({ SecretString: '{"username":"app"}' }) },
      { name: 'replaced after deployment', resources: secret({ SecretString: 'REPLACE_ME' }) },
      { resources: secret({}) },
    ],
    fail: [
      { resources: secret({ SecretString: 'hunter22' }) },
      { resources: secret({ SecretString: '{"username":"app","password":"hunter22"}' }) },
      { resources: secret({ GenerateSecretString: { SecretStringTemplate: '{"apiKey":"hunter22"}', GenerateStringKey: 'password' } }) },
      { resources: secret({ SecretString: { Ref: 'P' } }), parameters: { P: { Type: 'String' } } },
    ],
    unknown: [{ resources: secret({ SecretString: { 'Fn::ImportValue': 'x' } }) }],
  }),

  rule({
    on: 'AWS::SSM::Parameter',
    check: isNoCredential,
    fix: 'Keep it in Secrets Manager (SecureSecret): CloudFormation cannot make SecureString parameters.',
    pass: [{ name: 'where to find it', resources: parameter({ Name: '/cases/db/secret', Value: 'arn:aws:secretsmanager:x' }) }],
    fail: [
      { resources: parameter({ Name: '/cases/db/password', Value: 'hunter22' }) },
      { resources: parameter({ Name: '/cases/db/url', Value: RESOLVED }) },
      { resources: parameter({ Name: '/cases/db/password', Value: { Ref: 'P' } }), parameters: { P: { Type: 'String' } } },
      {
        resources: {
          ...parameter({ Value: { 'Fn::GetAtt': ['Client', 'ClientSecret'] } }),
          Client: { Type: 'AWS::Cognito::UserPoolClient' },
        },
      },
    ],
    unknown: [{ resources: parameter({ Name: '/cases/db/password', Value: { 'Fn::ImportValue': 'x' } }) }],
  }),

  rule({
    on: UNIT,
    check: showsNothing,
    fix: 'Give credentials no Default and NoEcho: true, better keep them in Secrets Manager; let outputs give the ARN of a secret, never its value.',
    pass: [
      { resources: QUEUE, parameters: { Password: { Type: 'String', NoEcho: true }, Stage: { Type: 'String', Default: 'prod' } } },
      {
        name: 'names of secrets',
        resources: QUEUE,
        parameters: { DbSecret: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/db/secret' } },
        outputs: { DbSecret: { Value: { Ref: 'Queue' } } },
      },
      { name: 'one of a few words', resources: QUEUE, parameters: { UseToken: { Type: 'String', AllowedValues: ['yes', 'no'] } } },
    ],
    fail: [
      { resources: QUEUE, parameters: { DbPassword: { Type: 'String', Default: 'hunter22' } } },
      { resources: QUEUE, parameters: { Login: { Type: 'String', NoEcho: 'true', Default: 'hunter22' } } },
      { resources: QUEUE, parameters: { DbPassword: { Type: 'String' } } },
      { resources: QUEUE, parameters: { Site: { Type: 'String', Default: 'https://a:hunter22@example.com' } } },
      { resources: QUEUE, outputs: { Url: { Value: RESOLVED } } },
      { resources: QUEUE, outputs: { Login: { Value: { Ref: 'P' } } }, parameters: { P: { Type: 'String', NoEcho: true } } },
      { resources: QUEUE, outputs: { Site: { Value: 'https://a:hunter22@example.com' } } },
      { resources: QUEUE, outputs: { AdminPassword: { Value: 'hunter22' } } },
    ],
    skip: [{ resources: QUEUE }],
  }),
];
