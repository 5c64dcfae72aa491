/**
 * A small language for what a gateway decides, and its C#: every policy expression is written as a tree and printed from it,
 * so that the same tree can be executed by a test. It has no way to name a type or a member that is not in the table below.
 */

/** Something that has a value. */
export type Expression =
  | { readonly text: string }
  | { readonly number: number }
  | { readonly name: string }
  | { readonly call: Primitive; readonly of: readonly Expression[] };

/** Something that is done. */
export type Statement =
  | { readonly let: string; readonly be: Expression }
  | { readonly set: string; readonly be: Expression }
  | { readonly when: Expression; readonly do: readonly Statement[] }
  | { readonly each: string; readonly in: Expression; readonly do: readonly Statement[] }
  | { readonly scope: readonly Statement[] }
  | { readonly put: string; readonly key: string; readonly be: Expression }
  | { readonly push: string; readonly be: Expression }
  | { readonly answer: Expression };

/** The whole of one policy expression; every path through it ends in an answer. */
export type Program = readonly Statement[];

const TOKEN = '((Jwt)context.Variables["palisade-token"])';
const typed = (...types: readonly string[]) => `(${types.map((type) => `$0.Type == JTokenType.${type}`).join(' || ')})`;

/**
 * What an expression can ask for, and how C# says it; `$0` and `$1` stand for the arguments. Instants are tokens of their
 * own in the gateway's JSON library, which parses them from text; they count as text here and are written as ISO 8601.
 */
const PRIMITIVES = {
  responseBody: '(context.Response.Body == null ? "" : context.Response.Body.As<string>(true))',
  requestBody: '(context.Request.Body == null ? "" : context.Request.Body.As<string>(true))',
  responseIsJson: 'context.Response.Headers.GetValueOrDefault("Content-Type", "").ToLowerInvariant().StartsWith("application/json")',
  operation: 'context.Operation.Id',
  status: '(context.Response == null ? 500 : context.Response.StatusCode)',
  kept: 'context.Variables.GetValueOrDefault<string>($0, "")',
  header: 'context.Request.Headers.GetValueOrDefault($0, "")',
  query: 'context.Request.OriginalUrl.Query.GetValueOrDefault($0, "")',
  matched: '(context.Request.MatchedParameters.ContainsKey($0) ? context.Request.MatchedParameters[$0] : "")',
  claim: `${TOKEN}.Claims.GetValueOrDefault($0, "")`,
  hasRole: `(${TOKEN}.Claims.ContainsKey("roles") && ${TOKEN}.Claims["roles"].Contains($0))`,
  parse: 'JToken.Parse($0)',
  json: '$0.ToString(Newtonsoft.Json.Formatting.None)',
  object: 'new JObject()',
  array: 'new JArray()',
  field: '$0[$1]',
  keys: '((JObject)$0).Properties().Select(property => property.Name)',
  isEmpty: '($0.Count == 0)',
  firstOf: '$0.Take($1)',
  isPresent: '($0 != null)',
  isNull: typed('Null'),
  isObject: `($0 != null && ${typed('Object')})`,
  isArray: `($0 != null && ${typed('Array')})`,
  isText: `($0 != null && ${typed('String', 'Date')})`,
  isNumber: `($0 != null && ${typed('Integer', 'Float')})`,
  isBoolean: `($0 != null && ${typed('Boolean')})`,
  allText: '$0.All(one => one.Type == JTokenType.String || one.Type == JTokenType.Date)',
  allNumber: '$0.All(one => one.Type == JTokenType.Integer || one.Type == JTokenType.Float)',
  allBoolean: '$0.All(one => one.Type == JTokenType.Boolean)',
  textOf: `($0.Type == JTokenType.Date ? $0.ToString(Newtonsoft.Json.Formatting.None).Trim("\\u0022"[0]) : (string)$0)`,
  isId: 'Regex.IsMatch($0, "^[A-Za-z0-9][A-Za-z0-9_-]{0,127}\\\\z")',
  isPlain: 'Regex.IsMatch($0, "^[A-Za-z0-9][A-Za-z0-9 _.@-]{0,127}\\\\z")',
  isOpaque: 'Regex.IsMatch($0, "^[A-Za-z0-9+/=_.-]{1,2048}\\\\z")',
  isShortNumber: 'Regex.IsMatch($0, "^[1-9][0-9]{0,3}\\\\z")',
  numberOf: 'int.Parse($0)',
  longerThan: '($0.Length > $1)',
  lessThan: '($0 < $1)',
  partCount: '$0.Split($1[0]).Length',
  part: '$0.Split($1[0])[$2]',
  lengthOf: '$0.Length',
  first: '$0.Substring(0, $1)',
  last: '$0.Substring($0.Length - $1)',
  join: '($0 + $1)',
  equals: '($0 == $1)',
  not: '!$0',
  both: '($0 && $1)',
  either: '($0 || $1)',
  choose: '($0 ? $1 : $2)',
} as const;

