/** The words of access on AWS: verbs and how grave they are, what can be done with what, in as few words as say it. */
import { SEVERITIES, type Severity } from '../../controls';
import { servicesIn } from './access/action-sets';
import { VERBS, type Verb } from './access/actions';
import { type AccessChange, actionNames } from './access/compare';
import type { Step } from './access-chains/model';

const VERB_SEVERITY: Readonly<Record<Verb, Severity>> = {
  list: 'low',
  read: 'medium',
  write: 'medium',
  delete: 'high',
  decrypt: 'high',
  export: 'high',
  administer: 'critical',
};
/** Things that are named in one sentence. */
export const MOST_NAMED = 3;

/** What can be done with one thing, and the steps that it takes. */
export interface Doing {
  readonly what: string;
  readonly verbs: readonly Verb[];
  readonly steps: readonly Step[];
  readonly condition: string;
  /** The statement that says so at the end of the steps. */
  readonly at: string;
}

/** Names of the references in a text for people. */
export const shownHoles = (text: string): readonly string[] => [...text.matchAll(/\$\{([^}]+)\}/g)].flatMap(([, name]) => name ?? []);

const heaviest = (verbs: readonly Verb[]): number => Math.max(-1, ...verbs.map((verb) => SEVERITIES.indexOf(VERB_SEVERITY[verb])));

export function severityOf(verbs: readonly Verb[], resource: string): Severity {
  const rank = heaviest(verbs) + (resource === '*' ? 1 : 0);
  return SEVERITIES[Math.min(rank, SEVERITIES.length - 1)] as Severity;
}

/** What is reached counts as well as what is granted. */
export const heavier = (severity: Severity, through: readonly Doing[]): Severity =>
  SEVERITIES[
    Math.max(
      SEVERITIES.indexOf(severity),
      ...through.map(({ verbs, what }) => SEVERITIES.indexOf(severityOf(verbs, what === 'everything' ? '*' : what))),
    )
  ] as Severity;

/** One for each thing, with every verb and the shortest steps; the heaviest first, then what takes fewer steps. */
export function merged(doings: readonly Doing[]): readonly Doing[] {
  const found = new Map<string, Doing>();
  for (const one of doings) {
    const known = found.get(one.what);
    const together = new Set([...(known?.verbs ?? []), ...one.verbs]);
    const best = known && shorter(known, one) <= 0 ? known : one;
    found.set(one.what, { ...best, verbs: VERBS.filter((verb) => together.has(verb)) });
  }
  const everything = found.get('everything');
  const besides = [...found.values()].filter((one) => one === everything || !one.verbs.every((verb) => everything?.verbs.includes(verb)));
  return besides.sort((a, b) => heaviest(b.verbs) - heaviest(a.verbs) || shorter(a, b) || (a.what < b.what ? -1 : 1));
}

/** By steps, then by what is asked for. */
const shorter = (a: Doing, b: Doing): number =>
  a.steps.length - b.steps.length ||
  (a.condition === b.condition ? 0 : a.condition.length - b.condition.length || (a.condition < b.condition ? -1 : 1));

export const wordsOf = ({ verbs, what }: Doing): string => `${listed(verbs)} ${what}`;

/** The gravest, and how many more there are. */
export function few(doings: readonly Doing[], between: string): string {
  const more = doings.length - MOST_NAMED;
  return [...doings.slice(0, MOST_NAMED).map(wordsOf), ...(more > 0 ? [`${more} more`] : [])].join(between);
}

/**
 * What every workload does to tell about itself, which takes no resource or its own: it lets nobody see, change or end anything. The
 * service reference lists no resources for PutMetricData, for X-Ray's segments or for the token of a registry.
 */
const TELLS =
  /^(cloudwatch:PutMetricData|xray:(PutTraceSegments|PutTelemetryRecords|GetSampling(Rules|Targets|StatisticSummaries))|logs:(CreateLogGroup|CreateLogStream|PutLogEvents)|ecr:GetAuthorizationToken|sts:GetCallerIdentity)$/;
const MOST_TELLING = 12;

/** Whether all that is granted is to tell about oneself. */
export const onlyTells = (change: AccessChange): boolean => besidesTelling(change)?.length === 0;

