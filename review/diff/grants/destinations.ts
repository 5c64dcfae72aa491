/** Where data goes by itself: deliveries, results, copies, notifications, subscriptions. Told where that is not known to be ours. */
import { hasHole } from '../access/text';
import type { Plain } from '../plain';
import { asList, asMap, asText, type Reader, valueAt } from '../reading';
import { isOfAws } from './aws-layers';
import { type Grant, name, type Read, type Readers, texts } from './parts';

/** Somebody gets something; told only where he is outside. */
export const copy = (who: string | undefined, can: string, path: string, open = false): readonly Grant[] =>
  who === undefined ? [] : [{ who, can, severity: 'high', path, onlyOutside: true, ...(open ? { open } : {}) }];

/** Something goes to a bucket: whose that is can be told where the input has it, or an account is named. */
export function toBucket(bucket: Plain | undefined, can: string, path: string, reader: Reader): readonly Grant[] {
  const text = asText(bucket);
  if (text === undefined) return [];
  if (isOwn(hasHole(text) ? text : text.replace(/^s3:\/\/([^/]+).*$/s, '$1'), reader)) return [];
  return [{ who: text, can, severity: 'high', path, elsewhere: true }];
}

/** A resource of the input, or what other stacks of the same account export. */
export const isOwn = (text: string, reader: Reader): boolean =>
  reader.referred(text) !== undefined || /the export |AWS::NoValue/.test(reader.words(text));

/** Every value of a key, with its path. */
function* valuesOf(value: Plain | undefined, key: RegExp, path = ''): Iterable<readonly [path: string, value: Plain]> {
  if (Array.isArray(value)) for (const item of value as readonly Plain[]) yield* valuesOf(item, key, path);
  else
    for (const [at, inner] of Object.entries(asMap(value))) {
      const inside = path === '' ? at : `${path}.${at}`;
      if (key.test(at)) yield [inside, inner as Plain];
      else yield* valuesOf(inner as Plain, key, inside);
    }
}

const firehose: Read = (properties, resource, reader) => {
  const can = `gets what ${name(resource, reader)} delivers`;
  return [
    ...[...valuesOf(properties, /^BucketARN$/)].flatMap(([path, bucket]) => toBucket(bucket, can, path, reader)),
    ...[...valuesOf(properties, /^(HECEndpoint|AccountUrl|Url)$/)].flatMap(([path, url]) =>
      copy(asText(url), can, path.split('.')[0] ?? path, true),
    ),
  ];
};

const bucketCopies: Read = ({ AnalyticsConfigurations, InventoryConfigurations, ReplicationConfiguration }, resource, reader) => [
  ...asList(asMap(ReplicationConfiguration).Rules).flatMap((rule) => {
    const { Account, Bucket } = asMap(asMap(rule).Destination);
    if (Account === undefined) return toBucket(Bucket, `gets a copy of ${name(resource, reader)}`, 'ReplicationConfiguration', reader);
    return copy(
      asText(Account),
      `gets a copy of ${name(resource, reader)}, in ${reader.words(asText(Bucket) ?? 'a bucket')}`,
      'ReplicationConfiguration',
    );
  }),
  ...asList(InventoryConfigurations).flatMap((item) => {
    const { BucketAccountId, BucketArn } = asMap(asMap(item).Destination);
    const can = `gets the list of what is in ${name(resource, reader)}`;
    if (BucketAccountId === undefined) return toBucket(BucketArn, can, 'InventoryConfigurations', reader);
    return copy(asText(BucketAccountId), can, 'InventoryConfigurations');
  }),
  ...asList(AnalyticsConfigurations).flatMap((item) => {
    const { BucketAccountId, BucketArn } = asMap(valueAt(item, 'StorageClassAnalysis.DataExport.Destination'));
    const can = `gets analytics of ${name(resource, reader)}`;
    if (BucketAccountId === undefined) return toBucket(BucketArn, can, 'AnalyticsConfigurations', reader);
    return copy(asText(BucketAccountId), can, 'AnalyticsConfigurations');
  }),
];

/** Topics, queues and functions that hear of every object. */
const bucketNotices: Read = ({ NotificationConfiguration }, resource, reader) =>
  [...valuesOf(NotificationConfiguration, /^(Topic|Queue|Function)$/)].flatMap(([, who]) =>
    copy(asText(who), `hears of what happens in ${name(resource, reader)}`, 'NotificationConfiguration'),
  );