/** See the table. */
export type Primitive = keyof typeof PRIMITIVES;

export const text = (value: string): Expression => ({ text: value });
export const number = (value: number): Expression => ({ number: value });
export const name = (value: string): Expression => ({ name: value });
export const call = (primitive: Primitive, ...of: readonly Expression[]): Expression => ({ call: primitive, of });
export const kept = (variable: string): Expression => call('kept', text(variable));
export const equals = (one: Expression, other: Expression): Expression => call('equals', one, other);
export const not = (one: Expression): Expression => call('not', one);
export const both = (one: Expression, other: Expression): Expression => call('both', one, other);
/** At least one of them; none of them is false. */
export const anyOf = (all: readonly Expression[]): Expression =>
  all.length === 0 ? equals(text('a'), text('b')) : all.reduce((one, other) => call('either', one, other));
/** Whether it is one of a few texts. */
export const isOneOf = (one: Expression, texts: readonly string[]): Expression => anyOf(texts.map((each) => equals(one, text(each))));
export const answer = (be: string | Expression): Statement => ({ answer: typeof be === 'string' ? text(be) : be });
export const when = (condition: Expression, ...statements: readonly Statement[]): Statement => ({ when: condition, do: statements });
export const assign = (variable: string, be: Expression): Statement => ({ let: variable, be });

/** A program as a policy expression, on one line: XML does not keep line ends in attributes. */
export const csharp = (program: Program): string => `@{ ${program.map(statement).join(' ')} }`;

/** A single value as a policy expression. */
export const csharpOf = (one: Expression): string => `@(${expression(one)})`;

/** Characters that mean nothing to C#, XML or the gateway's own `{{…}}`; every other one is written by its number. */
const HARMLESS = /[A-Za-z0-9 _.,:#/-]/;

/** A text as a C# literal. */
export function literal(value: string): string {
  const escaped = Array.from({ length: value.length }, (_, index) => {
    const unit = value.charAt(index);
    return HARMLESS.test(unit) ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

const IDENTIFIER = /^[a-z][A-Za-z]*$/;

function identifier(value: string): string {
  if (!IDENTIFIER.test(value)) throw new RangeError(`policy expression: "${value}" is no name of a variable`);
  return value;
}

function expression(one: Expression): string {
  if ('text' in one) return literal(one.text);
  if ('number' in one) return String(one.number);
  if ('name' in one) return identifier(one.name);
  const of = one.of.map(expression);
  return PRIMITIVES[one.call].replace(/\$(\d)/g, (_, index: string) => of[Number(index)] ?? '');
}

function statement(one: Statement): string {
  const block = (all: readonly Statement[]) => `{ ${all.map(statement).join(' ')} }`;
  if ('let' in one) return `var ${identifier(one.let)} = ${expression(one.be)};`;
  if ('set' in one) return `${identifier(one.set)} = ${expression(one.be)};`;
  if ('when' in one) return `if (${expression(one.when)}) ${block(one.do)}`;
  if ('each' in one) return `foreach (var ${identifier(one.each)} in ${expression(one.in)}) ${block(one.do)}`;
  if ('scope' in one) return block(one.scope);
  if ('put' in one) return `${identifier(one.put)}[${literal(one.key)}] = ${expression(one.be)};`;
  if ('push' in one) return `${identifier(one.push)}.Add(${expression(one.be)});`;
  return `return ${expression(one.answer)};`;
}
