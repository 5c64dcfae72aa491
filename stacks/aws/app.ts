/** The CDK app of the AWS stacks: `npx cdk synth`. Writes to `CDK_OUTDIR` when that is set. */
import { App } from 'aws-cdk-lib';
import { caseManagement } from './case-management';
import { landingZone } from './landing-zone';

const app = new App();

/** A setting from the context: `-c region=eu-west-1`, or `context` in cdk.json. */
const setting = <K extends string>(name: K): { [key in K]?: string } => {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined ? {} : ({ [name]: String(value) } as { [key in K]?: string });
};

/** Both, or none: a network with one of them is of no use. */
const { s3PrefixList, dynamodbPrefixList } = { ...setting('s3PrefixList'), ...setting('dynamodbPrefixList') };

caseManagement(app, {
  ...setting('region'),
  ...setting('account'),
  ...setting('organisationId'),
  ...setting('recoveryVaultArn'),
  ...setting('origin'),
  ...setting('samlMetadataUrl'),
  ...setting('securityMailbox'),
  ...(s3PrefixList && dynamodbPrefixList ? { prefixLists: { s3: s3PrefixList, dynamodb: dynamodbPrefixList } } : {}),
});
// Settings of both environments, as docs/aws/landing-zone.md lists them: JSON, or an object in cdk.json.
landingZone(app, app.node.tryGetContext('landingZone'));
app.synth();
