/** The CDK app of the AWS stacks: `npx cdk synth`. Writes to `CDK_OUTDIR` when that is set. */
import { App } from 'aws-cdk-lib';
import { caseManagement } from './case-management';

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
app.synth();
