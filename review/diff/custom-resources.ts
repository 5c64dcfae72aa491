/** What custom resources call on AWS by themselves: policies that they put on something, and calls of which only that is known. */
import type { Resource } from '../../policies/resource';
import { canonical, type Plain, type PlainMap } from './plain';
import { asMap, asText, placeOf, type Reader, readerOf, shownAs } from './reading';
import { type Aspected, resourcesOf, type Told } from './side';

const CUSTOM = /^(Custom::|AWS::CloudFormation::CustomResource$)/;
export const isCustom = (type: string): boolean => CUSTOM.test(type);

/** What a resource calls when it is made or changed, where it says so as the custom resource of the CDK for calls of AWS does. */
export interface Called {
  readonly service: string;
  readonly action: string;
  readonly parameters: Plain;
}

export function callOf({ Create, Update }: PlainMap): Called | undefined {
  const text = Update ?? Create;
  const call = asMap(typeof text === 'string' ? parsed(text) : text);
  const [service, action] = [asText(call.service), asText(call.action)];
  return service === undefined || action === undefined ? undefined : { service, action, parameters: call.parameters ?? {} };
}

/** Parameters with the texts in them that are themselves JSON. */
export function written(value: Plain): Plain {
  if (typeof value === 'string') return /^\s*\{/.test(value) ? (parsed(value) ?? value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Plain[]).map(written);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item as Plain)]));
}

function parsed(text: string): Plain | undefined {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}

/** The resource that a call is about: the first that its parameters refer to. */
export function subjectOf(parameters: Plain, reader: Reader): Resource | undefined {
  const texts = Object.values(asMap(parameters)).filter((value): value is string => typeof value === 'string');
  return texts.flatMap((text) => (text === '' || text.startsWith('{') ? [] : (reader.referred(text) ?? [])))[0];
}

/** Calls that decide who may do what. */
const DECIDES = /polic|permission|acl|grant|publicaccess|role|share/i;
const hasStatement = (value: Plain): boolean => /"Statement"/.test(canonical(value));

/** Calls that are made otherwise than before, of which nothing else reads what they do. */
export const calls: Aspected = (before, after, pairing) => {
  const [old, now] = [readerOf(before, pairing), readerOf(after, pairing)];
  const lines: Told[] = [];
  for (const resource of resourcesOf(after)) {
    const call = isCustom(resource.type) ? callOf(now.of(resource)) : undefined;
    const other = call && pairing.other(resource);
    if (!call || !DECIDES.test(call.action) || hasStatement(written(call.parameters))) continue;
    const was = other && callOf(old.of(other));
    if (was && was.action === call.action && canonical(was.parameters) === canonical(call.parameters)) continue;
    const subject = subjectOf(call.parameters, now);
    lines.push({
      aspect: 'access',
      direction: 'undecided',
      severity: 'medium',
      sentence: `${pairing.name(resource)} newly calls ${call.service} ${call.action}${subject ? ` on ${pairing.name(subject)}` : ''}${was ? ' with other values' : ''}: read whom that lets in`,
      subject: pairing.identity(resource),
      topic: 'call',
      approver: 'security',
      evidence: [{ resource: shownAs(resource), side: 'after', ...placeOf(resource, 'Update'), saw: call.action }],
      causes: [{ resource: pairing.identity(resource) }],
    });
  }
  return lines;
};
