import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { globSync } from 'tinyglobby';
import { declareOrganisation, SecureStack } from '../../constructs/aws';
import { caseManagement } from '../../stacks/aws/case-management';
import { landingZone } from '../../stacks/aws/landing-zone';
import { CASE_MANAGEMENT } from '../../stacks/profile';
import { PROFILES } from '../../test/support/aws-constructs';
import { LEAST_BY_FAMILY } from '../../test/support/least';

const REGION = 'eu-central-1';

/** The judges are asked one by one, so that each is heard whatever the others say; paths name what they object to. */
const CONTEXT = { '@aws-cdk/core:validateAgainstDefaultRules': false, 'aws:cdk:enable-path-metadata': true };

/** One synthesised app. */
export interface Synthesis {
  readonly name: string;
  readonly app: App;
  /** Folder of the assembly. */
  readonly folder: string;
  /** Every template of it, nested stacks and stages too. */
  readonly templates: readonly Template[];
}

export interface Template {
  readonly file: string;
  /** `case-management/case-management.template.json`. */
  readonly name: string;
  readonly region: string;
  /** App and construct path of a logical id. */
  readonly pathOf: (logicalId: string) => string;
  readonly resources: number;
}

/** The reference environment tier by tier, and every construct with its least props. */
const APPS: Readonly<Record<string, (app: App) => unknown>> = {
  'case-management': (app) => caseManagement(app),
  'case-management-moderate': (app) =>
    caseManagement(app, {
      profile: { ...CASE_MANAGEMENT, sensitivity: 'confidential', volume: 'thousands', exposure: 'organisation' },
    }),
  'case-management-low': (app) =>
    caseManagement(app, { profile: { ...CASE_MANAGEMENT, sensitivity: 'internal', volume: 'few', exposure: 'organisation' } }),
  'landing-zone': (app) => landingZone(app),
  constructs: (app) => {
    declareOrganisation(app, 'o-exampleorgid');
    for (const [family, least] of Object.entries(LEAST_BY_FAMILY)) {
      if (Object.keys(least).length === 0) continue;
      const stack: Stack = new SecureStack(app, family, { env: { region: REGION }, profile: PROFILES.high });
      for (const [name, make] of Object.entries(least)) make(stack, name);
    }
  },
};

/** Synthesises everything that we synthesise, below `folder`. */
export function synthesiseAll(root: string, folder: string): readonly Synthesis[] {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  return Object.entries(APPS).map(([name, build]) => {
    const outdir = join(folder, name);
    const app = new App({ outdir, analyticsReporting: false, context: { ...context, ...CONTEXT } });
    build(app);
    app.synth();
    const files = globSync('**/*.template.json', { cwd: outdir, absolute: true }).sort();
    return { name, app, folder: outdir, templates: files.map((file) => templateOf(name, folder, file)) };
  });
}

function templateOf(app: string, folder: string, file: string): Template {
  const { Resources = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    Resources?: Record<string, { Metadata?: { 'aws:cdk:path'?: string } }>;
  };
  const name = relative(folder, file);
  const path = (logicalId: string) => Resources[logicalId]?.Metadata?.['aws:cdk:path'];
  return {
    file,
    name,
    region: REGION,
    resources: Object.keys(Resources).length,
    pathOf: (logicalId) => (path(logicalId) ? `${app}/${path(logicalId)}` : `${name}/${logicalId}`),
  };
}
