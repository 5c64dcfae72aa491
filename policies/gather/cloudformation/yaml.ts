/**
 * Templates in YAML as CloudFormation reads them: short function tags, booleans of YAML 1.1, no dates, no octal or
 * base-60 numbers. Numbers that would change when written again (`8.10`, `012345678901`) stay texts.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
  type Node as YamlNode,
} from 'yaml';
import type { Node } from '../../node';
import { DEEPEST_NESTING, GatherError } from '../target';
import type { Located, Place } from './position';

/** Largest YAML file, in bytes. Its parser is slower than that of JSON; CloudFormation takes 1 MB. */
export const LARGEST_YAML = 64 * 1024 * 1024;
/** Most values that aliases repeat, all together. */
const MOST_REPEATED = 100_000;

const TOO_DEEP = `is nested deeper than ${DEEPEST_NESTING} levels: flatten it`;

const FUNCTIONS = [
  'Ref',
  'Condition',
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
];
const MORE_FUNCTIONS = ['Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'];
/** Declared so that the parser takes them for what they are; what they mean is decided while converting. */
const TAGS = [...FUNCTIONS, ...MORE_FUNCTIONS].flatMap((name) => [
  { tag: `!${name}`, resolve: (text: string) => text },
  { tag: `!${name}`, collection: 'map' as const, resolve: (map: YAMLMap.Parsed | YAMLSeq.Parsed) => map },
  { tag: `!${name}`, collection: 'seq' as const, resolve: (seq: YAMLMap.Parsed | YAMLSeq.Parsed) => seq },
]);

/** @throws GatherError with the line of the first mistake */
export function parseYaml(text: string, file: string): Node {
  const lines = new LineCounter();
  const document = compose(text, lines, file);
  const [mistake] = document.errors;
  if (mistake?.message.includes('call stack')) throw new GatherError(TOO_DEEP, file, lines.linePos(mistake.pos[0]).line);
  if (mistake?.code === 'MULTIPLE_DOCS')
    throw new GatherError('holds more than one document: keep one to a file', file, lines.linePos(mistake.pos[0]).line);
  if (mistake) throw new GatherError(`is not valid YAML: ${sentence(mistake.message)}`, file, lines.linePos(mistake.pos[0]).line);
  return new Conversion(document, (what, offset) => new GatherError(what, file, lines.linePos(offset).line)).convert();
}

function compose(text: string, lines: LineCounter, file: string): Document.Parsed {
  try {
    return parseDocument(text, {
      schema: 'failsafe',
      version: '1.1',
      customTags: TAGS,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
      lineCounter: lines,
    });
  } catch (error) {
    if (error instanceof RangeError) throw new GatherError(TOO_DEEP, file);
    throw new GatherError(`is not valid YAML: ${sentence(error instanceof Error ? error.message : String(error))}`, file);
  }
}

const sentence = (message: string): string => message.split('\n')[0]?.replace(/[:.]\s*$/, '') ?? '';

class Conversion {
  readonly #anchors = new Map<string, YamlNode>();
  /** Where the outermost alias stands that is being followed. */
  #repeating: number | undefined;
  #repeated = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly mistake: (what: string, offset: number) => GatherError,
  ) {}

  convert(): Node {
    return this.#node(this.document.contents, 0);
  }

  #node(node: YamlNode | null | undefined, depth: number): Node {
    if (!node) return null;
    const offset = node.range?.[0] ?? 0;
    if (depth > DEEPEST_NESTING) throw this.mistake(TOO_DEEP, offset);
    if (this.#repeating !== undefined) {
      this.#repeated += 1;
      if (this.#repeated > MOST_REPEATED)
        throw this.mistake(`has aliases that repeat more than ${MOST_REPEATED} values: write them out, or repeat less`, this.#repeating);
    }
    if (isAlias(node)) return this.#alias(node, offset, depth);
    if (node.anchor) this.#anchors.set(node.anchor, node);
    const plain = isScalar(node)
      ? scalar(node.value, node.type, node.tag)
      : isSeq(node)
        ? this.#list(node, depth, node.tag === '!FindInMap')
        : this.#map(node as YAMLMap, depth);
    return node.tag?.startsWith('!') && node.tag !== '!' ? tagged(node.tag.slice(1), plain) : plain;
  }

  #alias({ source }: Alias, offset: number, depth: number): Node {
    const target = this.#anchors.get(source);
    if (!target) throw this.mistake(`uses the alias *${source}, which names nothing that is written before it`, offset);
    const outer = this.#repeating;
    this.#repeating ??= offset;
    const node = this.#node(target, depth + 1);
    this.#repeating = outer;
    return node;
  }

  /** @param keys whether the items name keys of a map, which are texts even where they look like booleans (`NO`) */
  #list(list: YAMLSeq, depth: number, keys = false): Node {
    return list.items.map((item) =>
      keys && isScalar(item) && item.tag === undefined ? String(item.value ?? '') : this.#node(item as YamlNode, depth + 1),
    );
  }

  #map(map: YAMLMap, depth: number): Node {
    const entries = new Map<string, Node>();
    const merged: Node[] = [];
    for (const { key, value } of map.items as Pair<YamlNode, YamlNode | null>[]) {
      const offset = key?.range?.[0] ?? 0;
      if (!isScalar(key)) throw this.mistake('has a key that is not a text: write a text', offset);
      const name = String(key.value ?? '');
      if (name === '<<' && key.type === 'PLAIN') {
        const source = this.#node(value, depth + 1);
        merged.push(...(Array.isArray(source) ? (source as readonly Node[]) : [source]));
      } else if (entries.has(name)) throw this.mistake(`has the key "${name}" twice in one map: keep one`, offset);
      else if (name === 'Fn::FindInMap' && isSeq(value)) entries.set(name, this.#list(value, depth + 1, true));
      else entries.set(name, this.#node(value, depth + 1));
    }
    for (const source of merged) {
      if (typeof source !== 'object' || source === null) continue;
      for (const [name, value] of Object.entries(source)) if (!entries.has(name)) entries.set(name, value as Node);
    }
    return Object.fromEntries(entries);
  }
}

