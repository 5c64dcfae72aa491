/** What policies of Azure demand, of what, and what exempts from them: compared by what is in force in the end. */
import type { Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import { estatesOf } from '../access-azure/estate';
import type { Scope } from '../access-azure/grant';
import { scopeCovers } from '../access-azure/regions';
import { completeDeployments } from '../data/azure-deployments';
import { staysUnmanaged } from '../data/parts';
import type { Plain } from '../plain';
import { asText, placeOf, readerOf, shownAs, valueAt } from '../reading';
import type { Aspected, Pairing, Side, Told } from '../side';
import { AzurePlaces, foreignIn } from './azure-places';
import { usesCompared } from './azure-policies/changes';
import { selectorsCompared } from './azure-policies/selectors';
import { ASSIGNMENT, Policies, SETS, strengthOf, type Use } from './azure-policies/uses';
import { except, type Guard, ladder, meaning, place, type Said, turned } from './parts';
import { unordered } from './patterns';

const STACKS = /^azure-native:resources:DeploymentStackAt\w+$/;
const BLUEPRINT = /^azure-native:blueprint:Assignment$/;
const LEFT = ['delete', 'detach'] as const;

export const AZURE_POLICIES: readonly Guard[] = [
  // What it demands is compared below, together with the policies that it names.
  { on: /^azure-native:authorization:PolicyAssignment$/, aspect: 'controls' },
  {
    on: /^azure-native:authorization:PolicyExemption$/,
    aspect: 'controls',
    severity: 'high',
    silences: 'a policy is not asked of its scope',
    when: isInForce,
    parts: [
      meaning('expiresOn', (before, after) => ends(asText(before.expiresOn), asText(after.expiresOn))),
      ladder('exemptionCategory', 'why it exempts', ['Waiver', 'Mitigated'], ''),
      meaning('resourceSelectors', (before, after) =>
        selectorsCompared(before.resourceSelectors, after.resourceSelectors, 'what it exempts'),
      ),
      meaning('policyDefinitionReferenceIds', (before, after) =>
        referencesCompared(listOf(before.policyDefinitionReferenceIds), listOf(after.policyDefinitionReferenceIds)),
      ),
      place('policyAssignmentId', 'which assignment it exempts from'),
      place('scope', 'what it exempts'),
    ],
  },
  {
    on: STACKS,
    aspect: 'data',
    severity: 'high',
    parts: [
      ladder('actionOnUnmanage.resources', 'what becomes of resources that leave the stack', LEFT, 'detach'),
      ladder('actionOnUnmanage.resourceGroups', 'what becomes of resource groups that leave the stack', LEFT, 'detach'),
    ],
  },
  {
    on: STACKS,
    aspect: 'access',
    severity: 'high',
    parts: [
      turned(
        'denySettings.applyToChildScopes',
        (stack) =>
          /^deny/i.test(String(valueAt(stack, 'denySettings.mode') ?? ''))
            ? String(valueAt(stack, 'denySettings.applyToChildScopes') ?? 'false') === 'true'
            : undefined,
        'what it refuses is no longer refused for what stands inside of its resources',
        'what it refuses is refused for what stands inside of its resources as well',
      ),
    ],
  },
  {
    on: BLUEPRINT,
    aspect: 'controls',
    severity: 'high',
    ends: 'what it locked is not locked any more',
    parts: [
      ladder('locks.mode', 'what it locks', ['None', 'AllResourcesDoNotDelete', 'AllResourcesReadOnly'], 'None'),
      except('locks.excludedPrincipals', 'who gets past its lock', asText),
      except('locks.excludedActions', 'what gets past its lock', asText),
    ],
  },
];

/** One that has ended exempts from nothing. */
function isInForce(exemption: Plain, today: Date): boolean {
  const end = Date.parse(asText(valueAt(exemption, 'expiresOn')) ?? '');
  return Number.isNaN(end) || end > today.getTime();
}

const listOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;

function ends(old: string | undefined, now: string | undefined): readonly Said[] {
  const [was, is] = [old, now].map((text) => (text === undefined || text === '' ? Number.POSITIVE_INFINITY : Date.parse(text))) as [
    number,
    number,
  ];
  if (was === is || old === now) return [];
  const said = (text: string | undefined): string => (text === undefined || text === '' ? 'without end' : `until ${text.slice(0, 10)}`);
  if (Number.isNaN(was) || Number.isNaN(is)) return [{ direction: 'undecided', words: 'when it ends is decided on deployment' }];
  return [{ direction: is > was ? 'weaker' : 'stronger', words: `it exempts ${said(now)} instead of ${said(old)}` }];
}

/** Without a list, all policies of the assignment. */
function referencesCompared(old: readonly string[] | undefined, now: readonly string[] | undefined): readonly Said[] {
  if (old === now) return [];
  if (!now) return [{ direction: 'weaker', words: 'it exempts from every policy of the assignment' }];
  if (!old) return [{ direction: 'stronger', words: `it exempts only from ${[...now].sort().join(', ')}` }];
  const [come, gone] = [now.filter((one) => !old.includes(one)), old.filter((one) => !now.includes(one))].map((list) =>
    list.sort().join(', '),
  );
  return [
    ...(come ? [{ direction: 'weaker' as const, words: `it exempts from ${come} as well` }] : []),
    ...(gone ? [{ direction: 'stronger' as const, words: `it no longer exempts from ${gone}` }] : []),
  ];
}

// ── What is in force ───────────────────────────────────────────────────────────────────────────────────────────────

/** Policies that ask less, of less, or nothing any more. */
export const azurePolicies: Aspected = (before, after, pairing) => {
  const estates = estatesOf(before, after, pairing);
  const [of, foreign] = [(side: Side) => readerOf(side, pairing), foreignIn(before, after)];
  const old = new Policies(before, of(before), estates.before, new AzurePlaces(before, of(before), foreign));
  const now = new Policies(after, of(after), estates.after, new AzurePlaces(after, of(after), foreign));
  if (old.all.length === 0 && now.all.length === 0) return [];
  const comparison = new Comparison(old, now, pairing, completeDeployments(after));
  return [...comparison.lines()];
};

/** What it says besides what people read. */
const BESIDE = new Set(['displayName', 'description', 'metadata', 'nonComplianceMessages']);
const GENTLE = 2;

class Comparison {
  readonly #told = new Map<string, Told>();

  constructor(
    readonly old: Policies,
    readonly now: Policies,
    readonly pairing: Pairing,
    readonly isDeleted: (resource: Resource) => boolean,
  ) {}

  lines(): readonly Told[] {
    for (const root of this.old.all) {
      const other = this.pairing.other(root);
      if (other) this.#pair(root, other);
      else if (root.type === ASSIGNMENT) this.#gone(root);
    }
    for (const root of this.now.all)
      if (root.type === ASSIGNMENT && !this.pairing.other(root) && !this.#isElsewhere(root, this.now, this.old))
        this.#add(root, { direction: 'stronger', words: 'is new' }, 'low');
    return [...this.#told.values()];
  }

  #pair(before: Resource, after: Resource): void {
    if (before.type === ASSIGNMENT)
      for (const said of [...this.#places(before, after), ...this.#identity(before, after)]) this.#add(after, said, 'high');
    // What something asks for is compared as that has it.
    if (before.type !== ASSIGNMENT && this.old.isUsed(before) && this.now.isUsed(after)) return;
    const [was, is] = [[...this.old.usesOf(before)], [...this.now.usesOf(after)]];
    const pairs = paired(was, is);
    for (const [use, other] of pairs) for (const said of usesCompared(use, other)) this.#use(use, other, after, said);
    const [lost, come] = [was.filter((use) => !pairs.has(use)), is.filter((use) => ![...pairs.values()].includes(use))];
    for (const use of lost) {
      if (
        strengthOf(use.effect) === 0 ||
        come.some((other) => isAsMuch(use, other)) ||
        this.#coveredElsewhere(before, use, this.old, this.now)
      )
        continue;
      const [instead] = come;
      const words =
        was.length === 1 && is.length === 1 && instead
          ? `what it demands: ${instead.name} instead of ${use.name}`
          : `it no longer demands ${use.name}`;
      this.#use(use, instead ?? use, after, { direction: 'weaker', words, path: 'policyDefinitions' });
    }
    if (was.length < is.length || (lost.length === 0 && come.length > 0))
      for (const use of come)
        this.#use(use, use, after, { direction: 'stronger', words: `it demands ${use.name} as well`, path: 'policyDefinitions' });
  }

  #gone(assignment: Resource): void {
    if (this.#isElsewhere(assignment, this.old, this.now)) return;
    const left = this.old.usesOf(assignment).filter((use) => strengthOf(use.effect) !== 0);
    if (left.length === 0) return;
    const end = 'what it demanded is not demanded any more';
    if (staysUnmanaged(assignment) && !this.isDeleted(assignment))
      this.#add(
        assignment,
        { direction: 'weaker', words: `is no longer in the template and stays, unmanaged: when somebody deletes it, ${end}` },
        'medium',
      );
    else this.#add(assignment, { direction: 'weaker', words: `is gone: ${end}` }, 'high');
  }

  /** Whether another assignment asks for all of it, of all that it was asked of. */
  #isElsewhere(assignment: Resource, here: Policies, there: Policies): boolean {
    const uses = here.usesOf(assignment);
    return uses.length > 0 && uses.every((use) => this.#coveredElsewhere(assignment, use, here, there));
  }

  #coveredElsewhere(root: Resource, use: Use, here: Policies, there: Policies): boolean {
    if (root.type !== ASSIGNMENT) return false;
    const scope = here.estate.scope(root.at('scope'), root);
    return there.assigned(use.id).some(({ assignment, use: other }) => {
      const narrowed = leftOut(assignment, there).some((one) => !leftOut(root, here).some((known) => scopeCovers(known, one)));
      return (
        !narrowed &&
        isEnforced(assignment) >= isEnforced(root) &&
        isAsMuch(use, other) &&
        scopeCovers(there.estate.scope(assignment.at('scope'), assignment), scope) &&
        unordered(there.reader.of(assignment).resourceSelectors ?? []) === unordered(here.reader.of(root).resourceSelectors ?? [])
      );
    });
  }

  /** What deploys or changes does so as its identity. */
  *#identity(before: Resource, after: Resource): Iterable<Said> {
    const [was, is] = [this.old.reader.of(before), this.now.reader.of(after)].map((plain) => hasIdentity(plain.identity));
    if (was === is || !this.now.usesOf(after).some(({ effect }) => effect === undefined || CHANGES.has(effect))) return;
    yield was
      ? { direction: 'weaker', words: 'it can no longer deploy or change anything: it has no identity any more', path: 'identity' }
      : { direction: 'stronger', words: 'it can deploy and change what it demands: it has an identity now', path: 'identity' };
  }

  /** Where an assignment counts. */
  *#places(before: Resource, after: Resource): Iterable<Said> {
    const [was, is] = [this.old.estate.scope(before.at('scope'), before), this.now.estate.scope(after.at('scope'), after)];
    if (was.key !== is.key) {
      const wider = scopeCovers(is, was);
      const words = `where it demands: ${wider ? 'all of ' : ''}${is.name} instead of ${was.name}`;
      yield { direction: wider ? 'stronger' : 'weaker', words, path: 'scope' };
    }
    const [old, now] = [leftOut(before, this.old), leftOut(after, this.now)];
    const come = now.filter((one) => !old.some((known) => scopeCovers(known, one)));
    const gone = old.filter((one) => !now.some((known) => scopeCovers(known, one)));
    if (come.length > 0) yield { direction: 'weaker', words: `what it leaves out: now ${named(come)}`, path: 'notScopes' };
    if (gone.length > 0) yield { direction: 'stronger', words: `what it leaves out: no longer ${named(gone)}`, path: 'notScopes' };
    const [selected, selects] = [this.old.reader.of(before).resourceSelectors, this.now.reader.of(after).resourceSelectors];
    for (const said of selectorsCompared(selected, selects, 'what it looks at'))
      yield { path: 'resourceSelectors', ...said, direction: MIRRORED[said.direction] ?? said.direction };
  }

  /** A change is told of what changed: the definition, the set, or the assignment. */
  #use(old: Use, now: Use, root: Resource, said: Said): void {
    const changed = now.sources.find((source) => this.#isChanged(source, said)) ?? root;
    const itself = changed.type === ASSIGNMENT ? this.now.usesOf(root).length === 1 : now.rule !== undefined && changed === now.sources[0];
    const of = itself || said.path === 'policyDefinitions' ? '' : `${now.name}: `;
    const severity = strengthOf(old.effect) <= GENTLE ? 'medium' : 'high';
    this.#add(changed, { ...said, path: pathOf(changed, said), words: `${of}${said.words}` }, severity);
  }

  #isChanged(resource: Resource, { path }: Said): boolean {
    const other = this.pairing.other(resource);
    if (!other) return false;
    const [old, now] = [this.old.reader.of(other), this.now.reader.of(resource)].map((plain) =>
      Object.fromEntries(
        Object.entries(plain).filter(([key]) => !BESIDE.has(key) && (path !== 'policyDefinitions' || key !== 'policyRule')),
      ),
    );
    return unordered(old ?? {}) !== unordered(now ?? {});
  }

  #add(resource: Resource, { direction, outside = false, path, words }: Said, severity: Severity): void {
    const asks = direction === 'weaker' || direction === 'undecided';
    const subject = this.pairing.identity(resource);
    const key = [direction, subject, words].join('\n');
    if (this.#told.has(key)) return;
    this.#told.set(key, {
      aspect: 'controls',
      direction,
      severity: outside ? 'critical' : asks ? severity : 'low',
      sentence: `${this.pairing.name(resource)}${path === undefined ? '' : ':'} ${words}`,
      subject,
      topic: `policy ${path ?? 'there'} ${words}`,
      ...(outside ? { boundary: 'organisation' as const } : {}),
      ...(asks ? { approver: 'security' as const } : {}),
      evidence: [
        {
          resource: shownAs(resource),
          side: /^is (gone|no longer in)/.test(words) ? 'before' : 'after',
          ...placeOf(resource, path),
          saw: path ?? words,
        },
      ],
      causes: [{ resource: subject, ...(path === undefined ? {} : { path }) }],
    });
  }
}