/** What is granted besides telling about oneself; undefined where that is nothing at all, or too much to name. */
export function besidesTelling(change: AccessChange): readonly string[] | undefined {
  const names = actionNames(change, MOST_TELLING + 1);
  return names.length > 0 && names.length <= MOST_TELLING ? names.filter((name) => !TELLS.test(name)) : undefined;
}

/** What AWS wrote for a service to run a workload with: interfaces in its network, its image, its log. */
const RUNS =
  /^the AWS managed policy (service-role\/)?(AWSLambdaBasicExecutionRole|AWSLambdaVPCAccessExecutionRole|AWSLambdaENIManagementAccess|AmazonECSTaskExecutionRolePolicy)(?![\w/])/;

/** Whether what is granted comes by a policy that a workload needs to run at all. */
export const onlyRuns = ({ at }: AccessChange): boolean => RUNS.test(at);

/** As many actions as are named in a sentence. */
const FEW = 2;
const BECOMES = new Set(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']);

/** Whether all that is granted is to become somebody. */
export function onlyBecomes(change: AccessChange): boolean {
  const names = actionNames(change, BECOMES.size + 1);
  return names.includes('sts:AssumeRole') && names.every((name) => BECOMES.has(name));
}

/** What single actions are called, where the verb alone would say something else. */
const DOES: Readonly<Record<string, string>> = {
  'lambda:InvokeFunction': 'invoke',
  'lambda:InvokeFunctionUrl': 'invoke',
  'lambda:InvokeAsync': 'invoke',
  'execute-api:Invoke': 'call',
  'bedrock:InvokeModel': 'invoke',
  'bedrock:InvokeModelWithResponseStream': 'invoke',
  'sagemaker:InvokeEndpoint': 'invoke',
  'sagemaker:InvokeEndpointAsync': 'invoke',
  'states:StartExecution': 'start',
  'states:StartSyncExecution': 'start',
  'logs:PutRetentionPolicy': 'say how long to keep',
  'logs:DeleteRetentionPolicy': 'say how long to keep',
  'ssm:StartSession': 'open a session on',
  'ssm:ResumeSession': 'open a session on',
  'ecs:ExecuteCommand': 'run commands in',
  'sns:Subscribe': 'subscribe to',
  'iot:Subscribe': 'subscribe to',
  'iot:Receive': 'receive from',
  'sns:Publish': 'publish to',
  'iot:Publish': 'publish to',
  'sqs:SendMessage': 'send to',
  'sqs:ReceiveMessage': 'receive from',
  'events:PutEvents': 'send events to',
  'kinesis:PutRecord': 'send to',
  'kinesis:PutRecords': 'send to',
  'firehose:PutRecord': 'send to',
  'firehose:PutRecordBatch': 'send to',
};

/** What is done, in a word of its own where all that is done has the same one. */
export function doingWords(change: AccessChange): string {
  const names = actionNames(change, FEW + 1);
  const words = new Set(names.map((name) => DOES[name]));
  const [only] = words;
  return names.length > 0 && names.length <= FEW && words.size === 1 && only !== undefined ? only : listed(change.verbs);
}

/** A few actions are named; of many, the verbs say enough, and the services where everything is of few. */
export function actions(change: AccessChange, what: string): string {
  const names = actionNames(change, FEW + 1);
  if (names.length > 0 && names.length <= FEW) return ` (${names.join(', ')})`;
  const services = what === 'everything' ? servicesIn(change.actions) : undefined;
  return services && services.length <= FEW + 1 ? ` in ${listed(services)}` : '';
}

/** What AWS wrote is named: its name says more than its statements. */
export const byAws = ({ at }: AccessChange): string => {
  const [named] = /^the AWS managed policy [^\s,]+/.exec(at) ?? [];
  return named === undefined ? '' : `, by ${named}`;
};

/** `read, write and delete`. */
export const listed = (verbs: readonly string[]): string =>
  verbs.length < 2 ? (verbs[0] ?? '') : `${verbs.slice(0, -1).join(', ')} and ${verbs[verbs.length - 1]}`;
