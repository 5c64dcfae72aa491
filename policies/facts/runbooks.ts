/** Automation documents of Systems Manager: what a runbook does, and in which order. */
import type { Resource } from '../resource';
import type { Value } from '../value';

export const DOCUMENT = 'AWS::SSM::Document';

/** Something that a step of a runbook does, in any of the forms in which it can be written. */
export interface Deed {
  /** Calls of the API, as AWS names them; one is enough. */
  readonly calls: readonly string[];
  /** An input that the call has to carry: `ModifyInstanceAttribute` isolates a host only where it names groups. */
  readonly input?: string;
  /** Runbooks of AWS that do it, when they are run as a step. */
  readonly runbooks?: readonly string[];
}

export const ISOLATES_HOST: Deed = {
  calls: ['ModifyNetworkInterfaceAttribute', 'ModifyInstanceAttribute'],
  input: 'Groups',
  runbooks: ['AWSSupport-ContainEC2Instance'],
};
export const FREEZES_IDENTITY: Deed = {
  calls: ['AttachRolePolicy', 'AttachUserPolicy', 'PutRolePolicy', 'PutUserPolicy'],
  runbooks: ['AWSSupport-ContainIAMPrincipal'],
};
export const DISABLES_KEY: Deed = { calls: ['UpdateAccessKey', 'DeleteAccessKey'] };
export const TAKES_SNAPSHOT: Deed = { calls: ['CreateSnapshots', 'CreateSnapshot', 'CreateImage'] };
export const LOCKS_SNAPSHOT: Deed = { calls: ['LockSnapshot'] };

/** A document that Systems Manager runs against the API, not on a host. */
export const isRunbook = (document: Resource) => document.at('DocumentType').is('Automation');

/** The content as a map; a text in another notation than JSON stays a text. */
export const contentOf = (document: Resource): Value => document.at('Content').json();

/** The steps in the order in which they are written; those of a loop stand in its place. */
export const stepsOf = (document: Resource): readonly Value[] => flattened(contentOf(document).at('mainSteps'));

const flattened = (steps: Value): readonly Value[] =>
  steps.items().flatMap((step) => {
    const inner = step.at('inputs.Steps');
    return inner.isList ? flattened(inner) : [step];
  });

/** Where the deed is first done: the index of its step, or of the text; -1 where it is not. */
export function whenDone(document: Resource, deed: Deed): number {
  const content = contentOf(document);
  if (content.string !== undefined) return inText(content.string, deed);
  return stepsOf(document).findIndex((step) => does(step, deed));
}

function does(step: Value, { calls, input, runbooks = [] }: Deed): boolean {
  const inputs = step.at('inputs');
  if (calls.includes(inputs.at('Api').string ?? '')) return input === undefined || inputs.at(input).isSet().verdict !== 'fail';
  const run = inputs.at('DocumentName').string;
  if (run !== undefined) return runbooks.includes(run);
  const script = inputs.at('Script').shape;
  return (
    script !== undefined && calls.some((call) => script.includes(`${snake(call)}(`)) && (input === undefined || script.includes(input))
  );
}

/** YAML as text is not read; the words that matter stand in it as they are. */
function inText(text: string, { calls, input, runbooks = [] }: Deed): number {
  const found = text.search(new RegExp(`\\b(${[...calls, ...calls.map(snake), ...runbooks].join('|')})\\b`));
  return found >= 0 && (input === undefined || text.includes(input) || runbooks.some((name) => text.includes(name))) ? found : -1;
}

/** As the SDK for Python writes it: `create_snapshots`. */
const snake = (call: string): string => call.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
