/**
 * Generates `policies/gather/arm/types.generated.ts` from the installed `@pulumi/azure-native` SDK: every resource class
 * with the arguments that name it, and the property names below which a `properties` object is no ARM envelope; and
 * `names.generated.ts`: how the SDK spells each property.
 * Run `node scripts/generate-arm-types.js` to write it, with `--check` to fail when it is out of date.
 */
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const OUTPUT = 'policies/gather/arm/types.generated.ts';
const NAMES = 'policies/gather/arm/names.generated.ts';

/** `name?: type;` of the first interface called `name` in a declaration file, comments left out. */
function membersOf(text, name) {
  const start = text.indexOf(`export interface ${name} {`);
  if (start < 0) return undefined;
  return parseMembers(text.slice(start).split('\n').slice(1), '    ').members;
}

function parseMembers(lines, indent) {
  const members = [];
  let open;
  let index = 0;
  for (; index < lines.length; index += 1) {
    const line = lines[index];
    if (!line.startsWith(indent)) break;
    if (open) {
      open.type += line.trim();
      if (line.startsWith(`${indent}}`)) open = undefined;
      continue;
    }
    const match = /^(?:readonly )?(\w+|"[^"]+")(\?)?: (.*)$/.exec(line.slice(indent.length));
    if (!match) continue;
    const member = { name: match[1].replaceAll('"', ''), optional: match[2] === '?', type: match[3] };
    members.push(member);
    if (match[3].endsWith('{')) open = member;
  }
  return { members, index };
}