const CHANGES = new Set(['deployifnotexists', 'modify']);
const hasIdentity = (identity: Plain | undefined): boolean =>
  identity !== undefined && !/^none$/i.test(asText(valueAt(identity, 'type')) ?? '');

const MIRRORED: Readonly<Record<string, 'weaker' | 'stronger'>> = { weaker: 'stronger', stronger: 'weaker' };

/** Where in a resource something was changed that counts further down. */
function pathOf({ type }: Resource, { path = 'policyRule' }: Said): string {
  if (type === ASSIGNMENT)
    return path === 'policyDefinitions' ? 'policyDefinitionId' : /^(definitionVersion|overrides)$/.test(path) ? path : 'parameters';
  if (SETS.includes(type)) return 'policyDefinitions';
  return path;
}

const isAsMuch = (old: Use, now: Use): boolean =>
  (old.id === now.id || (old.rule !== undefined && now.rule !== undefined)) &&
  usesCompared(old, now).every(({ direction }) => direction === 'stronger');

/** The same policies of two states, those that are in a set twice by what the set calls them. */
function paired(before: readonly Use[], after: readonly Use[]): ReadonlyMap<Use, Use> {
  const found = new Map<Use, Use>();
  const free = new Set(after);
  for (const same of [
    (one: Use, other: Use) => one.reference === other.reference && isAsMuch(one, other),
    (one: Use, other: Use) => one.reference === other.reference,
    () => true,
  ])
    for (const use of before) {
      if (found.has(use)) continue;
      const other = [...free].find((one) => one.id === use.id && same(use, one));
      if (!other) continue;
      found.set(use, other);
      free.delete(other);
    }
  return found;
}

const leftOut = (assignment: Resource, { estate }: Policies): readonly Scope[] =>
  assignment
    .at('notScopes')
    .items()
    .map((scope) => estate.scope(scope, assignment));
const isEnforced = (assignment: Resource): number => Number(!/donotenforce/i.test(assignment.at('enforcementMode').string ?? ''));
const named = (scopes: readonly Scope[]): string => [...new Set(scopes.map(({ name }) => name))].sort().join(', ');
