/**
 * The actions of AWS: their names, what a wildcard stands for, how deep each reaches. The table is parsed when it is first
 * asked for. Actions lie in alphabetical order of their folded names, so that a prefix stands for one run of numbers.
 */
import { EXPORT_ACTIONS } from '../../../policies/facts/iam-actions';
import { ACTION_TABLE, RCP_SERVICES } from './action-table.generated';

export type AccessLevel = 'list' | 'read' | 'write' | 'tagging' | 'permissions';

/** What an action means for those who must approve it. */
export type Verb = 'list' | 'read' | 'write' | 'delete' | 'export' | 'administer' | 'decrypt';

/** From the lightest to the heaviest, as reports order them. */
export const VERBS: readonly Verb[] = ['list', 'read', 'write', 'delete', 'decrypt', 'export', 'administer'];

const LEVELS: Readonly<Record<string, AccessLevel>> = { L: 'list', R: 'read', W: 'write', T: 'tagging', P: 'permissions' };

interface Action {
  readonly name: string;
  readonly folded: string;
  readonly level: AccessLevel;
}

interface Catalogue {
  readonly actions: readonly Action[];
  readonly numbers: ReadonlyMap<string, number>;
}

let parsed: Catalogue | undefined;

function catalogue(): Catalogue {
  if (parsed) return parsed;
  const actions: Action[] = [];
  for (const line of ACTION_TABLE.trim().split('\n')) {
    const [service, ...groups] = line.split('|');
    for (const group of groups) {
      const [letter, ...names] = group.split(' ');
      const level = LEVELS[letter ?? ''] ?? 'write';
      for (const name of names) actions.push({ name: `${service}:${name}`, folded: `${service}:${name}`.toLowerCase(), level });
    }
  }
  actions.sort((a, b) => (a.folded < b.folded ? -1 : 1));
  parsed = { actions, numbers: new Map(actions.map(({ folded }, number) => [folded, number])) };
  return parsed;
}

/** How many actions are known. */
export const actionCount = (): number => catalogue().actions.length;

/** The number of an action by its folded name; undefined when it is not known. */
export const numberOf = (folded: string): number | undefined => catalogue().numbers.get(folded);

/** The action as the reference writes it: `s3:GetObject`. */
export const nameOf = (number: number): string => catalogue().actions[number]?.name ?? '';

/** The folded name. */
export const foldedOf = (number: number): string => catalogue().actions[number]?.folded ?? '';

/** The first action at or after the folded text in alphabetical order. */
export function firstFrom(text: string): number {
  const { actions } = catalogue();
  let low = 0;
  let high = actions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((actions[middle]?.folded ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The access level of an action by its name in any case; undefined when it is not known. */
function levelOf(action: string): AccessLevel | undefined {
  const number = numberOf(action.toLowerCase());
  return number === undefined ? undefined : catalogue().actions[number]?.level;
}

const EXPORTS = new Set([...EXPORT_ACTIONS.values()].flatMap((actions) => actions.map(({ folded }) => folded)));
const DECRYPTS = new Set(['kms:decrypt', 'kms:reencryptfrom', 'kms:derivesharedsecret']);
/** Destroys, by the verb that the name begins with. */
const DESTROYS = /^[^:]+:(batch)?(delete|destroy|purge|remove|terminate|drop|schedulekeydeletion|deleteobject|disablekey)/;
/** Takes a setting away, not what it is about. */
const UNSETS = /^logs:deleteretentionpolicy$/;
/** Only looks, by the verb that the name begins with, whatever the reference calls it; and what nevertheless hands out more than facts. */
const LOOKS = /^[^:]+:(batch)?(describe|get|list)/;
const HANDS_OUT = /credential|password|url|accesstoken|accessdetails|dataaccess|federationtoken|identitytoken/;
/** Decides over others' rights although the reference calls it an ordinary write; roles of services are as AWS wrote them. */
const RULES = /^(iam|sts|sso|sso-directory|identitystore|organizations|ram):(?!(create|delete)servicelinkedrole$)/;

/**
 * What holding the action means. What is not in the reference and does not begin like a question counts as a write, the weakest
 * thing that it may do and still matter.
 */
export function verbOf(action: string): Verb {
  const folded = action.toLowerCase();
  if (DECRYPTS.has(folded)) return 'decrypt';
  if (EXPORTS.has(folded)) return 'export';
  const level = levelOf(folded);
  if (level === 'list' || level === 'read') return level;
  if (LOOKS.test(folded) && !HANDS_OUT.test(folded)) return 'read';
  if (level === 'permissions') return 'administer';
  if (RULES.test(folded)) return 'administer';
  return DESTROYS.test(folded) && !UNSETS.test(folded) ? 'delete' : 'write';
}

const verbs: Verb[] = [];

/** The verb of a known action by its number. */
export function verbAt(number: number): Verb {
  const known = verbs[number] ?? verbOf(foldedOf(number));
  verbs[number] = known;
  return known;
}

const RCP = new Set(RCP_SERVICES.split(' '));

/** Whether resource control policies reach the resources of the action's service. */
export const underResourceControl = (action: string): boolean => {
  const folded = action.toLowerCase();
  // Retiring a grant is left to the grant; resource control policies cannot speak of it.
  return folded !== 'kms:retiregrant' && RCP.has(folded.slice(0, folded.indexOf(':')));
};
