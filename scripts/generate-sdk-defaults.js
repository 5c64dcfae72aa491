/**
 * Generates `policies/gather/pulumi/sdk-defaults.generated.ts` from the installed `@pulumi/azure-native` SDK: every value that it
 * writes into the inputs of a resource when the program does not. The sources are read as text; no module of the SDK is loaded.
 * Run `node scripts/generate-sdk-defaults.js` to print what there is.
 */
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const OUTPUT = 'policies/gather/pulumi/sdk-defaults.generated.ts';

/** How many objects deep defaults are followed; some types of the SDK contain themselves. */
const DEEPEST = 12;

/** The end of a constant: what the SDK writes where an argument is null or undefined. */
const CONSTANT = String.raw`\?\? (?<value>"(?:[^"\\]|\\.)*"|-?[\d.]+|true|false)`;
const NESTED = String.raw`pulumi\.output\((?:args|val)\.\w+\)\.apply\(.*?inputs\.(?<fills>\w+\.\w+)ArgsProvideDefaults`;

/**
 * The functions that fill in the defaults of nested objects, by `module.type`: each property with its constant, or with the
 * function that fills it in turn.
 * @param {string} text `types/input.js` of the SDK
 */
function nestedDefaults(text) {
  const functions = new Map();
  const property = new RegExp(String.raw`^ {12}"?(?<name>\w+)"?: (?:\(val\.\w+\) ${CONSTANT}|${NESTED})`);
  let module = '';
  let current;
  for (const line of text.split('\n')) {
    const namespace = /^\(function \((\w+)\) \{$/.exec(line);
    if (namespace) module = namespace[1];
    const declared = /^ {4}function (\w+)ArgsProvideDefaults\(val\) \{$/.exec(line);
    if (declared) {
      current = new Map();
      functions.set(`${module}.${declared[1]}`, current);
    }
    if (/^ {4}\}$/.test(line)) current = undefined;
    if (!current || !/^ {12}\S/.test(line) || /^ {12}\.\.\.val,$/.test(line)) continue;
    const groups = property.exec(line)?.groups;
    if (!groups) throw new Error(`types/input.js of the SDK has a default in a form that is not known: ${line.trim()}`);
    current.set(groups.name, groups.fills ?? { value: JSON.parse(groups.value) });
  }
  return functions;
}

/** The same for the arguments of one resource, from the source of its class; undefined where it is none. */
function ownDefaults(text) {
  const type = /static __pulumiType = '([^']+)';/.exec(text)?.[1];
  if (type === undefined) return undefined;
  const own = new Map();
  const constant = new RegExp(String.raw`^ {12}resourceInputs\["(?<name>\w+)"\] = \(args\??\.\w+\) ${CONSTANT}`, 'gm');
  const nested = new RegExp(String.raw`^ {12}resourceInputs\["(?<name>\w+)"\] = args \? ${NESTED}`, 'gm');
  for (const { groups } of text.matchAll(constant)) own.set(groups.name, { value: JSON.parse(groups.value) });
  for (const { groups } of text.matchAll(nested)) own.set(groups.name, groups.fills);
  const forms = text.match(/^ {12}resourceInputs\["\w+"\] = (?:\(args|args \? pulumi\.output.*ProvideDefaults).*$/gm) ?? [];
  const read = [...own.keys()].length;
  if (forms.length !== read) throw new Error(`${type} has ${forms.length} defaults, of which ${read} are in a form that is known`);
  const required = [...text.matchAll(/Missing required property '(\w+)'/g)].map(([, name]) => name);
  return { type, own, required };
}

/** Dotted path to value, nested objects included. */
function flattened(defaults, functions, prefix = '', depth = 0, all = {}) {
  if (depth > DEEPEST) return all;
  for (const [name, filled] of defaults) {
    const at = prefix === '' ? name : `${prefix}.${name}`;
    if (typeof filled === 'object') all[at] = filled.value;
    else flattened(functions.get(filled) ?? [], functions, at, depth + 1, all);
  }
  return all;
}

/** Every resource class file of the SDK. */
function* sources(sdk) {
  for (const entry of fs.readdirSync(sdk, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory() || entry.name === 'types' || entry.name === 'node_modules') continue;
    for (const file of fs.readdirSync(path.join(sdk, entry.name)).sort())
      if (/^[a-z].*\.js$/.test(file) && file !== 'index.js' && !/^(get|list)[A-Z]/.test(file)) yield path.join(sdk, entry.name, file);
  }
}

/** Functions that nothing calls: those of objects in lists and unions, which the SDK passes on as they are. */
function unreached(functions, reached) {
  const all = new Set();
  const reach = (name) => {
    if (all.has(name)) return;
    all.add(name);
    for (const filled of (functions.get(name) ?? new Map()).values()) if (typeof filled === 'string') reach(filled);
  };
  for (const name of reached) reach(name);
  const entries = [...functions].filter(([name]) => !all.has(name));
  return Object.fromEntries(
    entries.flatMap(([name, own]) =>
      [...own].filter(([, filled]) => typeof filled === 'object').map(([key, { value }]) => [`${name}.${key}`, value]),
    ),
  );
}

/**
 * What the SDK that lies in the folder writes: `types`, path to value by type; `required`, the arguments that each of them cannot
 * be made without; and `unapplied`, what it declares as default of objects in lists and unions and does not write.
 */
function catalogueOf(sdk) {
  const functions = nestedDefaults(fs.readFileSync(path.join(sdk, 'types', 'input.js'), 'utf8'));
  const types = {};
  const required = {};
  const reached = new Set();
  for (const file of sources(sdk)) {
    const read = ownDefaults(fs.readFileSync(file, 'utf8'));
    for (const filled of read?.own.values() ?? []) if (typeof filled === 'string') reached.add(filled);
    const all = read && flattened(read.own, functions);
    if (all) required[read.type] = read.required;
    if (all && Object.keys(all).length > 0) types[read.type] = Object.fromEntries(Object.entries(all).sort(byText));
  }
  const { version } = JSON.parse(fs.readFileSync(path.join(sdk, 'package.json'), 'utf8'));
  return { version, types: Object.fromEntries(Object.entries(types).sort(byText)), required, unapplied: unreached(functions, reached) };
}

const byText = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0);
const literal = (value) => (typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'` : String(value));
const key = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`);

function render({ version, types }) {
  const lines = Object.entries(types).flatMap(([type, defaults]) => [
    `  '${type}': {`,
    ...Object.entries(defaults).map(([at, value]) => `    ${key(at)}: ${literal(value)},`),
    '  },',
  ]);
  return [
    '// Generated by scripts/generate-sdk-defaults.js from @pulumi/azure-native. Do not edit.',
    '',
    '/** Version of the SDK that was read. */',
    `export const SDK_VERSION = '${version}';`,
    '',
    '/** What the SDK writes into the inputs of a resource when the program does not: path to value, by type. */',
    'export const SDK_DEFAULTS: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

const installed = () => path.dirname(require.resolve('@pulumi/azure-native/package.json', { paths: [ROOT] }));

async function files() {
  return new Map([[OUTPUT, render(catalogueOf(installed()))]]);
}

module.exports = { files, catalogueOf, installed };

if (require.main === module) files().then((all) => process.stdout.write([...all.values()].join('')));
