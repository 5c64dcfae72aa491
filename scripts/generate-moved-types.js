/**
 * Generates `policies/gather/pulumi/moved-types.generated.ts` from the installed `@pulumi/azure-native` SDK: what its classes were
 * called in earlier versions, as each lists them in its aliases. The sources are read as text; no module of the SDK is loaded.
 * Run `node scripts/generate.js` to write it.
 */
const fs = require('node:fs');
const path = require('node:path');

const OUTPUT = 'policies/gather/pulumi/moved-types.generated.ts';

/** `module:Class` of every resource, with the names in its aliases, API versions left out. */
function classesOf(sdk) {
  const classes = new Map();
  for (const module of fs.readdirSync(sdk).sort()) {
    const folder = path.join(sdk, module);
    if (!fs.statSync(folder).isDirectory()) continue;
    for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.js'))) {
      const text = fs.readFileSync(path.join(folder, file), 'utf8');
      const own = /__pulumiType = 'azure-native:([\w:]+)'/.exec(text)?.[1];
      if (!own) continue;
      const aliases = [...text.matchAll(/\btype: "azure-native:([^"]+)"/g)].map((match) => match[1].replace(/\/v\w+:/, ':'));
      classes.set(own, new Set(aliases));
    }
  }
  return classes;
}

const classIn = (token) => token.slice(token.indexOf(':') + 1);

/**
 * The one class that a name stands for now. Names that a class still has stand for that one; of several heirs the one that is called
 * alike takes it, the first of several modules; other names of several heirs say nothing.
 */
function movedTypes(classes) {
  const heirs = new Map();
  for (const [own, aliases] of classes) for (const old of aliases) if (!classes.has(old)) heirs.set(old, [...(heirs.get(old) ?? []), own]);
  return [...heirs]
    .map(([old, all]) => [old, all.length === 1 ? all[0] : all.sort().find((own) => classIn(own) === classIn(old))])
    .filter(([, now]) => now !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

async function files() {
  const sdk = path.dirname(require.resolve('@pulumi/azure-native/package.json'));
  const content = [
    '// Generated from @pulumi/azure-native by scripts/generate-moved-types.js. Do not edit.',
    '/** `module:Class` of earlier versions of the SDK, and what it is called now. */',
    'export const MOVED_TYPES = `',
    ...movedTypes(classesOf(sdk)).map(([old, now]) => `${old} ${now}`),
    '`;',
    '',
  ].join('\n');
  return new Map([[OUTPUT, content]]);
}

module.exports = { files };