/** Every input type of the SDK, by `module.Type`. */
function inputTypes(sdk) {
  const lines = fs.readFileSync(path.join(sdk, 'types/input.d.ts'), 'utf8').split('\n');
  const types = new Map();
  let module = '';
  for (let index = 0; index < lines.length; index += 1) {
    const namespace = /^export declare namespace (\w+) \{/.exec(lines[index]);
    if (namespace) module = namespace[1];
    const declared = /^ {4}(?:export )?interface (\w+) \{/.exec(lines[index]);
    if (!declared) continue;
    const parsed = parseMembers(lines.slice(index + 1, index + 2000), '        ');
    types.set(`${module}.${declared[1]}`, parsed.members);
    index += parsed.index;
  }
  return types;
}

const refersTo = (type) => [...type.matchAll(/inputs\.(\w+\.\w+)/g)].map((match) => match[1]);
/** `any`, or a map whose keys the author chooses: nothing below it is ARM's envelope. */
const isFree = (type) => /\bany\b/.test(type) || (/\[key: string\]/.test(type) && refersTo(type).length === 0);

/** Property names, at any depth, whose objects declare `properties` themselves, or are free in shape (`~`), or maps (`%`). */
function keptNames(members, types) {
  const kept = new Set();
  const seen = new Set();
  const visit = (list) => {
    for (const { name, type } of list) {
      if (isFree(type)) kept.add(`~${name}`);
      else if (/\[key: string\]/.test(type)) kept.add(`%${name}`);
      for (const reference of refersTo(type)) {
        const target = types.get(reference) ?? [];
        if (target.some((member) => member.name === 'properties')) kept.add(name);
        if (seen.has(reference)) continue;
        seen.add(reference);
        visit(target);
      }
    }
  };
  visit(members);
  return kept;
}

/** Kept everywhere: they hold whatever the author likes, in every service. */
const ALWAYS_KEPT = new Set(['~tags', '~metadata', '~parameters', 'identity', '~userAssignedIdentities']);

/** Their `properties` stand inside ARM's envelope, beside others that are hoisted out of it. */
const WITHIN_ENVELOPE = new Set(['apimanagement:Backend', 'apimanagement:WorkspaceBackend']);

/** Every property name of a class, at any depth. */
function collectNames(members, types, names, seen = new Set()) {
  for (const { name, type } of members) {
    if (/^\w+$/.test(name)) names.add(name);
    for (const reference of refersTo(type)) {
      if (seen.has(reference)) continue;
      seen.add(reference);
      collectNames(types.get(reference) ?? [], types, names, seen);
    }
  }
}

function describe(sdk, module, file, types, names) {
  const text = fs.readFileSync(path.join(sdk, module, file), 'utf8');
  const name = /export declare class (\w+) extends pulumi\.CustomResource/.exec(text)?.[1];
  if (!name) return undefined;
  const args = membersOf(text, `${name}Args`) ?? [];
  collectNames(args, types, names);
  const getter = path.join(sdk, module, `get${name}.d.ts`);
  const wanted = fs.existsSync(getter) ? (membersOf(fs.readFileSync(getter, 'utf8'), `Get${name}Args`) ?? []) : [];
  // Where nothing can be looked up, the names that must be given are the parents.
  const sources = fs.existsSync(getter) ? wanted : args.filter(({ name: arg }) => /(^n|N)ame$/.test(arg));
  const identifying = sources.filter(({ optional, name: arg }) => !optional && arg !== 'resourceGroupName').map(({ name: arg }) => arg);
  // Parents must be given; the resource's own name may be left to Pulumi, or is the one parameter that is left.
  const mayBeLeft = (arg) => args.some((member) => member.name === arg && member.optional);
  const own = (mayBeLeft('resourceGroupName') ? ['resourceGroupName'] : identifying).filter(mayBeLeft);
  const parents = identifying.filter((arg) => !own.includes(arg));
  const group = !own.includes('resourceGroupName') && args.some(({ name: arg }) => arg === 'resourceGroupName') ? '*' : '';
  const kept = [...keptNames(args, types)].filter((arg) => !ALWAYS_KEPT.has(arg) && arg !== 'properties').sort();
  const keepsOwn = args.some((member) => member.name === 'properties') && !WITHIN_ENVELOPE.has(`${module}:${name}`);
  const root = keepsOwn ? ['.'] : [];
  return [`${name}${group}`, own.join(' '), parents.join(' '), [...root, ...kept].join(' ')].join('|').replace(/\|+$/, '');
}

/** One spelling for nearly every word; where the SDK has several, those of each module. */
function spellings(byModule) {
  const all = new Map();
  for (const names of byModule.values())
    for (const name of names) {
      const folded = name.toLowerCase();
      if (!all.has(folded)) all.set(folded, new Set());
      all.get(folded).add(name);
    }
  const common = [...all.values()].filter((spelled) => spelled.size === 1).map(([name]) => name);
  const several = [...byModule].map(([module, names]) => [module, [...names].filter((name) => all.get(name.toLowerCase()).size > 1)]);
  return [
    '// Generated from @pulumi/azure-native by scripts/generate-arm-types.js. Do not edit.',
    '/**',
    ' * How the SDK spells its properties: words with one spelling everywhere, then `@module` with its own spelling of words that',
    ' * other modules spell in other case.',
    ' */',
    'export const NAMES = `',
    ...wrapped(common.sort()),
    ...several.filter(([, names]) => names.length > 0).map(([module, names]) => `@${module} ${names.sort().join(' ')}`),
    '`;',
    '',
  ].join('\n');
}

function wrapped(words) {
  const lines = [''];
  for (const word of words) {
    const last = lines.length - 1;
    if (lines[last].length + word.length > 130) lines.push(word);
    else lines[last] += lines[last] === '' ? word : ` ${word}`;
  }
  return lines;
}

function generate() {
  const sdk = path.dirname(require.resolve('@pulumi/azure-native/package.json'));
  const types = inputTypes(sdk);
  const lines = [];
  const byModule = new Map();
  for (const module of fs.readdirSync(sdk).sort()) {
    const folder = path.join(sdk, module);
    if (module === 'types' || module === 'config' || !fs.statSync(folder).isDirectory()) continue;
    const names = new Set();
    byModule.set(module, names);
    const resources = fs
      .readdirSync(folder)
      .filter((file) => /^[a-z].*\.d\.ts$/.test(file) && !/^(get|list)[A-Z]|^index\.d/.test(file))
      .sort()
      .map((file) => describe(sdk, module, file, types, names))
      .filter((line) => line !== undefined);
    if (resources.length > 0) lines.push(`@${module}`, ...resources);
  }
  const table = [
    '// Generated from @pulumi/azure-native by scripts/generate-arm-types.js. Do not edit.',
    '/**',
    ' * `@module`, then `Class|own name|names of parents|kept`, one resource a line. `*` after the class: lives in a resource',
    ' * group. `kept`: property names whose objects hold a `properties` of their own, `~`: whatever the author likes, `%`: objects under',
    ' * names that the author chooses; `.` stands for the resource itself.',
    ' */',
    'export const ARM_TYPES = `',
    ...lines,
    '`;',
    '',
  ].join('\n');
  return new Map([
    [OUTPUT, table],
    [NAMES, spellings(byModule)],
  ]);
}

async function files() {
  return generate();
}

module.exports = { files };

if (require.main === module) {
  for (const [file, content] of generate()) {
    const target = path.join(ROOT, file);
    if (!process.argv.includes('--check')) fs.writeFileSync(target, content);
    else if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== content) {
      process.stderr.write(`${file}: out of date; run node scripts/generate-arm-types.js\n`);
      process.exitCode = 1;
    }
  }
}
