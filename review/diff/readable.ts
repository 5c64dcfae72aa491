/**
 * What a person reads: without holes. A part of a text that only deployment tells, `${Bucket.Arn}` inside, is called by the name of what
 * it refers to, or by what is missing.
 */
import type { ReviewChange, ReviewEvidence } from '../schema-review';
import { type Pairing, resourcesOf, type Side } from './side';

const HOLE = /\$\{((?:[^{}]|\$?\{[^{}]*\})*)\}/;
/** A text without spaces, but for those in holes. */
const TOKEN = /(?:[^\s"“”',;()${}]|\$\{(?:[^{}]|\$?\{[^{}]*\})*\}|\$(?!\{))+/g;
/** What a policy fills in when somebody asks: `aws:PrincipalTag/team`. */
const VARIABLE = /^[\w.-]+:[\w./-]+$/;

const KNOWN: Readonly<Record<string, string>> = {
  secret: 'a secret',
  'AWS::AccountId': 'the account',
  'AWS::Partition': 'aws',
  'AWS::Region': 'the region',
  'AWS::StackName': 'the name of the stack',
};

/** Makes the texts of changes readable, by the names of both sides. */
export function readable(before: Side, after: Side, pairing: Pairing): (change: ReviewChange) => ReviewChange {
  let names: ReadonlyMap<string, string> | undefined;
  const nameOf = (hole: string): string | undefined => {
    names ??= namesIn([before, after], pairing);
    return names.get(hole) ?? names.get(hole.replace(/\.[\w.]+$/, ''));
  };
  const words = (text: string): string => (text.includes('${') ? inWords(text, nameOf) : text);
  const evidence = (one: ReviewEvidence): ReviewEvidence => ({
    ...one,
    resource: words(one.resource),
    ...(one.saw === undefined ? {} : { saw: words(one.saw) }),
    ...(one.chain === undefined ? {} : { chain: one.chain.map(words) }),
  });
  return (change) => ({ ...change, sentence: words(change.sentence), evidence: change.evidence.map(evidence) });
}

function namesIn(sides: readonly Side[], pairing: Pairing): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const side of sides)
    for (const resource of resourcesOf(side))
      for (const id of [resource.id, pairing.identity(resource)]) names.set(id, pairing.name(resource));
  return names;
}

type NameOf = (hole: string) => string | undefined;

/** The text with every hole in words. */
export function inWords(text: string, nameOf: NameOf): string {
  return text.replaceAll(TOKEN, (token) => (token.includes('${') ? tokenInWords(token, nameOf) : token));
}

function tokenInWords(token: string, nameOf: NameOf): string {
  const found = HOLE.exec(token);
  if (!found) return token;
  const [hole, inside = ''] = found;
  const [start, rest] = [token.slice(0, found.index), token.slice(found.index + hole.length)];
  const name = nameOf(inside);
  // What is said of everything in it, and of its ARN, is said of it.
  if (name !== undefined && (start === '' || start.startsWith('arn:')))
    return name + inWords(rest.replace(/^[/:]\*$/, '').replace(/^\/(?=.)/, ': '), nameOf);
  if (start === '' && /^([.:]|\*|$)/.test(rest)) return described(inside, nameOf) + rest.replace(/^\*$/, '');
  const middle = name ?? (VARIABLE.test(inside) ? `{${inside}}` : start.startsWith('/') ? '…' : inBrackets(described(inside, nameOf)));
  return start + middle + (rest.includes('${') ? tokenInWords(rest, nameOf) : rest);
}

const inBrackets = (text: string): string => (text.endsWith(')') ? text : `(${text})`);

function described(hole: string, nameOf: NameOf): string {
  if (Object.hasOwn(KNOWN, hole)) return KNOWN[hole] as string;
  if (VARIABLE.test(hole)) return `{${hole}}`;
  const words = inWords(hole, nameOf);
  return words.startsWith('the export ') ? `${words} of a stack that is not in the input` : words;
}
