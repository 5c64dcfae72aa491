/**
 * Built-in roles of Azure and what they allow. The ids are the same in every directory. The table is parsed when it is first asked
 * for; of a role that is not in it, nothing is known but its id.
 */
import { AZURE_ROLES } from './azure-role-data.generated';

/** One set of permissions; what `not…` names is taken out of what is before it. */
export interface Permissions {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
  /** In the language of conditions of role assignments. */
  readonly condition?: string;
}

export interface BuiltInRole {
  readonly name: string;
  /** `undefined` where only the name is known. */
  readonly permissions: readonly Permissions[] | undefined;
}

const LISTS: Readonly<Record<string, keyof Permissions>> = {
  a: 'actions',
  n: 'notActions',
  d: 'dataActions',
  x: 'notDataActions',
};

let table: ReadonlyMap<string, string> | undefined;

/** Lines by id; a line is taken apart when its role is asked for. */
function lines(): ReadonlyMap<string, string> {
  table ??= new Map(
    AZURE_ROLES.trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('\t')), line]),
  );
  return table;
}

const parsed = new Map<string, BuiltInRole>();

/** The built-in role of an id, in any case of letters. */
export function builtInRole(id: string): BuiltInRole | undefined {
  const key = id.toLowerCase();
  const known = parsed.get(key);
  if (known) return known;
  const line = lines().get(key);
  if (line === undefined) return undefined;
  const [, name = '', ...sets] = line.split('\t');
  const role = { name, permissions: sets.length === 0 ? undefined : sets.map(permissionsOf) };
  parsed.set(key, role);
  return role;
}

/** Ids of all roles in the table. */
export const builtInRoleIds = (): readonly string[] => [...lines().keys()];

function permissionsOf(set: string): Permissions {
  const [before, condition] = set.split(/(?:^| \| )\? /);
  const lists = (before ?? '').split(' | ').flatMap((part) => {
    const [letter = '', ...actions] = part.split(' ');
    const list = LISTS[letter];
    return list === undefined ? [] : [[list, actions.map((action) => action.replace(/^~/, 'Microsoft.'))] as const];
  });
  return { ...Object.fromEntries(lists), ...(condition === undefined ? {} : { condition }) };
}
