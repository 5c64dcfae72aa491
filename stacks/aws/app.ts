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

caseManagement(app, {
  ...setting('region'),
  ...setting('account'),
  ...setting('organisationId'),
  ...setting('recoveryVaultArn'),
  ...setting('origin'),
  ...setting('samlMetadataUrl'),
  ...setting('securityMailbox'),
});
// Settings of both environments, as docs/aws/landing-zone.md lists them: JSON, or an object in cdk.json.
landingZone(app, app.node.tryGetContext('landingZone'));
app.synth();
