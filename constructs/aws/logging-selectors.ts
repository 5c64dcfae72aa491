import type { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';

type Selector = CfnTrail.AdvancedEventSelectorProperty;
type Field = CfnTrail.AdvancedFieldSelectorProperty;

/** What holds or moves data, besides S3 objects, as CloudTrail names its types of data events. */
const DATA_RESOURCES = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::Stream',
  'AWS::Kinesis::Stream',
  'AWS::Lambda::Function',
  'AWS::RDS::DBCluster',
  'AWS::S3::AccessPoint',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
];

/** Every call of the control plane. */
export const MANAGEMENT: Selector = {
  name: 'Management events, those of KMS included',
  fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }],
};
const DATA: Field = { field: 'eventCategory', equalTo: ['Data'] };
const typed = (name: string): Field => ({ field: 'resources.type', equalTo: [name] });

/**
 * Reads and alterations alike (LOG-04, LOG-05). Of the archive only the reads: CloudTrail's own deliveries would
 * otherwise be recorded as alterations, which are delivered, without end.
 *
 * @param more further types of data events
 * @param archiveArn the bucket into which the records themselves are delivered
 */
export function dataSelectors(more: readonly string[], archiveArn?: string): Selector[] {
  const others = [...new Set([...DATA_RESOURCES, ...more])].map((name) => ({
    name: `Reads and alterations of ${name}`,
    fieldSelectors: [DATA, typed(name)],
  }));
  const objects = 'Reads and alterations of objects';
  if (archiveArn === undefined) return [{ name: objects, fieldSelectors: [DATA, typed('AWS::S3::Object')] }, ...others];
  const inArchive = `${archiveArn}/`;
  return [
    { name: objects, fieldSelectors: [DATA, typed('AWS::S3::Object'), { field: 'resources.ARN', notStartsWith: [inArchive] }] },
    {
      name: 'Reads of the log archive',
      fieldSelectors: [
        DATA,
        typed('AWS::S3::Object'),
        { field: 'readOnly', equalTo: ['true'] },
        { field: 'resources.ARN', startsWith: [inArchive] },
      ],
    },
    ...others,
  ];
}
