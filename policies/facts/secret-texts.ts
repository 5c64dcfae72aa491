/** Secrets recognised by how they look or by the name that they stand under. What is found is named, never repeated. */
import { Residue, Text } from '../node';

/** Formats that nothing but a secret has; the name says what was found. */
const FORMATS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['an AWS access key id', /(?<![A-Za-z0-9])(?:AKIA|ASIA)(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  [
    'an AWS secret access key',
    /secret_?(?:access_?)?key["']?\s*(?:[:=]\s*|(?<=\s))["']?(?![A-Za-z0-9/+]*EXAMPLE)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i,
  ],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n)*[A-Za-z0-9+/=]{20}/],
  ['an address with a password in it', /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"'<>(){}$,]*:[^\s:@/"'<>(){}$*,]{3,}@[\w[]/i],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,})/],
  ['a GitLab token', /\bglpat-[\w-]{20,}/],
  ['a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{20,}|hooks\.slack\.com\/services\/T\w+\/B\w+\/\w{20,}/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{20,}/],
  ['a Google key', /\bAIza[\w-]{35}(?![\w-])/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a SendGrid key', /\bSG\.[\w-]{22}\.[\w-]{43}/],
];

/** What every format begins with or contains: most texts are told apart by one search. */
const SUSPECT =
  /AKIA|ASIA|PRIVATE KEY|:\/\/[^\s/]*@|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|hooks\.slack|k_live_|AIza|npm_|SG\.|secret_?(?:access_?)?key/i;
const SHORTEST = 16;

/** What kind of secret stands in a text, by its format; undefined where none does. */
export function secretIn(text: string): string | undefined {
  if (text.length < SHORTEST || !SUSPECT.test(text)) return undefined;
  return FORMATS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Names that say that what stands under them is a credential itself, and not its name, address, age or place. */
const CREDENTIAL_NAME =
  /(?:password|passwd|passphrase|secret|token|(?:api|access|secret|private|signing|auth|shared)[_-]?key|credentials?|connection[_-]?string|[_-]pwd|aws_access_key_id)(?:[_-]?value)?$/i;
/** Tokens that are no credentials: they mark a place, a deployment or a request. */
const HARMLESS_NAME =
  /(?:next|page|pagination|continuation|client(?:_?request)?|idempotency|service|max|http|design|public|sync|cancel(?:l?ation)?)_?token$/i;

export const isCredentialName = (name: string): boolean => CREDENTIAL_NAME.test(name) && !HARMLESS_NAME.test(name);

/** Values under such a name that are no secrets: switches, counts, places, and the names of secrets. */
const HARMLESS_VALUE = [
  /^(?:true|false|yes|no|on|off|none|null|n\/?a|disabled|enabled|required|optional|\d{1,5}|)$/i,
  /^(?:arn:|https?:\/\/|s3:\/\/|file:|secretsmanager:|ssm:|vault:|\/|\.\/|\$|<|\{\{|%[{(]|#\{|\*+$)/i,
];
/** `prod/db/credentials`: where a secret is found. */
const PLACE = /^[a-z][\w-]*(?:\/[a-z][\w-]*)+$/i;
/** `database-secret`, `DbSecret`: what a secret is called. */
const TITLE = /^(?=.*(?:secret|credential|token|key))[a-z]+(?:[-_.]?[a-z]+)*$/i;

/** Whether a text that stands under the name of a credential can be one. Passwords are taken at their word. */
export function isPlausibleSecret(name: string, text: string): boolean {
  const value = text.trim();
  if (HARMLESS_VALUE.some((pattern) => pattern.test(value))) return false;
  return /pass(?:word|wd|phrase)|pwd/i.test(name) || !(PLACE.test(value) || TITLE.test(value));
}

const NAMED = /(?:^|[\s;&|("'`,{]|--|-D)([A-Za-z][\w.-]*)["']?/.source;
/** `password = "…"`, `"password": '…'`: in code of any language. */
const IN_CODE = new RegExp(`${NAMED}[ \\t]*[:=][ \\t]*(?:"([^"\\n]*)"|'([^'\\n]*)')`, 'gm');
/** Besides, `export DB_PASSWORD=…`, `password: …`, `--password …`: in scripts, where texts need no quotes. */
const IN_SCRIPT = new RegExp(`${NAMED}(?:=|:[ \\t]+|(?<=--[\\w-]*)[ \\t]+)([^\\s"'\`;&|,)}]+)`, 'gm');

/**
 * Name under which a text writes a credential out; undefined where it writes none.
 * @param kind in code only texts in quotes are values
 */
export function assignedIn(text: string, kind: 'script' | 'code'): string | undefined {
  if (!/pass|secret|token|key|credential|pwd/i.test(text)) return undefined;
  for (const pattern of kind === 'code' ? [IN_CODE] : [IN_CODE, IN_SCRIPT]) {
    for (const [, name = '', value = '', other = ''] of text.matchAll(pattern)) {
      const written = value || other;
      if (isCredentialName(name) && isWrittenOut(written) && isPlausibleSecret(name, written)) return name;
    }
  }
  return undefined;
}

/** No variable, member, command, call, placeholder or sentence, and long enough to protect something. */
const isWrittenOut = (value: string): boolean =>
  value.length >= 6 && !/[$`<>{}()[\]*\s]|^%|^[a-z_]\w*(?:\.[a-z_]\w*)+$|^(?:your|my|the|change|replace|example|x{3})/i.test(value);

/** What kind of text a property takes, where that is known. */
export type TextKind = 'script' | 'code' | undefined;

/** Properties that hold a script or code, wherever they stand. */
const KINDS: Readonly<Record<string, 'script' | 'code'>> = {
  BuildSpec: 'script',
  UserData: 'script',
  UserDataOverride: 'script',
  'AWS::CloudFormation::Init': 'script',
  Code: 'code',
  FunctionCode: 'code',
  InlineCode: 'code',
};

const DEEPEST = 100;

/**
 * What `judge` finds first among the texts of a tree, as written: nothing is resolved, because what stands in the template is
 * read by whoever reads the template.
 */
export function firstIn<T>(
  node: unknown,
  judge: (text: string, kind: TextKind) => T | undefined,
  kind?: TextKind,
  depth = 0,
): T | undefined {
  if (typeof node === 'string') return judge(kind === 'script' ? decoded(node) : node, kind);
  // What is known of a text is written out; what is not stands as a hole.
  if (node instanceof Text) return judge(node.parts.map((part) => (typeof part === 'string' ? part : '${}')).join(''), kind);
  if (typeof node !== 'object' || node === null || node instanceof Residue || depth > DEEPEST) return undefined;
  if (Array.isArray(node)) {
    for (const item of node) {
      const found = firstIn(item, judge, kind, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const key in node) {
    const found = firstIn((node as Readonly<Record<string, unknown>>)[key], judge, KINDS[key] ?? kind, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Scripts may be written as the service takes them, in base64. */
function decoded(text: string): string {
  if (text.length < SHORTEST || text.length % 4 !== 0 || !/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) return text;
  const plain = Buffer.from(text, 'base64').toString('utf8');
  return /^[\t\n\r\x20-\x7e]*$/.test(plain) ? plain : text;
}
