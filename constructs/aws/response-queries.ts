import { ArnFormat, Aws, Names, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { claims, RETENTION_DAYS } from '../contract';
import { SecureKey } from './keys';
import { SecureBucket } from './object-storage';
import { organisationOf, profileOf } from './profile';

/** Days for which answers are kept, unless somebody says otherwise. */
const ANSWER_DAYS = 90;
/** Most that one question reads: a tebibyte, which is weeks of records of many accounts. */
const MOST_BYTES = 1024 ** 4;

/** Who did it, as CloudTrail tells: the identity, the session, and who stands behind it. */
const IDENTITY =
  'struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string,' +
  'sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,' +
  'sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,sourceidentity:string>>';
const COLUMNS: Readonly<Record<string, string>> = {
  eventversion: 'string',
  useridentity: IDENTITY,
  eventtime: 'string',
  eventsource: 'string',
  eventname: 'string',
  awsregion: 'string',
  sourceipaddress: 'string',
  useragent: 'string',
  errorcode: 'string',
  errormessage: 'string',
  requestparameters: 'string',
  responseelements: 'string',
  additionaleventdata: 'string',
  requestid: 'string',
  eventid: 'string',
  readonly: 'string',
  resources: 'array<struct<arn:string,accountid:string,type:string>>',
  eventtype: 'string',
  recipientaccountid: 'string',
  vpcendpointid: 'string',
};

const ANSWER = [
  'eventtime',
  'useridentity.arn AS who',
  'useridentity.sessioncontext.sourceidentity AS person',
  'sourceipaddress',
  'vpcendpointid',
  'useragent',
  'eventsource',
  'eventname',
  'readonly',
  'errorcode',
  'requestparameters',
  'resources',
].join(', ');

/** The questions; `?` are asked for when a question is put: first and last day as 2026/01/31, then what each names. */
const QUESTIONS: Readonly<Record<string, { readonly asks: string; readonly where: string; readonly select?: string }>> = {
  WhoTouchedARecord: {
    asks: 'Who read or altered a record, and from where? Asks for the first and last day, and for the key or a part of it',
    where: 'strpos(requestparameters, ?) > 0',
  },
  WhoTouchedAStore: {
    asks: 'Who read or altered anything in a store, and from where? Asks for the first and last day, and for the ARN',
    where: 'any_match(resources, r -> starts_with(r.arn, ?))',
  },
  WhatAnIdentityDid: {
    asks: 'What did an identity do, and from where? Asks for the first and last day, and for a part of its ARN',
    where: 'strpos(useridentity.arn, ?) > 0',
  },
  WhatCameFromAnAddress: {
    asks: 'What was done from an address? Asks for the first and last day, and for the address',
    where: 'sourceipaddress = ?',
  },
  WhatAKeyWasUsedFor: {
    asks: 'What was an access key used for, and from where? Asks for the first and last day, and for the id of the key',
    where: 'useridentity.accesskeyid = ?',
  },
  WhoReadInBulk: {
    asks: 'Who read how much of which store, from where? Asks for the first and last day, and for the least number of reads',
    select:
      'SELECT useridentity.arn AS who, sourceipaddress, eventsource, eventname, resources[1].arn AS store, ' +
      'min(eventtime) AS earliest, max(eventtime) AS latest, count(*) AS reads',
    where: "readonly = 'true' AND cardinality(resources) > 0 GROUP BY 1, 2, 3, 4, 5 HAVING count(*) >= CAST(? AS bigint)",
  },
};

/** Props of {@link InvestigationQueries}; every default is the hardened one. */
export interface InvestigationQueriesProps {
  /** Archive that holds the records of CloudTrail. */
  readonly archive: IBucket;
  /**
   * Accounts whose records can be asked.
   * @default the account of the stack
   */
  readonly accounts?: readonly string[];
  /**
   * Regions whose records can be asked.
   * @default the residency of the data profile, or the region of the stack where it promises none; and us-east-1, where
   *   global services are recorded
   */
  readonly regions?: readonly string[];
  /**
   * The records come from a trail of the whole organisation; needs `declareOrganisation`.
   * @default false
   */
  readonly organisationTrail?: boolean;
  /**
   * Days for which answers are kept: they hold what the records hold.
   * @default 90
   */
  readonly answersAtMostDays?: number;
  /**
   * Key that encrypts the answers.
   * @default a SecureKey of its own
   */
  readonly key?: IKey;
}

/**
 * The questions of an investigation, ready to be put: who read or altered which record or store, what an identity, an
 * access key or an address did, and who read in bulk; each in a window of days, with the answer to who, what, when and
 * from where. Athena puts them to the records of CloudTrail where they lie, in a workgroup that encrypts every answer
 * and lets nobody say otherwise.
 *
 * Guarantees from the moderate tier on INC-10. Nothing of it can be relaxed. Put each question quarterly on events that
 * you made for the purpose: that the answer comes within the hour is shown by doing it.
 *
 * @throws Error when the trail is one of an organisation that is not declared
 * @example
 * const queries = new InvestigationQueries(securityStack, 'Queries', { archive, accounts: ['111122223333'] });
 * queries.grantAsk(investigators);
 */
export class InvestigationQueries extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('InvestigationQueries', { control: 'INC-10', from: 'moderate' });

  /** Keeps the answers. */
  readonly answers: SecureBucket;
  /** The workgroup in which the questions are put. */
  readonly workgroup: CfnWorkGroup;
  private readonly database: string;
  private readonly archive: IBucket;

  constructor(scope: Construct, id: string, props: InvestigationQueriesProps) {
    profileOf(scope);
    super(scope, id);
    const { archive, answersAtMostDays = ANSWER_DAYS } = props;
    this.archive = archive;
    const name = Names.uniqueResourceName(this, { maxLength: 100, separator: '-' }).toLowerCase();
    this.database = name.replaceAll('-', '_');
    const key = props.key ?? new SecureKey(this, 'Key', { description: `Encrypts the answers of ${this.node.path}` });
    this.answers = new SecureBucket(this, 'Answers', { key, retention: { atMostDays: answersAtMostDays } });
    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name,
      description: 'Investigations of incidents',
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: MOST_BYTES,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${this.answers.bucketName}/`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
        },
      },
    });
    const records = this.recordsOf(props);
    for (const [question, { asks, select = `SELECT ${ANSWER}`, where }] of Object.entries(QUESTIONS)) {
      const ordered = where.includes('GROUP BY') ? 'ORDER BY reads DESC' : 'ORDER BY eventtime';
      const query = new CfnNamedQuery(this, question, {
        name: question,
        description: asks,
        database: this.database,
        workGroup: this.workgroup.ref,
        queryString: `${select} FROM "${this.database}".records WHERE day BETWEEN ? AND ? AND ${where} ${ordered}`,
      });
      query.node.addDependency(records);
    }
  }

  /** Lets somebody put the questions, and read the records and the answers. */
  grantAsk(grantee: IGrantable): void {
    const stack = Stack.of(this);
    const glue = (resource: string, resourceName?: string) =>
      stack.formatArn({ service: 'glue', resource, ...(resourceName ? { resourceName } : { arnFormat: ArnFormat.NO_RESOURCE_NAME }) });
    const grant = (actions: string[], ...resourceArns: string[]) => Grant.addToPrincipal({ grantee, actions, resourceArns });
    grant(
      [
        'athena:GetNamedQuery',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:GetWorkGroup',
        'athena:ListNamedQueries',
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
      ],
      stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: this.workgroup.name }),
    );
    grant(
      ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
      glue('catalog'),
      glue('database', this.database),
      glue('table', `${this.database}/records`),
    );
    this.archive.grantRead(grantee, 'AWSLogs/*');
    this.answers.grantRead(grantee);
    this.answers.grantPut(grantee);
    grant(
      ['s3:AbortMultipartUpload', 's3:GetBucketLocation', 's3:ListMultipartUploadParts'],
      this.answers.bucketArn,
      this.answers.arnForObjects('*'),
    );
  }

  /** The records as a table; its partitions are computed, so that each new day is there by itself. */
  private recordsOf(props: InvestigationQueriesProps): CfnTable {
    const { tier, profile } = profileOf(this);
    const stack = Stack.of(this);
    const { accounts = [stack.account], organisationTrail = false } = props;
    const places = profile.residency?.length ? profile.residency : [stack.region];
    const regions = props.regions ?? [...new Set([...places, 'us-east-1'])];
    const organisation = organisationOf(this);
    if (organisationTrail && !organisation)
      throw new Error(
        `${this.node.path}: organisationTrail needs the organisation, whose id is in the path of the records; call declareOrganisation first (INC-10)`,
      );
    const root = `s3://${this.archive.bucketName}/AWSLogs/${organisationTrail ? `${organisation}/` : ''}`;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.database, description: 'Records that investigations ask' },
    });
    const table = new CfnTable(this, 'Records', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database,
      tableInput: {
        name: 'records',
        description: 'Records of CloudTrail in the archive',
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: ['account', 'region', 'day'].map((key) => ({ name: key, type: 'string' })),
        parameters: {
          classification: 'cloudtrail',
          'projection.enabled': 'true',
          'projection.account.type': 'enum',
          'projection.account.values': accounts.join(','),
          'projection.region.type': 'enum',
          'projection.region.values': regions.join(','),
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy/MM/dd',
          'projection.day.interval': '1',
          'projection.day.interval.unit': 'DAYS',
          'projection.day.range': `NOW-${RETENTION_DAYS[tier].security}DAYS,NOW`,
          'storage.location.template': `${root}\${account}/CloudTrail/\${region}/\${day}`,
        },
        storageDescriptor: {
          location: root,
          inputFormat: 'com.amazon.emr.cloudtrail.CloudTrailInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
          columns: Object.entries(COLUMNS).map(([column, type]) => ({ name: column, type })),
        },
      },
    });
    table.node.addDependency(database);
    return table;
  }
}
