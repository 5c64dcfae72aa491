import {
  CREDENTIAL_PROPERTIES,
  credentialsOf,
  ENVIRONMENT_TYPES,
  environmentOf,
  isHandedOut,
  isKept,
  openParameterOf,
} from '../../facts/credentials';
import { isCredentialName, isPlausibleSecret } from '../../facts/secret-texts';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';

/** A variable whose name says that it is a credential holds none. */
function holdsNoCredential(name: string, resource: Resource, value: Value): Outcome {
  if (!isCredentialName(name) || isStoredElsewhere(resource, value)) return pass();
  const { string, shownIn, path } = value;
  if (string !== undefined)
    return isPlausibleSecret(name, string) ? fail(`the variable ${name} holds a credential in clear text`, path) : pass();
  if (shownIn !== undefined) return fail(`the variable ${name} holds a credential that can be read in ${shownIn}`, path);
  const parameter = openParameterOf(value);
  return parameter !== undefined && isCredentialName(parameter)
    ? fail(`the variable ${name} holds parameter ${parameter}, which is no NoEcho parameter and is shown with the stack`, path)
    : pass();
}

/** CodeBuild takes the name of a parameter or secret under the same property. */
function isStoredElsewhere(resource: Resource, value: Value): boolean {
  if (resource.type !== 'AWS::CodeBuild::Project') return false;
  const [, index] = /\[(\d+)\]\.Value$/.exec(value.path) ?? [];
  const variable = resource.at('Environment.EnvironmentVariables').items()[Number(index)];
  return variable?.at('Type').isNoneOf(['PARAMETER_STORE', 'SECRETS_MANAGER']).verdict === 'fail';
}

/** Names and values in a `Custom::` resource, or in one of another vendor's, at any depth. */
function* namedValues(value: Value, depth = 0): Iterable<readonly [name: string, value: Value]> {
  for (const [name, entry] of value.entries()) {
    if (entry.isMap && depth < 8) yield* namedValues(entry, depth + 1);
    else if (entry.isList && depth < 8) for (const item of entry.items()) yield* namedValues(item, depth + 1);
    else yield [name, entry];
  }
}

const database = (MasterUserPassword: unknown, type = 'AWS::RDS::DBInstance') => ({
  Db: { Type: type, Properties: { MasterUserPassword } },
});
const RESOLVED = '{{resolve:secretsmanager:db:SecretString:password}}';
const HIDDEN = { Type: 'String', NoEcho: true };
const GITHUB = 'AWS::CodePipeline::Pipeline';
const lambda = (Variables: object) => ({ Fn: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables } } } });
const build = (...EnvironmentVariables: readonly object[]) => ({
  Build: { Type: 'AWS::CodeBuild::Project', Properties: { Environment: { EnvironmentVariables } } },
});
const task = (Name: string, Value: unknown) => ({
  Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Environment: [{ Name, Value }] }] } },
});
const atlas = (properties: object, type = 'MongoDB::Atlas::DatabaseUser') => ({ User: { Type: type, Properties: properties } });