function tagged(name: string, argument: Node): Node {
  return { [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: argument };
}

const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

function scalar(value: unknown, style: string | undefined, tag: string | undefined): Node {
  if (typeof value !== 'string') return (value ?? null) as Node;
  const standard = tag?.startsWith('tag:yaml.org,2002:') ? tag.slice('tag:yaml.org,2002:'.length) : undefined;
  if (standard === 'str' || (standard === undefined && style !== 'PLAIN') || tag?.startsWith('!')) return value;
  if (TRUE.test(value)) return true;
  if (FALSE.test(value)) return false;
  if (NULL.test(value)) return null;
  if (NUMBER.test(value) && String(Number(value)) === value) return Number(value);
  return value;
}

/** Finds places in a document; it is parsed again when something is printed, so that reading keeps no positions. */
export class YamlPlaces implements Located<YamlNode | null> {
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #pairs = new Map<YAMLMap, ReadonlyMap<string, Pair<YamlNode, YamlNode | null>>>();

  constructor(text: string, file: string) {
    this.#document = compose(text, this.#lines, file);
  }

  get root(): YamlNode | null {
    return this.#document.contents;
  }

  child(value: YamlNode | null, key: string): { readonly name: number; readonly value: YamlNode | null } | undefined {
    const node = this.#resolved(value);
    // A short tag stands for a map with one key.
    if (node?.tag?.startsWith('!') && key === `Fn::${node.tag.slice(1)}`) return { name: node.range?.[0] ?? 0, value: node };
    if (isSeq(node)) {
      const item = node.items[Number(key)] as YamlNode | undefined;
      return item && { name: item.range?.[0] ?? 0, value: item };
    }
    if (!isMap(node)) return undefined;
    const pair = this.#pairsOf(node).get(key);
    if (pair) return { name: pair.key.range?.[0] ?? 0, value: pair.value };
    return this.#mergedChild(node, key);
  }

  *keys(value: YamlNode | null): Iterable<string> {
    const node = this.#resolved(value);
    if (isMap(node)) for (const { key } of node.items) if (isScalar(key)) yield String(key.value ?? '');
  }

  position(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }

  /** The pairs of a map by key, indexed once: a section of thousands of resources is asked for each of them. */
  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair<YamlNode, YamlNode | null>> {
    let pairs = this.#pairs.get(map);
    if (!pairs) {
      pairs = new Map(
        (map.items as Pair<YamlNode, YamlNode | null>[]).map((pair) => [isScalar(pair.key) ? String(pair.key.value ?? '') : '', pair]),
      );
      this.#pairs.set(map, pairs);
    }
    return pairs;
  }

  #mergedChild(node: YAMLMap, key: string): { readonly name: number; readonly value: YamlNode | null } | undefined {
    if (key === '<<') return undefined;
    for (const { key: name, value } of node.items as Pair<YamlNode, YamlNode | null>[]) {
      if (!isScalar(name) || name.value !== '<<') continue;
      const source = this.#resolved(value);
      for (const each of isSeq(source) ? (source.items as YamlNode[]) : [source]) {
        const found = this.child(each, key);
        if (found) return found;
      }
    }
    return undefined;
  }

  #resolved(value: YamlNode | null): YamlNode | null {
    return isAlias(value) ? ((value.resolve(this.#document) as YamlNode | undefined) ?? null) : value;
  }
}
