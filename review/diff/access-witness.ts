/** Where a right on AWS stands: the statement that grants it, in the resource that carries it. */
import type { Resource } from '../../policies/resource';
import type { ReviewEvidence } from '../schema-review';
import type { Policy } from './access/documents';
import type { Carried, Holder } from './access-holders-parts';
import { canonical, type Plain, type PlainMap } from './plain';
import { asList, asMap, placeOf, type Reader, shownAs } from './reading';

/** A statement, or the document that it is part of. */
interface Witness {
  readonly resource: Resource;
  readonly path?: string | undefined;
}

/** `the policy Read, statement 2`; by its `Sid` where it has one. */
const STATEMENT = /, statement (?:(\d+)|"(.*)")$/;

/** Where the statement stands that a change names; undefined where none of what the holder carries is called so. */
export function witnessOf({ resource, rights }: Holder, at: string, reader: Reader): Witness | undefined {
  const [suffix = '', number, sid] = STATEMENT.exec(at) ?? [];
  const name = at.slice(0, at.length - suffix.length);
  const policies: readonly Carried[] = [...rights.grants, ...Object.values(rights.limits ?? {}).flat()];
  for (const policy of policies.filter((one) => one.name === name)) {
    const carrier = policy.source ?? resource;
    const index = indexOf(policy, number, sid);
    const path = index === undefined ? undefined : pathOf(reader.of(carrier), policy, index);
    if (path !== undefined) return { resource: carrier, path };
    if (policy.source) return { resource: carrier };
  }
  return undefined;
}

const statementsOf = (document: Plain): readonly PlainMap[] => asList(asMap(document).Statement).map(asMap);

function indexOf({ document }: Policy, number: string | undefined, sid: string | undefined): number | undefined {
  if (number !== undefined) return Number(number) - 1;
  const found = statementsOf(document as Plain).findIndex(({ Sid }) => Sid === sid);
  return found < 0 ? undefined : found;
}

/** Policies that name no resource speak of the one that carries them. */
const said = (statement: PlainMap | undefined): string => canonical({ Resource: '*', ...statement });

function pathOf(carrier: Plain, { document }: Policy, index: number): string | undefined {
  const wanted = said(statementsOf(document as Plain)[index]);
  const look = (value: Plain, path: string): string | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    const map = asMap(value);
    if (map.Statement !== undefined && said(statementsOf(map)[index]) === wanted)
      return `${path}.Statement${Array.isArray(map.Statement) ? `[${index}]` : ''}`;
    for (const [key, item] of Object.entries(value as PlainMap)) {
      const found = look(item, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return look(carrier, '');
}

/** Evidence at the statement, and after it whose right it is, where that is another resource. */
export function evidenceAt(
  holder: Holder,
  witness: Witness | undefined,
  { chain, saw, side }: Pick<ReviewEvidence, 'chain' | 'saw' | 'side'>,
): readonly ReviewEvidence[] {
  const { resource } = holder;
  const at = witness ?? { resource };
  const more = { ...(chain ? { chain } : {}), ...(saw === undefined ? {} : { saw }) };
  return [
    { resource: shownAs(at.resource), side, ...placeOf(at.resource, at.path), ...more },
    ...(at.resource === resource
      ? []
      : [{ resource: shownAs(resource), side, ...placeOf(resource), saw: WHOSE[holder.kind] ?? 'holds it' }]),
  ];
}

const WHOSE: { readonly [kind: string]: string } = {
  resource: 'is what it is put on',
  refusal: 'is what it is put on',
  trust: 'is who it is about',
};
