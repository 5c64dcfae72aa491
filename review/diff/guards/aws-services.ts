/** Settings of single services of AWS that record, encrypt, keep or copy, where one property says it. */

import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { AWS_INSIDE } from './aws-inside';
import { found, type Guard, ladder, meaning, present, truth, turned } from './parts';

const PARAMETERS = /^AWS::(RDS|DocDB|Neptune)::DB(Cluster)?ParameterGroup$/;
const parameter = (group: PlainMap, key: string): string => (asText(asMap(group.Parameters)[key]) ?? '').toLowerCase();

/** Classes of statements, as lists name them. */
const PGAUDIT = ['read', 'write', 'function', 'role', 'ddl', 'misc', 'misc_set'];
const DOCDB = ['ddl', 'dml_read', 'dml_write'];
const MYSQL = ['connect', 'query', 'query_dcl', 'query_ddl', 'query_dml', 'table'];
function classes(group: PlainMap): readonly string[] {
  const listed = (key: string) =>
    parameter(group, key)
      .split(',')
      .map((one) => one.trim());
  const pgaudit = listed('pgaudit.log').flatMap((one) => (one === 'all' ? PGAUDIT : PGAUDIT.includes(one) ? [one] : []));
  const left = listed('pgaudit.log').flatMap((one) => (one.startsWith('-') ? [one.slice(1)] : []));
  const docdb = listed('audit_logs').flatMap((one) =>
    one === 'all' ? DOCDB : one === 'dml' ? ['dml_read', 'dml_write'] : one === 'enabled' ? ['ddl'] : DOCDB.includes(one) ? [one] : [],
  );
  const mysql = switched(group, 'server_audit_logging') ? listed('server_audit_events').filter((one) => MYSQL.includes(one)) : [];
  return [...pgaudit.filter((one) => !left.includes(one)), ...docdb, ...mysql];
}
/** One class says it, and scales compare those. */
const SINGLE = /^(|none|ddl|write|all|disabled|enabled)$/;

/** Settings of databases that are on or off. */
const RECORDERS: readonly (readonly [key: string, what: string])[] = [
  ['general_log', 'statements'],
  ['slow_query_log', 'slow statements'],
  ['server_audit_logging', 'statements'],
  ['neptune_enable_audit_log', 'requests'],
  ['log_lock_waits', 'waits for locks'],
  ['log_checkpoints', 'checkpoints'],
];
const switched = (group: PlainMap, key: string): boolean | undefined => {
  const value = parameter(group, key);
  return value === 'on' ? true : value === 'off' ? false : value === '' ? false : truth(value, false);
};

/** Parameters of Redshift stand in a list. */
const redshift = (key: string) => (group: PlainMap) => {
  const item = asList(group.Parameters).find((one) => asMap(one).ParameterName === key);
  return truth(item === undefined ? undefined : asMap(item).ParameterValue, false);
};

/** Destinations of a delivery stream, by name: `S3`. */
const destinations = (stream: PlainMap): readonly (readonly [name: string, config: PlainMap])[] =>
  Object.entries(stream).flatMap(([key, value]) => {
    const [, name] = /^(\w+)DestinationConfiguration$/i.exec(key) ?? [];
    return name === undefined ? [] : [[name.replace(/^Extended/, ''), asMap(value)] as const];
  });

/** Kinds of data that a log group masks. */
const masked = (group: PlainMap): readonly string[] => {
  const written = group.DataProtectionPolicy;
  return asList(valueAt(typeof written === 'string' ? readJson(written) : written, 'Statement')).flatMap((one) =>
    valueAt(one, 'Operation.Deidentify') === undefined
      ? []
      : asList(asMap(one).DataIdentifier).map((id) => String(id).replace(/^.*[/:]/, '')),
  );
};
function readJson(text: string): Plain {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return null;
  }
}

