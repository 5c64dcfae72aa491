/** Secrets that deployments show: in outputs, which stay in their history, and keys of stores in the settings of apps. */
import { SETTING_TYPES, settingsOf } from '../../../policies/facts/azure-credentials';
import { type Origin, originOf } from '../../../policies/gather/arm/origins';
import { type ShownSecret, secretsShownIn } from '../../../policies/gather/arm/outputs';
import { type Node, Reference, Text } from '../../../policies/node';
import type { Resource } from '../../../policies/resource';
import { tokenOf } from '../guards/azure-places';
import { kindOf } from '../pairing';
import { resourcesOf, type Side, type Told } from '../side';
import type { Estate } from './estate';
import { lineAbout } from './lines';

/** What is shown now and was not, and the other way round. */
export function outputChanges(before: Side, after: Side, old: Estate, now: Estate): readonly Told[] {
  const [was, is] = [shownIn(before, old), shownIn(after, now)];
  return [
    ...[...is.values()].filter(({ key }) => !was.has(key)).map((one) => told(one, true)),
    ...[...was.values()].filter(({ key }) => !is.has(key)).map((one) => told(one, false)),
    ...settingKeys(after, now),
  ];
}

// ── Outputs ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Shown {
  readonly key: string;
  readonly what: string;
  readonly of: ShownSecret;
  readonly subject: string | undefined;
  readonly side: Side['which'];
}

/** By what is shown and where: the name of an output does not matter. */
function shownIn(side: Side, estate: Estate): ReadonlyMap<string, Shown> {
  const found = new Map<string, Shown>();
  for (const { graph } of side.targets)
    for (const of of secretsShownIn(graph)) {
      const { subject, what } = secretOf(of.origin, estate);
      const key = [...of.deployment, subject ?? '', what].join(' ');
      if (!found.has(key)) found.set(key, { key, what, of, subject, side: side.which });
    }
  return found;
}

function told({ key, of, side, subject, what }: Shown, gained: boolean): Told {
  const where = of.deployment.length === 0 ? 'the deployment' : `the deployment ${of.deployment.join('/')}`;
  const rest = gained ? `show ${what} now: whoever may read the history of deployments reads it` : `no longer show ${what}`;
  return {
    aspect: 'access',
    direction: gained ? 'weaker' : 'stronger',
    severity: gained ? 'high' : 'low',
    sentence: `the outputs of ${where} ${rest}`,
    subject: subject ?? `outputs ${key}`,
    topic: `outputs ${key}`,
    ...(gained ? { approver: 'security' as const } : {}),
    evidence: [
      {
        resource: [...of.deployment, 'outputs', of.name].join('/'),
        side,
        location: { file: of.file, ...(of.line === undefined ? {} : { line: of.line }) },
        saw: `the output ${of.name}`,
      },
    ],
  };
}

// ── What a secret is ───────────────────────────────────────────────────────────────────────────────────────────────

function secretOf(origin: Origin | undefined, estate: Estate): { readonly what: string; readonly subject?: string } {
  if (origin === undefined) return { what: 'a secret' };
  if ('parameter' in origin) return { what: `the secret that the parameter ${origin.parameter} takes` };
  const asked = origin.of();
  const resource = resourceOf(asked, estate);
  const name = resource ? estate.pairing.name(resource) : nameOf(asked);
  const what = SECRETS.find(([call]) => call.test(origin.call))?.[1] ?? 'a secret';
  return { what: `${what} of ${name}`, ...(resource ? { subject: estate.pairing.identity(resource) } : {}) };
}

/** What functions of Azure list, by how they are called. */
const SECRETS: readonly (readonly [call: RegExp, what: string])[] = [
  [/sas$/i, 'a shared access signature'],
  [/callbackurl/i, 'an address that starts it without asking who calls,'],
  [/connectionstrings?$/i, 'a connection string'],
  [/credentials?$/i, 'credentials'],
  [/keys?$/i, 'a key'],
];

function resourceOf(asked: Node | undefined, estate: Estate): Resource | undefined {
  if (asked instanceof Reference) return estate.resource(asked.target);
  // An id in which only the subscription and the group are open.
  const [first] = asked instanceof Text ? asked.parts : [];
  return first instanceof Reference && asked instanceof Text && asked.parts.length === 1 ? estate.resource(first.target) : undefined;
}

function nameOf(asked: Node | undefined): string {
  const id = textOf(asked);
  const name = id?.slice(id.lastIndexOf('/') + 1);
  if (id === undefined || name === undefined || name === '') return 'what only deployment tells';
  const type = tokenOf(id);
  return type === undefined ? name : `the ${kindOf(type)} ${name}`;
}

const textOf = (node: Node | undefined): string | undefined =>
  typeof node === 'string'
    ? node
    : node instanceof Text
      ? node.parts.map((part) => (typeof part === 'string' ? part : '-')).join('')
      : undefined;

// ── Settings ───────────────────────────────────────────────────────────────────────────────────────────────────────

const HOLDS_SETTINGS = new Set(SETTING_TYPES);

/** Settings of what was there before that hold keys now, and held none of the same before. */
function* settingKeys(after: Side, estate: Estate): Iterable<Told> {
  for (const resource of resourcesOf(after)) {
    const other = HOLDS_SETTINGS.has(resource.type) ? estate.pairing.other(resource) : undefined;
    if (!other) continue;
    const held = new Set(keysIn(other, estate).map(({ what }) => what));
    for (const { name, path, what } of keysIn(resource, estate))
      if (!held.has(what))
        yield lineAbout(resource, estate, {
          direction: 'weaker',
          severity: 'high',
          sentence: `${estate.pairing.name(resource)}: its setting ${name} holds ${what} now: whoever may read the settings of the app reads it`,
          path,
          saw: `the setting ${name}`,
        });
  }
}

/** The keys that functions of the template list into settings, once each. */
function keysIn(resource: Resource, estate: Estate): readonly { readonly name: string; readonly path: string; readonly what: string }[] {
  const found = new Map<string, { readonly name: string; readonly path: string; readonly what: string }>();
  for (const [name, value] of settingsOf(resource)) {
    for (const secret of value.secrets) {
      const origin = originOf(secret);
      if (origin === undefined || 'parameter' in origin) continue;
      const { what } = secretOf(origin, estate);
      if (!found.has(what)) found.set(what, { name, path: value.path, what });
    }
  }
  return [...found.values()];
}
