import { join } from 'node:path';
import { CloudFormationValidatePlugin, type IPolicyValidationContext, type PolicyValidationPluginReport, Stack, Stage } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import type { Synthesis } from './synthesis';
import type { Judge, Judgement, Objection } from './verdict';

const PACKS = [AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks, ServerlessChecks];

const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

/** All five packs of cdk-nag, warnings included; a rule that throws counts as an objection. */
export function cdkNag(syntheses: readonly Synthesis[]): Judgement {
  const objections = syntheses.flatMap((synthesis) => {
    const context = contextOf(synthesis);
    return PACKS.flatMap((Pack) => objectionsOf('cdk-nag', new Pack(synthesis.app).validate(context), synthesis));
  });
  return { judge: 'cdk-nag', version: versionOf('cdk-nag'), objections };
}

/** The CDK's own CloudFormation validation, warnings included; given every template, nested stacks too. */
export function cloudFormationValidate(syntheses: readonly Synthesis[]): Judgement {
  const plugin = new CloudFormationValidatePlugin();
  const objections = syntheses.flatMap((synthesis) =>
    objectionsOf('cloudformation-validate', plugin.validate(contextOf(synthesis)), synthesis),
  );
  return { judge: 'cloudformation-validate', version: `${versionOf('aws-cdk-lib')} ${plugin.version ?? ''}`.trim(), objections };
}

function objectionsOf(judge: Judge, report: PolicyValidationPluginReport, { name, templates }: Synthesis): readonly Objection[] {
  const pathOf = (templatePath: string | undefined, logicalId: string) =>
    templates.find(({ file }) => file === templatePath)?.pathOf(logicalId);
  return report.violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath, resourceLogicalId = '', templatePath }) => ({
      judge,
      rule: ruleName,
      resource: constructPath ? `${name}/${constructPath}` : (pathOf(templatePath, resourceLogicalId) ?? resourceLogicalId),
      message: description,
    })),
  );
}

function contextOf({ app, templates }: Synthesis): IPolicyValidationContext {
  const stacks = app.node.findAll().filter((node): node is Stack => Stack.isStack(node) && !node.nested);
  return {
    appConstruct: app,
    templatePaths: templates.map(({ file }) => file),
    stackTemplates: stacks.map((stack) => ({
      templatePath: join(Stage.of(stack)?.outdir ?? '', stack.templateFile),
      stackConstructPath: stack.node.path,
      accountId: undefined,
      region: stack.region,
    })),
  };
}
