import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType } from '@aws-cdk/service-spec-types';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { CREDENTIAL_PROPERTIES } from '../policies/facts/credentials';
import { assignedIn, isCredentialName, isPlausibleSecret, secretIn } from '../policies/facts/secret-texts';
import { RULES } from '../policies/rules';
import { awsGraphOf, findingsOf } from './support/examples';
import { cloudFormationHas } from './support/schemas';

const IN_THE_CLEAR = RULES.filter(({ id, cloud }) => id === 'IDA-13.secrets' && cloud === 'aws');
const HIDDEN = { Password: { Type: 'String', NoEcho: true } };

/** A resource that is given `value` at a path of the table. */
function given(path: string, value: unknown): object {
  const [, name = '', each, rest] = /^([^.[{]+)(\[\]|\{\})?(?:\.(.*))?$/.exec(path) ?? [];
  const inner = rest === undefined ? value : given(rest, value);
  return { [name]: each === '[]' ? [inner] : each === '{}' ? { key: inner } : inner };
}

const verdictsOf = (type: string, path: string, value: unknown) =>
  evaluate(awsGraphOf({ Subject: { Type: type, Properties: given(path, value) } }, HIDDEN), { rules: IN_THE_CLEAR })
    .findings.filter(({ resource }) => resource.logicalId === 'Subject')
    .map(({ verdict }) => verdict);

/** Texts and free-form JSON in the schema of a type, by path. */
function textsOf(type: PropertyType, path: string, seen: readonly string[]): readonly string[] {
  switch (type.type) {
    case 'string':
    case 'json':
      return [path];
    case 'array':
      return textsOf(type.element, `${path}[]`, seen);
    case 'map':
      return textsOf(type.element, `${path}{}`, seen);
    case 'union':
      return type.types.flatMap((each) => textsOf(each, path, seen));
    case 'ref': {
      const { name, properties } = spec.get('typeDefinition', type.reference.$ref);
      if (seen.includes(name)) return [];
      return Object.entries(properties).flatMap(([key, property]) => textsOf(property.type, `${path}.${key}`, [...seen, name]));
    }
    default:
      return [];
  }
}
const spec = loadAwsServiceSpecSync();

/** Reviewed: named like credentials, and none in themselves. */
const NO_CREDENTIALS = [
  /(Next|Client|ClientRequest|Idempotency|Service)Token$/, // mark requests
  /(^|\.)(RemovePrivateKey|HttpTokens)$/, // the id of a key; whether metadata asks for tokens
  /TokenValidityUnits\./, // units of time
  /\.(Certificate\.File\.PrivateKey|PasswordParam|DomainJoinServiceAccountSecret|CdnIdentifierSecret)$/, // say where it is kept
];

describe('credentials by the name of their property', () => {
  it('are every one that the CloudFormation schema has', () => {
    const named = [...spec.all('resource')].flatMap(({ cloudFormationType: type, properties }) =>
      Object.entries(properties)
        .flatMap(([name, property]) => textsOf(property.type, name, []))
        .filter((path) =>
          /(password|passphrase|secret|token|apikey|privatekey|accesskey|secretkey|authkey)s?(value)?(\[\]|\{\})?$/i.test(path),
        )
        .filter((path) => !NO_CREDENTIALS.some((none) => none.test(path)))
        .map((path) => `${type} ${path}`),
    );
    const judged = new Set(Object.entries(CREDENTIAL_PROPERTIES).flatMap(([type, paths]) => paths.map((path) => `${type} ${path}`)));
    expect(named.filter((each) => !judged.has(each))).toEqual([]);
  });

  const table = Object.entries(CREDENTIAL_PROPERTIES).flatMap(([type, paths]) => paths.map((path) => ({ type, path })));

  it('exist in the schema', () => {
    const wrong = table.filter(({ type, path }) => !cloudFormationHas(type, path.replaceAll(/\[\]|\{\}/g, '')).ok);
    expect(wrong).toEqual([]);
  });

  it('are found in clear text, each of them', () => {
    expect(table.filter(({ type, path }) => !verdictsOf(type, path, 'hunter22').includes('fail'))).toEqual([]);
  });

  it('pass when they come from Secrets Manager or from a parameter that is hidden, each of them', () => {
    for (const value of ['{{resolve:secretsmanager:cases:SecretString:password}}', { Ref: 'Password' }])
      expect(table.filter(({ type, path }) => verdictsOf(type, path, value).length > 0)).toEqual([]);
  });
});

describe('what findings say', () => {
  it('names the place and never the secret', () => {
    for (const rule of IN_THE_CLEAR)
      for (const example of rule.fail)
        for (const { message } of findingsOf(rule, example)) expect(message).not.toMatch(/hunter22|a1b2c3|abcdef|QWERTY/);
  });

  it('tells where a hidden parameter is shown', () => {
    const graph = awsGraphOf(
      { Db: { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: { Ref: 'Password' } } } },
      { Password: { Type: 'String', NoEcho: true, Default: 'hunter22' } },
    );
    const [finding] = evaluate(graph, { rules: IN_THE_CLEAR }).findings.filter(({ resource }) => resource.logicalId === 'Db');
    expect(finding?.message).toBe('MasterUserPassword can be read in the default of parameter Password');
  });
});

const SECRET = 'Zx8'.repeat(20);
describe('a secret by its format', () => {
  it.each([
    ['an AWS access key id', `AKIA${'Q2'.repeat(8)}`],
    ['an AWS secret access key', `aws_secret_access_key = ${SECRET.slice(0, 40)}`],
    ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}`],
    ['an address with a password in it', 'mongodb+srv://app:hunter22@cluster0.example.net/cases'],
    ['a GitHub token', `ghp_${SECRET.slice(0, 36)}`],
    ['a GitLab token', `glpat-${SECRET.slice(0, 20)}`],
    ['a Slack token', `https://hooks.slack.com/services/T0000/B0000/${SECRET.slice(0, 24)}`],
    ['a Stripe key', `sk_live_${SECRET.slice(0, 24)}`],
    ['a Google key', `AIza${SECRET.slice(0, 35)}`],
    ['an npm token', `npm_${SECRET.slice(0, 36)}`],
    ['a SendGrid key', `SG.${SECRET.slice(0, 22)}.${SECRET.slice(0, 43)}`],
  ])('is %s', (name, text) => {
    expect(secretIn(`before ${text} after`)).toBe(name);
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'arn:aws:iam::111122223333:role/AKIATEAM',
    'https://cases.example.com/path@version',
    'https://user@github.com/org/repo',
    'postgres://app:${password}@db/cases',
    'git@github.com:org/repo.git',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN CERTIFICATE-----\nMIIB',
  ])('is none in %s', (text) => {
    expect(secretIn(text)).toBeUndefined();
  });
});

