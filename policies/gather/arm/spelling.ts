/** Names in ARM do not depend on case; in azure-native, and so in rules, they do. */
import { NAMES } from './names.generated';

interface Spellings {
  /** By the word in lower case. */
  readonly common: ReadonlyMap<string, string>;
  /** By module and word in lower case, where modules differ. */
  readonly own: ReadonlyMap<string, readonly string[]>;
}

let spellings: Spellings | undefined;

function read(): Spellings {
  if (spellings) return spellings;
  const common = new Map<string, string>();
  const own = new Map<string, string[]>();
  for (const line of NAMES.split('\n')) {
    const [first = '', ...others] = line.split(' ');
    if (!first.startsWith('@')) {
      for (const word of first === '' ? [] : [first, ...others]) common.set(word.toLowerCase(), word);
      continue;
    }
    for (const word of others) {
      const key = `${first.slice(1)}/${word.toLowerCase()}`;
      own.set(key, [...(own.get(key) ?? []), word]);
    }
  }
  spellings = { common, own };
  return spellings;
}

/** A property as azure-native spells it, whatever case it was written in; as written where the SDK has no such word. */
export function spelled(name: string, module: string): string {
  const { common, own } = read();
  const folded = name.toLowerCase();
  const usual = common.get(folded);
  if (usual !== undefined) return usual;
  const several = own.get(`${module}/${folded}`);
  return several === undefined || several.includes(name) ? name : (several[0] as string);
}

const byLowerCase = (...names: readonly string[]): ReadonlyMap<string, string> => new Map(names.map((name) => [name.toLowerCase(), name]));

const OF_TEMPLATES = byLowerCase(
  '$schema',
  'contentVersion',
  'languageVersion',
  'metadata',
  'parameters',
  'variables',
  'functions',
  'definitions',
  'resources',
  'outputs',
);
const OF_RESOURCES = byLowerCase(
  'type',
  'apiVersion',
  'name',
  'location',
  'condition',
  'copy',
  'dependsOn',
  'resources',
  'scope',
  'metadata',
  'comments',
  'existing',
  'resourceGroup',
  'subscriptionId',
  'kind',
  'tags',
  'sku',
  'identity',
  'properties',
);
const OF_DEPLOYMENTS = byLowerCase('template', 'templateLink', 'parameters', 'expressionEvaluationOptions', 'mode', 'scope');

type Section = Readonly<Record<string, unknown>>;

/** The same object where its keys are spelled as usual, else a copy in which they are. */
function usual(section: Section, names: ReadonlyMap<string, string>): Section {
  const keys = Object.keys(section);
  const known = (key: string) => names.get(key.toLowerCase());
  if (keys.every((key) => (known(key) ?? key) === key)) return section;
  return Object.fromEntries(keys.map((key) => [known(key) ?? key, section[key]]));
}

export const usualTemplate = (template: Section): Section => usual(template, OF_TEMPLATES);
export const usualResource = (resource: Section): Section => usual(resource, OF_RESOURCES);
export const usualDeployment = (properties: Section): Section => usual(properties, OF_DEPLOYMENTS);

/** Whether two steps of a path are the same one. */
export const isStep = (written: string, step: string | number): boolean =>
  written === step || (typeof step === 'string' && written.toLowerCase() === step.toLowerCase());
