import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './source';
import { GatherError, type Gathered, type TargetKind } from './target';

export { GatherError, type Gathered, type TargetKind } from './target';

export interface GatherOptions {
  /** Pulumi stack whose configuration is used. @default the only `Pulumi.<stack>.yaml`, else `dev` */
  readonly stack?: string | undefined;
  /** Answers for a Pulumi program: results of functions, outputs of other stacks (see `readAnswers`). @default both unknown */
  readonly answers?: string | undefined;
  /** Seconds that a Pulumi program may run. @default 60 */
  readonly timeoutSeconds?: number | undefined;
}

/** The stacks of a Pulumi program by name; of anything else, none. */
export async function stacksOf(path: string): Promise<readonly string[]> {
  if (!existsSync(path) || !statSync(path).isDirectory() || detect(path) !== 'pulumi-program') return [];
  return (await import('./pulumi/project.js')).stacksOf(path);
}

/** What a path is, from its content; never run, except a Pulumi program. */
export function detect(path: string): TargetKind {
  if (!existsSync(path) || !statSync(path).isDirectory()) return kindOfText(readText(path));
  if (existsSync(join(path, 'manifest.json'))) return 'cdk-assembly';
  if (existsSync(join(path, 'Pulumi.yaml')) || existsSync(join(path, 'Pulumi.yml'))) return 'pulumi-program';
  throw new GatherError('is neither a cdk.out folder (no manifest.json) nor a Pulumi program (no Pulumi.yaml)', path);
}

/** Tells the formats apart by words that each of them must contain. What is nothing else is read as CloudFormation, which says what is wrong with it. */
export function kindOfText(text: string): TargetKind {
  const start = text.trimStart();
  if (!/^[{/[]/.test(start)) return 'cloudformation';
  // A program may deploy a template, which then stands in its preview.
  if (/"urn"\s*:\s*"urn:pulumi:/.test(text)) return 'pulumi-preview';
  if (/"\$schema"\s*:\s*"[^"]*(deploymentTemplate|schema\.management\.azure\.com)/i.test(text)) return 'arm';
  if (/"deployment"\s*:\s*\{/.test(text)) return 'pulumi-preview';
  if (!/"Resources"\s*:/.test(text) && /"type"\s*:\s*"Microsoft\./i.test(text)) return 'arm';
  return 'cloudformation';
}

/**
 * Reads one target. Each gatherer is loaded only when it is needed.
 * @throws GatherError one line that says where, what and what to do
 */
export async function gather(path: string, options: GatherOptions = {}): Promise<Gathered> {
  switch (detect(path)) {
    case 'cdk-assembly':
      return (await import('./assembly.js')).gatherAssembly(path);
    case 'pulumi-program':
      return (await import('./pulumi.js')).gatherPulumiProgram(path, options);
    case 'pulumi-preview':
      return (await import('./preview.js')).gatherPreview(path);
    case 'arm':
      return (await import('./arm.js')).gatherArm(path);
    case 'cloudformation':
      return (await import('./template.js')).gatherTemplate(path);
  }
}
