/** Which resources a written tree could refer to, in any world, without deciding anything. */
import { type Node, Reference, Residue } from '../../node';
import { subPieces } from './functions';
import { asMap, type NodeMap, shapeOf } from './text';

/** What has to be known of the template in which the tree is written. */
export interface MentionReader {
  readonly init: { readonly id: string };
  readonly resources: NodeMap;
  reduce(node: Node): Node | undefined;
  output(name: string): Node | undefined;
  passed(name: string): Source | undefined;
  child(logicalId: string): MentionReader | undefined;
  importSources(shape: string): readonly Source[];
  possibleSources(shape: string): readonly Source[];
  stackOutput(argument: NodeMap): Source | undefined;
}

interface Source {
  readonly scope: MentionReader;
  readonly value: Node;
}

/** Deepest tree, and longest chain through parameters and outputs, that is followed. */
const DEEPEST = 250;

export function collectMentions(node: Node | undefined, reader: MentionReader, found: Set<string>): void {
  new Walk(found).tree(node, reader, 0);
}

class Walk {
  /** What has been followed already, so that a value used twice is followed once and a circle ends. */
  readonly #followed = new Set<string>();

  constructor(private readonly found: Set<string>) {}

  tree(node: Node | undefined, reader: MentionReader, depth: number): void {
    if (typeof node !== 'object' || node === null || depth > DEEPEST) return;
    if (node instanceof Reference) this.found.add(node.target);
    if (node instanceof Residue) return;
    if (Array.isArray(node)) {
      for (const item of node) this.tree(item as Node, reader, depth + 1);
      return;
    }
    const map = node as NodeMap;
    for (const key in map) {
      const value = map[key];
      if (key === 'Ref') this.name(value, reader, depth);
      else if (key === 'Fn::GetAtt') this.attribute(value, reader, depth);
      else if (key === 'Fn::Sub') this.text(value, reader, depth);
      else if (key === 'Fn::ImportValue') this.imported(value, reader, depth);
      else if (key === 'Fn::GetStackOutput') this.output(value, reader, depth);
      this.tree(value, reader, depth + 1);
    }
  }

  private name(written: Node | undefined, reader: MentionReader, depth: number): void {
    const name = typeof written === 'object' && written !== null ? reader.reduce(written) : written;
    if (typeof name !== 'string') return;
    if (name.includes('/')) this.found.add(name);
    else if (Object.hasOwn(reader.resources, name)) this.found.add(`${reader.init.id}/${name}`);
    else this.#once(`${reader.init.id} ${name}`, reader.passed(name), depth);
  }

  private attribute(written: Node | undefined, reader: MentionReader, depth: number): void {
    const [id, ...rest] = typeof written === 'string' ? written.split('.') : Array.isArray(written) ? written : [];
    if (typeof id !== 'string') return;
    const [logicalId = '', ...more] = id.split('.');
    const attribute = [...more, ...rest].filter((part) => typeof part === 'string').join('.');
    this.name(logicalId, reader, depth);
    const child = attribute.startsWith('Outputs.') ? reader.child(logicalId) : undefined;
    const value = child?.output(attribute.slice('Outputs.'.length));
    if (child && value !== undefined) this.#once(`${child.init.id} ${attribute}`, { scope: child, value }, depth);
  }

  private text(written: Node | undefined, reader: MentionReader, depth: number): void {
    const text = Array.isArray(written) ? written[0] : written;
    if (typeof text !== 'string') return;
    for (const piece of subPieces(text)) {
      if ('literal' in piece) continue;
      if (piece.name.includes('.')) this.attribute(piece.name, reader, depth);
      else this.name(piece.name, reader, depth);
    }
  }

  private imported(written: Node | undefined, reader: MentionReader, depth: number): void {
    const shape = shapeOf(written === undefined ? undefined : reader.reduce(written));
    if (shape === undefined) return;
    const exact = reader.importSources(shape);
    const sources = exact.length === 0 && shape.includes('${') ? reader.possibleSources(shape) : exact;
    for (const source of sources) this.#once(`${source.scope.init.id} export ${shape}`, source, depth);
  }

  private output(written: Node | undefined, reader: MentionReader, depth: number): void {
    const source = reader.stackOutput(asMap(written));
    if (source) this.#once(`${source.scope.init.id} output ${JSON.stringify(asMap(written).OutputName)}`, source, depth);
  }

  #once(key: string, source: Source | undefined, depth: number): void {
    if (!source || this.#followed.has(key)) return;
    this.#followed.add(key);
    this.tree(source.value, source.scope, depth + 1);
  }
}