export const CREDENTIALS = [
  rule({
    on: Object.keys(CREDENTIAL_PROPERTIES),
    check: (resource) => {
      const credentials = credentialsOf(resource);
      return credentials.length === 0 ? notApplicable('is given no credential') : every(credentials, isKept);
    },
    fix: 'Take it from Secrets Manager: SecureSecret with secretValueFromJson(…), or {{resolve:secretsmanager:…}}; for databases ManageMasterUserPassword: true. A parameter needs NoEcho: true and no Default.',
    pass: [
      { resources: database(RESOLVED) },
      { resources: database({ Ref: 'Password' }), parameters: { Password: HIDDEN } },
      {
        name: 'an empty default says nothing',
        resources: database({ Ref: 'Password' }),
        parameters: { Password: { ...HIDDEN, Default: '' } },
      },
      {
        name: 'out of a secret of the same stack',
        resources: {
          ...database({ 'Fn::Sub': '{{resolve:secretsmanager:${Secret}:SecretString:password}}' }, 'AWS::RDS::DBCluster'),
          Secret: { Type: 'AWS::SecretsManager::Secret' },
        },
      },
      {
        name: 'that another resource hands out',
        resources: {
          Idp: {
            Type: 'AWS::Cognito::UserPoolIdentityProvider',
            Properties: { ProviderDetails: { client_id: 'x', client_secret: { 'Fn::GetAtt': ['Client', 'ClientSecret'] } } },
          },
          Client: { Type: 'AWS::Cognito::UserPoolClient' },
        },
      },
      {
        resources: {
          Broker: { Type: 'AWS::AmazonMQ::Broker', Properties: { Users: [{ Username: 'u', Password: '{{resolve:ssm-secure:mq:1}}' }] } },
        },
      },
    ],
    fail: [
      { resources: database('hunter22') },
      { name: 'as a number', resources: database(12345678) },
      { name: 'by default', resources: database({ Ref: 'Password' }), parameters: { Password: { Type: 'String', Default: 'hunter22' } } },
      {
        name: 'by a hidden default',
        resources: database({ Ref: 'Password' }),
        parameters: { Password: { ...HIDDEN, Default: 'hunter22' } },
      },
      { name: 'by a parameter that is shown', resources: database({ Ref: 'Password' }), parameters: { Password: { Type: 'String' } } },
      { name: 'in clear text elsewhere', resources: database('{{resolve:ssm:/db/password:1}}', 'AWS::Redshift::Cluster') },
      {
        name: 'one of a list',
        resources: {
          User: { Type: 'AWS::ElastiCache::User', Properties: { Passwords: [RESOLVED, 'hunter22hunter22'] } },
        },
      },
      {
        resources: {
          Pipeline: { Type: GITHUB, Properties: { Stages: [{ Actions: [{ Configuration: { OAuthToken: 'abcdef123456' } }] }] } },
        },
      },
      {
        name: 'inside free-form JSON',
        resources: {
          Source: {
            Type: 'AWS::Glue::Connection',
            Properties: { ConnectionInput: { AuthenticationConfiguration: { CustomAuthenticationCredentials: { key: 'abcdef' } } } },
          },
        },
      },
    ],
    unknown: [{ resources: database({ 'Fn::ImportValue': 'db-password' }) }],
    skip: [{ resources: { Db: { Type: 'AWS::RDS::DBInstance', Properties: { ManageMasterUserPassword: true } } } }],
  }),

  rule({
    on: ENVIRONMENT_TYPES,
    check: (resource) => {
      const variables = environmentOf(resource);
      return variables.length === 0
        ? notApplicable('has no environment')
        : every(variables, ([name, value]) => holdsNoCredential(name, resource, value));
    },
    fix: 'Pass the ARN of a secret and read it when the code starts; on ECS use Secrets (ecs.Secret.fromSecretsManager), on CodeBuild Type SECRETS_MANAGER.',
    pass: [
      { resources: lambda({ DB_SECRET_ARN: { Ref: 'Secret' }, TOKEN: 'true' }) },
      { resources: build({ Name: 'GITHUB_TOKEN', Type: 'SECRETS_MANAGER', Value: 'build-github:token1' }) },
      { name: 'the name of a secret', resources: task('DB_SECRET', 'prod/db/credentials') },
    ],
    fail: [
      { resources: lambda({ DB_PASSWORD: 'hunter22' }) },
      { resources: lambda({ apiKey: { Ref: 'ApiKey' } }), parameters: { ApiKey: { Type: 'String', Default: 'a1b2c3d4' } } },
      { name: 'a parameter that is shown', resources: lambda({ API_KEY: { Ref: 'ApiKey' } }), parameters: { ApiKey: { Type: 'String' } } },
      { resources: lambda({ PASSWORD: { Ref: 'Pass' } }), parameters: { Pass: { ...HIDDEN, Default: 'hunter22' } } },
      { resources: task('AWS_ACCESS_KEY_ID', 'AIPAQ3EGXAMPLE000001') },
      { resources: build({ Name: 'STAGE', Value: 'prod' }, { Name: 'NPM_TOKEN', Type: 'PLAINTEXT', Value: 'a1b2c3d4e5f6' }) },
      {
        resources: {
          Site: {
            Type: 'AWS::ElasticBeanstalk::Environment',
            Properties: { OptionSettings: [{ Namespace: 'aws:rds:dbinstance', OptionName: 'DBPassword', Value: 'hunter22' }] },
          },
        },
      },
    ],
    skip: [{ resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: {} } } }],
  }),

  rule({
    // Who may read the configuration of a function or task definition reads the resolved value: less is exposed than by a literal.
    on: ENVIRONMENT_TYPES,
    severity: 'low',
    check: (resource, graph) => {
      const variables = environmentOf(resource);
      if (variables.length === 0) return notApplicable('has no environment');
      return every(variables, ([name, value]) =>
        (value.holdsSecret && value.shownIn === undefined) || isHandedOut(value, graph)
          ? fail(`the variable ${name} shows a secret to whoever may read the configuration`, value.path)
          : pass(),
      );
    },
    fix: 'Pass the ARN of the secret instead of its value and read it when the code starts; on ECS use Secrets (ecs.Secret.fromSecretsManager).',
    pass: [{ resources: lambda({ DB_SECRET_ARN: { Ref: 'Secret' } }) }],
    fail: [
      { resources: lambda({ DB_PASSWORD: RESOLVED }) },
      { resources: lambda({ URL: { 'Fn::Sub': 'postgres://u:${Password}@db' } }), parameters: { Password: HIDDEN } },
      {
        resources: {
          ...lambda({ KEY: { 'Fn::GetAtt': ['Key', 'SecretAccessKey'] } }),
          Key: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: 'u' } },
        },
      },
    ],
    skip: [{ resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: {} } } }],
  }),

  rule({
    // Types of other vendors, and custom resources, have no schema here: the names of their properties tell.
    on: /^(?!AWS::(?!CloudFormation::CustomResource$)|Alexa::|Palisade::)/,
    check: (resource) => {
      const credentials = [...namedValues(resource.all)].filter(([name]) => isCredentialName(name));
      if (credentials.length === 0) return notApplicable('is given no credential');
      return every(credentials, ([name, value]) => {
        const { string } = value;
        return string !== undefined && !isPlausibleSecret(name, string) ? pass() : isKept(value);
      });
    },
    fix: 'Take it from Secrets Manager ({{resolve:secretsmanager:…}}), or pass the ARN of the secret to a custom resource and let its code read it.',
    pass: [{ resources: atlas({ Password: RESOLVED }) }, { resources: atlas({ DbSecret: 'prod/db' }, 'Custom::User') }],
    fail: [
      { resources: atlas({ Password: 'hunter22' }) },
      {
        resources: atlas({ Users: [{ Login: { apiKey: 'a1b2c3' } }] }, 'AWS::CloudFormation::CustomResource'),
      },
      { resources: atlas({ Password: { Ref: 'Pass' } }, 'Custom::User'), parameters: { Pass: { ...HIDDEN, Default: 'hunter22' } } },
    ],
    unknown: [{ resources: atlas({ Password: { 'Fn::ImportValue': 'db-password' } }) }],
    skip: [{ resources: atlas({}, 'Custom::User') }],
  }),
];