const results: Read = ({ WorkGroupConfiguration }, resource, reader) =>
  toBucket(
    valueAt(WorkGroupConfiguration, 'ResultConfiguration.OutputLocation'),
    `gets the results of ${name(resource, reader)}`,
    'WorkGroupConfiguration',
    reader,
  );

const sync: Read = ({ DestinationLocationArn }, resource, reader) =>
  copy(asText(DestinationLocationArn), `gets the data that ${name(resource, reader)} copies`, 'DestinationLocationArn');

const sink: Read = ({ ResourceTypes, SinkIdentifier }, resource, reader) =>
  copy(
    asText(SinkIdentifier),
    `sees ${texts(ResourceTypes)
      .map((type) => type.replace(/^AWS::/, '').replaceAll('::', ' '))
      .sort()
      .join(', ')} of this account, by ${name(resource, reader)}`,
    'SinkIdentifier',
  );

/** Code of somebody else runs with the rights of the function. */
const layers: Read = ({ Layers }, resource, reader) =>
  texts(Layers).flatMap((layer) => {
    const account = /^arn:[^:]*:lambda:[^:]*:(\d{12}):layer:/.exec(layer)?.[1];
    const of = layer.replace(/^.*:layer:/, '').replace(/:\d+$/, '');
    if (account !== undefined && isOfAws(account, of)) return [];
    return copy(account, `runs code of its own in ${name(resource, reader)}, by the layer ${of}`, 'Layers').map((grant) => ({
      ...grant,
      severity: 'medium' as const,
      asSaid: true,
    }));
  });

// ── Subscriptions ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Where anybody may have an address. */
const MAILBOXES =
  /@(gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|icloud|me|aol|gmx|web|proton|protonmail|mail|yandex|zoho)\.[a-z.]{2,6}$/i;

function subscription(endpoint: string | undefined, protocol: string | undefined, topic: string): readonly Grant[] {
  const can = `gets what is published to ${topic}`;
  const isOpen = protocol !== undefined && (/^https?$/.test(protocol) || (/^email/.test(protocol) && MAILBOXES.test(endpoint ?? '')));
  return copy(endpoint, can, 'Endpoint', isOpen);
}
const subscriptions: Read = ({ Endpoint, Protocol, TopicArn }, _resource, reader) =>
  subscription(asText(Endpoint), asText(Protocol), reader.words(asText(TopicArn) ?? 'a topic'));
const inlineSubscriptions: Read = ({ Subscription }, resource, reader) =>
  asList(Subscription).flatMap((item) => subscription(asText(asMap(item).Endpoint), asText(asMap(item).Protocol), name(resource, reader)));

// ── Azure ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whoever takes an invitation of Data Share up gets the data. */
const invitation: Read = ({ shareName, targetActiveDirectoryId, targetEmail }, _resource, reader) => {
  const [mail, directory] = [asText(targetEmail), asText(targetActiveDirectoryId)];
  const who = mail ?? (directory === undefined ? undefined : `whoever of the directory ${directory} is invited`);
  if (who === undefined) return [];
  const path = mail === undefined ? 'targetActiveDirectoryId' : 'targetEmail';
  const can = `can take what the data share ${reader.words(asText(shareName) ?? '')} holds`;
  return [{ who, can, severity: 'high', path, ...(MAILBOXES.test(mail ?? '') ? { open: true } : {}) }];
};

export const DESTINATIONS: Readers = [
  [/^AWS::S3::Bucket$/, bucketCopies],
  [/^AWS::S3::Bucket$/, bucketNotices],
  [/^AWS::SNS::Subscription$/, subscriptions],
  [/^AWS::SNS::Topic$/, inlineSubscriptions],
  [/^AWS::KinesisFirehose::DeliveryStream$/, firehose],
  [/^AWS::Athena::WorkGroup$/, results],
  [/^AWS::DataSync::Task$/, sync],
  [/^AWS::Oam::Link$/, sink],
  [/^AWS::(Lambda|Serverless)::Function$/, layers],
  [/^azure-native:datashare:Invitation$/, invitation],
];
