import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { SecureStack } from '../constructs/aws';
import { PROFILES } from './support/aws-constructs';
import { LEAST_BY_FAMILY } from './support/least';
import { CHECK_DAY } from './support/relaxation';

/** All families in one app: the validation loads its schemas once for all types. */
describe("the CDK's own validation of templates", () => {
  it('finds no error in any construct with its least props', () => {
    const app = new App({ context: { 'palisade:today': CHECK_DAY } });
    for (const [family, least] of Object.entries(LEAST_BY_FAMILY)) {
      if (Object.keys(least).length === 0) continue;
      const stack = new SecureStack(app, family, { env: { region: 'eu-central-1' }, profile: PROFILES.high });
      for (const [name, make] of Object.entries(least)) make(stack, name);
    }
    const assembly = app.synth();
    const plugin = new CloudFormationValidatePlugin();
    const { violations } = plugin.validate({
      appConstruct: app,
      templatePaths: assembly.stacks.map(({ templateFullPath }) => templateFullPath),
      stackTemplates: assembly.stacks.map(({ hierarchicalId, templateFullPath, environment }) => ({
        stackConstructPath: hierarchicalId,
        templatePath: templateFullPath,
        accountId: undefined,
        region: environment.region,
      })),
    });
    expect(assembly.stacks.length).toBeGreaterThan(10);
    expect(
      violations
        .filter(({ severity }) => severity === 'error')
        .map(
          ({ ruleName, description, violatingResources }) =>
            `${ruleName} ${description} ${violatingResources.map((r) => r.resourceLogicalId).join(', ')}`,
        ),
    ).toEqual([]);
  });
});