describe('a credential by the name that it stands under', () => {
  it.each([
    'DB_PASSWORD',
    'dbPassword',
    'apiKey',
    'API_KEY',
    'GITHUB_TOKEN',
    'AWS_ACCESS_KEY_ID',
    'spring.datasource.password',
    'ClientSecretValue',
  ])('is one under %s', (name) => expect(isCredentialName(name)).toBe(true));
  it.each([
    'SECRET_ARN',
    'SECRET_NAME',
    'TOKEN_URL',
    'NEXT_TOKEN',
    'ServiceToken',
    'PARTITION_KEY',
    'PUBLIC_KEY',
    'PASSWORD_POLICY',
    'PWD',
    'MaxTokens',
  ])('is none under %s', (name) => expect(isCredentialName(name)).toBe(false));
  it.each([
    ['SECRET', 'prod/cases/db'],
    ['DB_SECRET', 'cases-db-secret'],
    ['TOKEN', 'true'],
    ['API_KEY', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:x'],
    ['PASSWORD', '{{resolve:secretsmanager:x}}'],
    ['TOKEN', '300'],
  ])('is no secret: %s=%s', (name, value) => expect(isPlausibleSecret(name, value)).toBe(false));
  it.each([
    ['PASSWORD', 'changeme'],
    ['TOKEN', 'a1b2c3d4'],
  ])('may be one: %s=%s', (name, value) => expect(isPlausibleSecret(name, value)).toBe(true));
});

describe('a credential that a script writes out', () => {
  it.each([
    ['export DATABASE_PASSWORD=hunter22', 'DATABASE_PASSWORD'],
    ['mysql --password hunter22 --user app', 'password'],
    ['mysql --db-password=hunter22', 'db-password'],
    ['db:\n  password: hunter22\n', 'password'],
    ['API_TOKEN="a1b2c3d4"', 'API_TOKEN'],
  ])('is found in %j', (script, name) => expect(assignedIn(script, 'script')).toBe(name));
  it.each([
    'export DB_SECRET=/cases/db',
    'PASSWORD=$(aws secretsmanager get-secret-value --secret-id cases)',
    'TOKEN=`curl -X PUT http://169.254.169.254/latest/api/token`',
    'docker login --password-stdin registry.example.com',
    'password: {{password}}',
    'password=<your password>',
    'if [ -z "$TOKEN" ]; then exit 1; fi',
  ])('is none in %j', (script) => expect(assignedIn(script, 'script')).toBeUndefined());
  it('needs quotes in code', () => {
    expect(assignedIn('const password = "hunter22";', 'code')).toBe('password');
    expect(assignedIn('const password = process.env.PASSWORD;', 'code')).toBeUndefined();
    expect(assignedIn('const token = event.token; const next = { token: page };', 'code')).toBeUndefined();
  });
});
