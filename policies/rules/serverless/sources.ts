/** Where a function takes its events from. */
import type { ControlId } from '../../../controls';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** Ways to sign in to a Kafka of one's own; each of them also encrypts the connection. */
const SIGN_INS = [
  'BASIC_AUTH',
  'SASL_SCRAM_256_AUTH',
  'SASL_SCRAM_512_AUTH',
  'CLIENT_CERTIFICATE_TLS_AUTH',
  'OAUTHBEARER_AUTH',
  'IAM_AUTH',
];

function signsIn(mapping: Resource): Outcome {
  if (mapping.at('SelfManagedEventSource').state === 'absent') return notApplicable('reads from a service of AWS');
  const ways = mapping.at('SourceAccessConfigurations');
  if (ways.state === 'unknown') return ways.asUnknown();
  const types = ways.items().map((way) => way.at('Type'));
  if (types.some((type) => SIGN_INS.includes(type.string ?? ''))) return pass();
  const undecided = types.find((type) => type.string === undefined);
  return undecided?.asUnknown() ?? fail('reads from Kafka in clear text and without signing in', 'SourceAccessConfigurations');
}

const kafka = (SourceAccessConfigurations?: unknown) => ({
  resources: {
    Mapping: {
      Type: MAPPING,
      Properties: {
        FunctionName: 'cases',
        Topics: ['cases'],
        SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['kafka.example.com:9094'] } },
        ...(SourceAccessConfigurations ? { SourceAccessConfigurations } : {}),
      },
    },
  },
});

export const sources = {
  'TLS-06': {
    aws: rule({
      on: MAPPING,
      check: signsIn,
      fix: 'Add a SourceAccessConfigurations entry of type SASL_SCRAM_512_AUTH or CLIENT_CERTIFICATE_TLS_AUTH, with a secret.',
      pass: [
        kafka([
          { Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' },
          { Type: 'SASL_SCRAM_512_AUTH', URI: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka' },
        ]),
      ],
      fail: [kafka(), kafka([{ Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' }])],
      unknown: [{ parameters: { How: { Type: 'String' } }, ...kafka([{ Type: { Ref: 'How' }, URI: 'x' }]) }],
      skip: [
        { resources: { Mapping: { Type: MAPPING, Properties: { FunctionName: 'cases', EventSourceArn: 'arn:aws:sqs:eu-west-1:1:q' } } } },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