/** Where copies of objects go. */
const copies = (bucket: PlainMap): readonly string[] =>
  asList(valueAt(bucket, 'ReplicationConfiguration.Rules')).flatMap((rule) =>
    asMap(rule).Status === 'Enabled' ? [asText(valueAt(rule, 'Destination.Bucket')) ?? ''] : [],
  );

/** Images that come from no registry of AWS, without their tags. */
const strangers = (images: readonly (Plain | undefined)[]): readonly string[] =>
  images.flatMap((image) => {
    const text = asText(image) ?? '';
    return !/^[\w./:@-]+$/.test(text) || /\.dkr[.-]ecr[.-]/.test(text) ? [] : [text.replace(/@.*$/, '').replace(/:[^/]*$/, '')];
  });
const FOREIGN_IMAGES = 'the images from outside registries of AWS accounts';

/** Where objects are scanned: prefixes, everything where none is written. */
const scanned = (plan: PlainMap): readonly string[] => {
  const prefixes = asList(valueAt(plan, 'ProtectedResource.S3Bucket.ObjectPrefixes')).map(String);
  return prefixes.length > 0 ? prefixes : [''];
};

/** Whom a bucket tells of its objects. */
const listeners = (bucket: PlainMap): readonly string[] => {
  const { EventBridgeConfiguration, LambdaConfigurations, QueueConfigurations, TopicConfigurations } = asMap(
    bucket.NotificationConfiguration,
  );
  const bridged = EventBridgeConfiguration !== undefined && truth(asMap(EventBridgeConfiguration).EventBridgeEnabled, true) !== false;
  return [
    ...(bridged ? ['EventBridge'] : []),
    ...(
      [
        [LambdaConfigurations, 'Function'],
        [QueueConfigurations, 'Queue'],
        [TopicConfigurations, 'Topic'],
      ] as const
    ).flatMap(([items, key]) => asList(items).flatMap((one) => asText(asMap(one)[key]) ?? [])),
  ];
};
/** Targets of a rule whose undelivered events are kept. */
const caughtBy = (rule: PlainMap): readonly string[] =>
  asList(rule.Targets).flatMap((one) => (asMap(one).DeadLetterConfig === undefined ? [] : (asText(asMap(one).Arn) ?? [])));

/** From the mildest: what an alarm makes of data that is missing. Without data an alarm that ignores it never goes off anew. */
const MISSING: Readonly<Record<string, number>> = { ignore: 0, notBreaching: 1, missing: 1, breaching: 2 };

const DROPPED = 'what fails is no longer kept for anybody to look at';
const CAUGHT = 'what fails is kept now';

