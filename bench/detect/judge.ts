import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { evaluate, RULES } from '../../policies';
import { gather } from '../../policies/gather';

/** What a judge found in one template, or why it refused it. */
export type Judged = { readonly found: readonly Found[] } | { readonly refused: string };

export interface Found {
  readonly rule: string;
  /** The control, where the judge is ours. */
  readonly control?: string;
  /** Logical id; empty for the whole template. */
  readonly resource: string;
  readonly verdict: 'fail' | 'unknown' | 'error';
  readonly message: string;
}

/** Our own pack, at the high tier, so that every rule has a say. */
export async function palisade(file: string): Promise<Judged> {
  try {
    const { graph } = await gather(file);
    const { findings } = evaluate(graph, { rules: RULES, tier: 'high' });
    return {
      found: findings.flatMap(({ rule, control, resource, verdict, message }) =>
        verdict === 'fail' || verdict === 'unknown' || verdict === 'error'
          ? [{ rule, control, resource: resource.logicalId, verdict, message }]
          : [],
      ),
    };
  } catch (error) {
    return { refused: oneLine(error) };
  }
}

/** cdk-nag's AwsSolutions and NIST 800-53 R5 packs on the same file. */
export function cdkNag(file: string): Judged {
  try {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'S');
    new CfnInclude(stack, 'T', { templateFile: file });
    const context = {
      appConstruct: app,
      templatePaths: [],
      stackTemplates: [{ templatePath: file, stackConstructPath: 'S', accountId: undefined, region: undefined }],
    };
    return {
      found: [AwsSolutionsChecks, NIST80053R5Checks].flatMap((Pack) =>
        new Pack(app).validate(context).violations.flatMap(({ ruleName, description, violatingResources }) =>
          violatingResources.map(({ constructPath = '' }) => ({
            rule: ruleName,
            resource: constructPath.split('/')[2] ?? '',
            verdict: description.startsWith('Rule threw an error') ? ('error' as const) : ('fail' as const),
            message: description,
          })),
        ),
      ),
    };
  } catch (error) {
    return { refused: oneLine(error) };
  }
}

const oneLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] as string;
