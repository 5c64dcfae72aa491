/** What services of AWS send by themselves, and to whom: dead letters, results, pipes, schedules, integrations, recordings. */
import { hasHole } from '../access/text';
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, type Reader, valueAt } from '../reading';
import { domainOf } from '../wiring/hosts';
import { copy, isOwn, toBucket } from './destinations';
import { type Grant, name, type Read, type Readers } from './parts';

/** Every value of a path; `[]` goes through a list. */
export function valuesAt(value: Plain | undefined, path: string): readonly Plain[] {
  const [first = '', ...rest] = path.split('[].');
  const found = valueAt(value, first);
  if (rest.length > 0) return asList(found).flatMap((item) => valuesAt(item, rest.join('[].')));
  return found === undefined ? [] : [found];
}

const QUEUE = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(\d{12})\/(.+)$/;
/** Hosts of AWS: whose they are is told by an account, if at all. */
const OF_AWS = /(^|\.)(amazonaws\.com(\.cn)?|on\.aws|cloudfront\.net)$/i;

/** Something goes to an ARN, a queue by its URL, a bucket or an address of the input. */
export function to(target: Plain | undefined, can: string, path: string, reader: Reader): readonly Grant[] {
  const text = asText(target);
  if (text === undefined) return [];
  const [, region, account, queue] = QUEUE.exec(text) ?? [];
  if (queue !== undefined) return copy(`arn:aws:sqs:${region}:${account}:${queue}`, can, path);
  if (/^arn:[\w-]+:s3:::|^s3:\/\//.test(text)) return toBucket(text, can, path, reader);
  const called = reader.referred(text);
  if (called?.type === 'AWS::Events::ApiDestination')
    return toHost(reader.of(called).InvocationEndpoint, can, path, reader).map((grant) => ({ ...grant, sources: [called] }));
  return /^https?:/i.test(text) ? toHost(text, can, path, reader) : copy(text, can, path);
}

/** Something goes to a host on the internet, by a URL or `host:port`. */
export function toHost(url: Plain | undefined, can: string, path: string, reader: Reader): readonly Grant[] {
  const text = asText(url);
  if (text === undefined) return [];
  const host = text.replace(/^[\w+.-]+:\/\//, '').replace(/[/:?].*$/s, '');
  if (host === '' || isOwn(text, reader) || OF_AWS.test(host)) return [];
  const clear = /^(http|tcp|udp):/i.test(text) ? ', in clear text' : '';
  if (hasHole(host)) return [{ who: host, can: `${can}${clear}`, severity: 'high', path, elsewhere: true }];
  return [{ who: host, can: `${can}${clear}`, severity: 'high', path, open: true, asSaid: true }];
}

type Row = readonly [type: RegExp, path: string, can: string, of?: string];

/** By the path of what is sent to. `of`: the property that names what it is sent from, where that is another resource. */
const ROWS: readonly Row[] = [
  [/^AWS::Lambda::EventInvokeConfig$/, 'DestinationConfig.OnSuccess.Destination', 'gets the results of', 'FunctionName'],
  [/^AWS::Lambda::EventInvokeConfig$/, 'DestinationConfig.OnFailure.Destination', 'gets the events that fail in', 'FunctionName'],
  [/^AWS::Lambda::EventSourceMapping$/, 'DestinationConfig.OnFailure.Destination', 'gets the events that fail in', 'FunctionName'],
  [/^AWS::Lambda::Function$/, 'DeadLetterConfig.TargetArn', 'gets the events that fail in'],
  [/^AWS::Serverless::Function$/, 'DeadLetterQueue.TargetArn', 'gets the events that fail in'],
  [/^AWS::Serverless::Function$/, 'EventInvokeConfig.DestinationConfig.OnSuccess.Destination', 'gets the results of'],
  [/^AWS::Serverless::Function$/, 'EventInvokeConfig.DestinationConfig.OnFailure.Destination', 'gets the events that fail in'],
  [/^AWS::Events::Rule$/, 'Targets[].Arn', 'gets the events of'],
  [/^AWS::Events::Rule$/, 'Targets[].DeadLetterConfig.Arn', 'gets the events that fail of'],
  [/^AWS::Pipes::Pipe$/, 'Target', 'gets what is sent through'],
  [/^AWS::Pipes::Pipe$/, 'Enrichment', 'sees and changes what is sent through'],
  [/^AWS::Scheduler::Schedule$/, 'Target.Arn', 'gets what is sent by'],
  [/^AWS::Scheduler::Schedule$/, 'Target.DeadLetterConfig.Arn', 'gets what fails of'],
  [/^AWS::IoT::TopicRule$/, 'TopicRulePayload.Actions[].Http.Url', 'gets the messages of'],
  [/^AWS::IoT::TopicRule$/, 'TopicRulePayload.Actions[].Lambda.FunctionArn', 'gets the messages of'],
  [/^AWS::IoT::TopicRule$/, 'TopicRulePayload.Actions[].Sns.TargetArn', 'gets the messages of'],
  [/^AWS::IoT::TopicRule$/, 'TopicRulePayload.Actions[].Sqs.QueueUrl', 'gets the messages of'],
  [/^AWS::Connect::IntegrationAssociation$/, 'IntegrationArn', 'takes part in the contacts of', 'InstanceId'],
  [/^AWS::Connect::InstanceStorageConfig$/, 'KinesisFirehoseConfig.FirehoseArn', 'gets the records of contacts of', 'InstanceArn'],
  [/^AWS::Connect::InstanceStorageConfig$/, 'KinesisStreamConfig.StreamArn', 'gets the records of contacts of', 'InstanceArn'],
  [/^AWS::Pinpoint::EventStream$/, 'DestinationStreamArn', 'gets the events of', 'ApplicationId'],
  [/^AWS::SES::ReceiptRule$/, 'Rule.Actions[].LambdaAction.FunctionArn', 'gets the mails of'],
  [/^AWS::SES::ReceiptRule$/, 'Rule.Actions[].SNSAction.TopicArn', 'gets the mails of'],
];

/** The same for buckets, by name, ARN or address. */
const BUCKETS: readonly Row[] = [
  [/^AWS::IoT::TopicRule$/, 'TopicRulePayload.Actions[].S3.BucketName', 'gets the messages of'],
  [/^AWS::Connect::InstanceStorageConfig$/, 'S3Config.BucketName', 'gets the records of contacts of', 'InstanceArn'],
  [/^AWS::SES::ReceiptRule$/, 'Rule.Actions[].S3Action.BucketName', 'gets the mails of'],
  [/^AWS::SageMaker::EndpointConfig$/, 'DataCaptureConfig.DestinationS3Uri', 'gets what is asked and answered through'],
  [/^AWS::DataSync::LocationS3$/, 'S3BucketArn', 'is copied from or to by'],
  [/^AWS::AppFlow::Flow$/, 'DestinationFlowConfigList[].DestinationConnectorProperties.S3.BucketName', 'gets the data of'],
];

const readRow =
  ([, path, can, of]: Row, send: typeof to): Read =>
  (properties, resource, reader) => {
    const from = of === undefined ? undefined : asText(properties[of]);
    const named = from === undefined ? undefined : reader.referred(from);
    const what = named ? name(named, reader) : name(resource, reader);
    return valuesAt(properties, path).flatMap((value) => send(value, `${can} ${what}`, path.split(/[.[]/)[0] ?? path, reader));
  };

/** What a database is copied to; of a source nothing goes anywhere. */
const migration: Read = ({ EndpointType, S3Settings }, resource, reader) =>
  /^source$/i.test(asText(EndpointType) ?? '')
    ? []
    : toBucket(asMap(S3Settings).BucketName, `gets the data that is copied to ${name(resource, reader)}`, 'S3Settings', reader);

/** Functions that see and change what a stream delivers. */
const processors: Read = (properties, resource, reader) => {
  const destinations = Object.entries(properties).filter(([key]) => /DestinationConfiguration$/.test(key));
  return destinations.flatMap(([path, value]) =>
    valuesAt(value as Plain, 'ProcessingConfiguration.Processors[].Parameters')
      .flatMap(asList)
      .flatMap((item) => {
        const { ParameterName, ParameterValue } = asMap(item);
        const can = `sees and changes what ${name(resource, reader)} delivers`;
        return asText(ParameterName) === 'LambdaArn' ? to(ParameterValue, can, path, reader) : [];
      }),
  );
};

/** Requests are passed on to a host; what goes through a link stays in the network. */
const passedOn =
  (type: Plain | undefined, uri: Plain | undefined, connection: Plain | undefined, path: string) =>
  (of: string, reader: Reader): readonly Grant[] =>
    !/^HTTP(_PROXY)?$/.test(asText(type) ?? '') || asText(connection) === 'VPC_LINK'
      ? []
      : toHost(uri, `gets the requests that ${of} passes on`, path, reader);

const integration: Read = ({ ApiId, ConnectionType, IntegrationType, IntegrationUri }, resource, reader) => {
  const api = reader.referred(asText(ApiId) ?? '') ?? resource;
  return passedOn(IntegrationType, IntegrationUri, ConnectionType, 'IntegrationUri')(name(api, reader), reader);
};
const method: Read = ({ Integration, RestApiId }, resource, reader) => {
  const { ConnectionType, Type, Uri } = asMap(Integration);
  const api = reader.referred(asText(RestApiId) ?? '') ?? resource;
  return passedOn(Type, Uri, ConnectionType, 'Integration')(name(api, reader), reader);
};

/** Options of drivers that send logs elsewhere. */
const LOG_HOSTS = ['splunk-url', 'syslog-address', 'gelf-address', 'fluentd-address', 'Host', 'host'];
const containerLogs: Read = ({ ContainerDefinitions }, resource, reader) =>
  asList(ContainerDefinitions).flatMap((container) => {
    const options = asMap(asMap(asMap(container).LogConfiguration).Options);
    const unproved = /^true$/i.test(asText(options['splunk-insecureskipverify']) ?? '') ? ', without proof of who it is' : '';
    const can = `gets the log of ${name(resource, reader)}${unproved}`;
    return LOG_HOSTS.flatMap((key) => toHost(options[key], can, 'ContainerDefinitions', reader));
  });

/** Destinations of a flow that are no service of AWS. */
const OWN_CONNECTORS = /^(S3|Redshift|EventBridge|LookoutMetrics|CustomerProfiles|Honeycode|Upsolver)$/;
const flow: Read = ({ DestinationFlowConfigList }, resource, reader) =>
  asList(DestinationFlowConfigList).flatMap((item) => {
    const { ConnectorProfileName, ConnectorType } = asMap(item);
    const type = asText(ConnectorType);
    if (type === undefined || OWN_CONNECTORS.test(type)) return [];
    const profile = asText(ConnectorProfileName);
    const who = profile === undefined ? type : `${type} (${reader.words(profile)})`;
    return [
      {
        who,
        can: `gets the data of ${name(resource, reader)}`,
        severity: 'high',
        path: 'DestinationFlowConfigList',
        open: true,
        asSaid: true,
      },
    ];
  });

// ── State machines ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Whom the tasks of a state machine call. A definition that stands elsewhere is not read. */
const tasks: Read = (properties, resource, reader) => {
  const [path, definition] = definitionOf(properties);
  if (definition === undefined) return [];
  const can = `gets what ${name(resource, reader)} sends`;
  return [...statesIn(definition)].flatMap((state) => {
    const { Arguments, Parameters, Resource: called } = state;
    const given = { ...asMap(Parameters), ...asMap(Arguments) };
    const isHttp = /:::http:invoke/.test(asText(called) ?? '');
    if (isHttp && (given.ApiEndpoint === undefined || /^\{%/.test(String(given.ApiEndpoint))))
      return [{ who: 'a host that only its input names', can, severity: 'high', path, elsewhere: true }];
    return [called, given.ApiEndpoint, given.FunctionName, given.QueueUrl, given.TopicArn, given.StateMachineArn].flatMap((target) =>
      to(target, can, path, reader),
    );
  });
};

function definitionOf({ Definition, DefinitionString }: PlainMap): readonly [path: string, definition: Plain | undefined] {
  const text = asText(DefinitionString);
  if (text === undefined) return ['Definition', Definition];
  try {
    return ['DefinitionString', JSON.parse(text) as Plain];
  } catch {
    return ['DefinitionString', undefined];
  }
}

/** The states, also of branches and of what is done for each item. */
function* statesIn(value: Plain): Iterable<PlainMap> {
  if (Array.isArray(value)) for (const item of value as readonly Plain[]) yield* statesIn(item);
  else if (typeof value === 'object' && value !== null) {
    if (asMap(value).Type === 'Task') yield asMap(value);
    for (const inner of Object.values(asMap(value))) yield* statesIn(inner as Plain);
  }
}

// ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A name that leads elsewhere than before; one that is new leads nobody away. */
const record: Read = ({ Name, ResourceRecords, Type }, _resource, reader) => {
  const called = asText(Name)?.replace(/\.$/, '');
  if (called === undefined || !/^(A|AAAA|CNAME)$/.test(asText(Type) ?? '')) return [];
  return asList(ResourceRecords).flatMap((value): readonly Grant[] => {
    const target = asText(value)?.replace(/\.$/, '');
    if (target === undefined || isOwn(target, reader) || domainOf(target.toLowerCase()) === domainOf(called.toLowerCase())) return [];
    return [
      {
        who: target,
        can: `answers for ${reader.words(called)}`,
        severity: 'high',
        path: 'ResourceRecords',
        elsewhere: true,
        lasting: true,
      },
    ];
  });
};

const read = (rows: readonly Row[], send: typeof to): Readers => rows.map((row) => [row[0], readRow(row, send)] as const);

export const DELIVERIES: Readers = [
  ...read(ROWS, to),
  ...read(BUCKETS, toBucket),
  [/^AWS::DMS::Endpoint$/, migration],
  [/^AWS::KinesisFirehose::DeliveryStream$/, processors],
  [/^AWS::ApiGatewayV2::Integration$/, integration],
  [/^AWS::ApiGateway::Method$/, method],
  [/^AWS::ECS::TaskDefinition$/, containerLogs],
  [/^AWS::AppFlow::Flow$/, flow],
  [/^AWS::(StepFunctions|Serverless)::StateMachine$/, tasks],
  [/^AWS::Route53::RecordSet$/, record],
];
