/** `Fn::ForEach` of the transform `AWS::LanguageExtensions`: written out before anything is read. */
import { type Node, Residue, Unresolved } from '../../node';
import { type NodeMap, REST } from './text';

/** Most copies that all loops of a template make together; CloudFormation refuses templates of more than 500 resources. */
const MOST_COPIES = 100_000;
const PREFIX = 'Fn::ForEach::';

export interface LoopReader {
  /** The items of a collection; undefined where they are not known. */
  readonly itemsOf: (collection: Node) => readonly string[] | undefined;
  /** Told of a loop that stays as it is. */
  readonly unknown: (name: string, why: string) => void;
}

/** A copy of the tree with every loop written out whose collection is known. */
export function writeOutLoops(tree: Node, reader: LoopReader): Node {
  return new Loops(reader).expand(tree, NOTHING);
}

const NOTHING: ReadonlyMap<string, string> = new Map();

class Loops {
  #copies = 0;

  constructor(private readonly reader: LoopReader) {}

  expand(node: Node | undefined, bound: ReadonlyMap<string, string>): Node {
    if (typeof node === 'string') return bound.size === 0 ? node : substitute(node, bound);
    if (typeof node !== 'object' || node === null || node instanceof Residue) return node ?? null;
    if (Array.isArray(node)) return node.map((item) => this.expand(item as Node, bound));
    const map = node as NodeMap;
    const keys = Object.keys(map);
    if (keys.length === 1 && typeof map.Ref === 'string') return bound.get(map.Ref) ?? { Ref: substitute(map.Ref, bound) };
    const result: { [key: string]: Node } = Object.create(null);
    let incomplete: string | undefined;
    for (const key of keys) {
      if (!key.startsWith(PREFIX)) result[substitute(key, bound)] = this.expand(map[key], bound);
      else if (!this.#writeOut(map[key], bound, result)) {
        incomplete = key.slice(PREFIX.length);
        this.reader.unknown(incomplete, 'its collection is not known');
      }
    }
    // What a loop would add is not known, so nothing can be said to be absent. The sections of a template are read key by key.
    if (incomplete !== undefined) result[REST] = new Unresolved(`the loop ${incomplete}`);
    return result;
  }

  #writeOut(loop: Node | undefined, bound: ReadonlyMap<string, string>, into: { [key: string]: Node }): boolean {
    if (!Array.isArray(loop) || loop.length !== 3) return false;
    const [identifier, collection, body] = loop as readonly Node[];
    if (typeof identifier !== 'string' || typeof body !== 'object' || body === null || Array.isArray(body)) return false;
    const items = this.reader.itemsOf(this.expand(collection, bound));
    if (!items) return false;
    for (const item of items) {
      this.#copies += 1;
      if (this.#copies > MOST_COPIES) return false;
      Object.assign(into, this.expand(body, new Map([...bound, [identifier, item]])));
    }
    return true;
  }
}

/** `${Name}` stands for the item, `&{Name}` for its letters and digits alone. */
function substitute(text: string, bound: ReadonlyMap<string, string>): string {
  if (bound.size === 0 || !text.includes('{')) return text;
  return text.replace(/([$&])\{([^{}!]+)\}/g, (whole, sign: string, name: string) => {
    const item = bound.get(name);
    if (item === undefined) return whole;
    return sign === '$' ? item : item.replace(/[^A-Za-z0-9]/g, '');
  });
}