export const AWS_SERVICES: readonly Guard[] = [
  ...AWS_INSIDE,
  // ── Records
  {
    on: PARAMETERS,
    aspect: 'logging',
    parts: [
      ladder('Parameters.log_statement', 'the statements that it records', ['none', 'ddl', 'mod', 'all'], 'none'),
      meaning('Parameters', (before, after) => {
        const single = [before, after].every((group) => ['pgaudit.log', 'audit_logs'].every((key) => SINGLE.test(parameter(group, key))));
        const [was, is] = [classes(before), classes(after)];
        const [lost, come] = [was.filter((one) => !is.includes(one)), is.filter((one) => !was.includes(one))];
        if (single && [...lost, ...come].every((one) => !MYSQL.includes(one))) return [];
        return [
          ...(lost.length > 0
            ? [{ direction: 'weaker', words: `the kinds of statements that it records: no longer ${lost.join(', ')}` } as const]
            : []),
          ...(come.length > 0
            ? [{ direction: 'stronger', words: `the kinds of statements that it records: now ${come.join(', ')}` } as const]
            : []),
        ];
      }),
      ...RECORDERS.map(([key, what]) =>
        turned(
          `Parameters.${key}`,
          (group) => switched(group, key),
          `${what} are no longer recorded (${key})`,
          `${what} are recorded now (${key})`,
        ),
      ),
    ],
  },
  {
    on: /^AWS::Redshift::ClusterParameterGroup$/,
    aspect: 'logging',
    parts: [
      turned('Parameters', redshift('enable_user_activity_logging'), 'statements are no longer recorded', 'statements are recorded now'),
    ],
  },
  {
    on: /^AWS::Redshift::ClusterParameterGroup$/,
    aspect: 'encryption',
    severity: 'high',
    parts: [
      turned('Parameters', redshift('require_ssl'), 'connections need not be encrypted any more', 'connections have to be encrypted now'),
    ],
  },
  {
    on: /^AWS::KinesisFirehose::DeliveryStream$/,
    aspect: 'logging',
    parts: [
      found('each', 'CloudWatchLoggingOptions', 'the deliveries whose failures it records', (stream) =>
        destinations(stream).flatMap(([name, config]) =>
          truth(valueAt(config, 'CloudWatchLoggingOptions.Enabled'), false) ? [`to ${name}`] : [],
        ),
      ),
    ],
  },
  {
    on: /^AWS::Logs::LogGroup$/,
    aspect: 'logging',
    parts: [found('each', 'DataProtectionPolicy', 'what it masks', masked)],
  },
  {
    on: /^AWS::Logs::AccountPolicy$/,
    aspect: 'logging',
    when: (one) => asMap(one).PolicyType === 'DATA_PROTECTION_POLICY',
    ends: 'sensitive data stands in clear in the log groups of the account',
  },
  // ── Detection
  {
    on: /^AWS::CloudWatch::Alarm$/,
    aspect: 'detection',
    severity: 'low',
    parts: [
      meaning('TreatMissingData', (before, after) => {
        const [was, is] = [before, after].map((alarm) => asText(alarm.TreatMissingData) ?? 'missing') as [string, string];
        const [old, now] = [MISSING[was], MISSING[is]];
        if (old === undefined || now === undefined || old === now) return [];
        return [{ direction: now < old ? 'weaker' : 'stronger', words: `what it makes of missing data: ${is} instead of ${was}` }];
      }),
    ],
  },
  {
    on: /^AWS::GuardDuty::MalwareProtectionPlan$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'what is put into its bucket is not scanned for malware any more',
    parts: [
      turned(
        'Actions.Tagging.Status',
        (plan) => valueAt(plan, 'Actions.Tagging.Status') === 'ENABLED',
        'objects no longer say what their scan found: policies that keep unscanned ones away see nothing',
        'objects say what their scan found now',
      ),
      meaning('ProtectedResource.S3Bucket.ObjectPrefixes', (before, after) => {
        const [was, is] = [before, after].map(scanned) as [readonly string[], readonly string[]];
        const missed = was.filter((one) => !is.some((prefix) => one.startsWith(prefix)));
        const come = is.filter((one) => !was.some((prefix) => one.startsWith(prefix)));
        if (missed.length > 0)
          return [{ direction: 'weaker', words: `only objects below ${is.join(', ') || 'nothing'} are scanned for malware now` }];
        return come.length > 0 ? [{ direction: 'stronger', words: 'more objects are scanned for malware now' }] : [];
      }),
    ],
  },
  {
    on: /^AWS::S3::Bucket$/,
    aspect: 'detection',
    severity: 'low',
    parts: [found('each', 'NotificationConfiguration', 'whom it tells of its objects', listeners, 'only where it weakens')],
  },
  {
    on: /^AWS::Events::Rule$/,
    aspect: 'detection',
    severity: 'low',
    parts: [
      meaning('Targets', (before, after, words) => {
        const kept = new Set(caughtBy(before));
        const now = new Set(caughtBy(after));
        const still = new Set(asList(after.Targets).map((one) => asText(asMap(one).Arn)));
        const lost = [...kept].filter((to) => still.has(to) && !now.has(to));
        return lost.length === 0
          ? []
          : [
              {
                direction: 'weaker',
                words: `events that do not reach ${lost.map(words.after).join(', ')} are no longer kept for anybody to look at`,
              },
            ];
      }),
    ],
  },
  // ── Encryption
  {
    on: /^AWS::Glue::DataCatalogEncryptionSettings$/,
    aspect: 'encryption',
    severity: 'high',
    ends: 'the data catalogue and its passwords are not encrypted any more',
  },
  {
    on: /^AWS::ApiGateway::Stage$/,
    aspect: 'encryption',
    severity: 'high',
    parts: [
      found('except', 'MethodSettings', 'the methods whose answers it caches in clear', (stage) =>
        asList(stage.MethodSettings).flatMap((item) => {
          const { CacheDataEncrypted, CachingEnabled, HttpMethod, ResourcePath } = asMap(item);
          return truth(CachingEnabled, false) && truth(CacheDataEncrypted, false) === false ? [`${HttpMethod} ${ResourcePath}`] : [];
        }),
      ),
    ],
  },
  {
    on: /^AWS::KinesisFirehose::DeliveryStream$/,
    aspect: 'encryption',
    parts: [
      found('each', 'EncryptionConfiguration', 'the deliveries that it encrypts with a customer key', (stream) =>
        destinations(stream).flatMap(([name, config]) =>
          valueAt(config, 'EncryptionConfiguration.KMSEncryptionConfig') === undefined ? [] : [`to ${name}`],
        ),
      ),
      present('DeliveryStreamEncryptionConfigurationInput', 'what waits in it is no longer encrypted', 'what waits in it is encrypted now'),
    ],
  },
  // ── Data
  {
    on: /^AWS::S3::Bucket$/,
    aspect: 'data',
    severity: 'high',
    // Who gets copies is told as access.
    parts: [found('each', 'ReplicationConfiguration', 'where its objects are copied to', copies, 'only where it weakens')],
  },
  {
    on: /^AWS::DynamoDB::(Global)?Table$/,
    aspect: 'data',
    parts: [
      meaning('TimeToLiveSpecification', (before, after) => {
        const [was, is] = [before, after].map((table) => {
          const { AttributeName, Enabled } = asMap(table.TimeToLiveSpecification);
          return truth(Enabled, false) ? (asText(AttributeName) ?? '') : undefined;
        });
        if (was === is) return [];
        return is === undefined
          ? [{ direction: 'stronger', words: 'its items are no longer deleted by themselves' }]
          : [{ direction: 'weaker', words: `its items are deleted by themselves once the time in ${is} has passed` }];
      }),
    ],
  },
  { on: /^AWS::SQS::Queue$/, aspect: 'data', severity: 'low', parts: [present('RedrivePolicy', DROPPED, CAUGHT)] },
  { on: /^AWS::SNS::Subscription$/, aspect: 'data', severity: 'low', parts: [present('RedrivePolicy', DROPPED, CAUGHT)] },
  { on: /^AWS::Lambda::Function$/, aspect: 'data', severity: 'low', parts: [present('DeadLetterConfig', DROPPED, CAUGHT)] },
  { on: /^AWS::Serverless::Function$/, aspect: 'data', severity: 'low', parts: [present('DeadLetterQueue', DROPPED, CAUGHT)] },
  // ── What runs
  {
    on: /^AWS::ECS::TaskDefinition$/,
    aspect: 'controls',
    parts: [
      found('except', 'ContainerDefinitions', FOREIGN_IMAGES, (task) =>
        strangers(asList(task.ContainerDefinitions).map((one) => asMap(one).Image)),
      ),
    ],
  },
  {
    on: /^AWS::Batch::JobDefinition$/,
    aspect: 'controls',
    parts: [found('except', 'ContainerProperties.Image', FOREIGN_IMAGES, (job) => strangers([valueAt(job, 'ContainerProperties.Image')]))],
  },
  {
    on: /^AWS::AppRunner::Service$/,
    aspect: 'controls',
    parts: [
      found('except', 'SourceConfiguration.ImageRepository.ImageIdentifier', FOREIGN_IMAGES, (service) =>
        strangers([valueAt(service, 'SourceConfiguration.ImageRepository.ImageIdentifier')]),
      ),
    ],
  },
];
