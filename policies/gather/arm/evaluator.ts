import { type Node, Reference, Secret, Unresolved } from '../../node';
import { DEEPEST_NESTING } from '../target';
import { partsOf, shapeOf, wordsOf } from './choice';
import type { Frame } from './context';
import { type Expression, ExpressionError, isExpression, parseExpression } from './expression';
import { callFunction } from './functions';
import { withOrigin } from './origins';
import type { Evaluation, Session } from './session';
import { Lambda, specialFunction } from './specials';
import { access, EvaluationFailure, sized, TooLarge, unresolvedCall } from './values';

/** Works out what a template writes: literals, expressions and property loops. What is not static becomes a residue. */
export class Evaluator implements Evaluation {
  constructor(readonly session: Session) {}

  /** The value of anything in the template. @throws GatherError for what no deployment would take */
  value(written: unknown, frame: Frame): Node {
    if (typeof written === 'string') return this.text(written, frame);
    if (written === null || typeof written === 'number' || typeof written === 'boolean') return written;
    return this.session.within(frame.path, () => {
      if (frame.path.length > DEEPEST_NESTING * 2) throw this.session.error('is nested too deeply: flatten it', frame.path);
      if (Array.isArray(written))
        return this.#sized(
          written.map((item, index) => this.value(item, below(frame, index))),
          frame,
        );
      return typeof written === 'object' ? this.#sized(this.#object(written as Readonly<Record<string, unknown>>, frame), frame) : null;
    });
  }

  #sized(value: Node, frame: Frame): Node {
    try {
      return this.session.literal ? value : sized(value);
    } catch (error) {
      if (error instanceof TooLarge) throw this.session.error(`computes ${error.message}: shorten it`, frame.path);
      throw error;
    }
  }

  /** The value of a string that may be an expression. */
  text(written: string, frame: Frame): Node {
    if (this.session.literal) return this.session.registry.resolveId(written, frame.home);
    if (!isExpression(written)) return this.session.registry.resolveId(written.startsWith('[[') ? written.slice(1) : written, frame.home);
    return this.session.within(frame.path, () => {
      try {
        const value = this.evaluate(parseExpression(written), frame);
        if (value instanceof Lambda) return new Unresolved('a lambda');
        return this.session.registry.resolveId(value, frame.home);
      } catch (error) {
        if (error instanceof ExpressionError)
          throw this.session.error(`has an expression that cannot be read (${error.message}): mend it`, frame.path);
        if (error instanceof TooLarge) throw this.session.error(`computes ${error.message}: shorten it`, frame.path);
        if (error instanceof EvaluationFailure) return new Unresolved(`an expression that fails: ${error.message}`);
        throw error;
      }
    });
  }

  #object(written: Readonly<Record<string, unknown>>, frame: Frame): Node {
    const result: Record<string, Node> = {};
    for (const [key, child] of Object.entries(written)) {
      if (key === 'copy' && isPropertyLoop(child) && !this.session.literal) {
        child.forEach((loop, index) => {
          result[loop.name] = this.loop(loop.name, loop.count, loop.input, below(below(frame, 'copy'), index));
        });
      } else if (key === 'userAssignedIdentities' && frame.path[frame.path.length - 1] === 'identity' && isMap(child)) {
        // ARM keeps them as keys, azure-native as a list: only as values can they stay references.
        result[key] = Object.keys(child).map((id) => this.text(id, below(frame, key)));
      } else result[isExpression(key) ? this.#key(key, frame) : key] = this.value(child, below(frame, key));
    }
    return result;
  }

  #key(key: string, frame: Frame): string {
    const value = this.text(key, frame);
    return partsOf(value) ? shapeOf(value) : wordsOf(value);
  }

  /** The values of a property, variable or output loop; one for all where nobody knows how many there are. */
  loop(name: string, count: unknown, input: unknown, frame: Frame): Node {
    const wanted = this.count(count, frame);
    const at = below(frame, 'input');
    const once = (index: Node) => this.value(input, { ...at, loops: new Map(at.loops).set(name.toLowerCase(), index), loop: name });
    if (typeof wanted !== 'number') return [once(new Unresolved(`the turn of loop "${name}"`))];
    return Array.from({ length: wanted }, (_, index) => once(index));
  }

  /** How often a loop runs; undefined where that is not static. */
  count(written: unknown, frame: Frame): number | undefined {
    const value = this.value(written, below(frame, 'count'));
    const wanted = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof wanted !== 'number') return undefined;
    if (wanted < 0 || wanted > MOST_COPIES || !Number.isInteger(wanted))
      throw this.session.error(`copies ${wanted} times: a loop runs 0 to ${MOST_COPIES} times`, below(frame, 'count').path);
    return wanted;
  }

  /** The value of a part of an expression. @throws EvaluationFailure, TooLarge */
  evaluate(expression: Expression, frame: Frame): Node {
    return this.session.within(frame.path, () => {
      switch (expression.kind) {
        case 'literal':
          return expression.value;
        case 'access':
          return this.#access(expression, frame);
        case 'call':
          return this.#call(expression.name, expression.args, frame);
      }
    });
  }

  #access({ of, key, safe }: Expression & { kind: 'access' }, frame: Frame): Node {
    const value = this.evaluate(of, frame);
    const found = access(value, this.evaluate(key, frame), safe);
    return found instanceof Reference ? this.#runtime(found) : found;
  }

  /** What deployment tells of a resource, as far as the template says it too: the outputs of nested deployments. */
  #runtime(reference: Reference): Node {
    const output = /^outputs\.([^.[]+)\.value$/i.exec(reference.attribute ?? '')?.[1];
    if (output === undefined) return reference;
    const value = this.session.registry.get(reference.target)?.output?.(output);
    return value === undefined ? reference : value;
  }

  /** Of which resource a function lists something; undefined where the template does not say it in a way that can be worked out. */
  #asked(arg: Expression | undefined, frame: Frame): Node | undefined {
    try {
      return arg && this.evaluate(arg, frame);
    } catch (error) {
      if (error instanceof EvaluationFailure) return undefined;
      throw error;
    }
  }

  #call(name: string, args: readonly Expression[], frame: Frame): Node {
    const special = specialFunction(name);
    if (special) return special(this, args, frame, name);
    if (/^list[a-z]*$/i.test(name)) return withOrigin(new Secret(), { call: name, of: () => this.#asked(args[0], frame) });
    const values = args.map((arg) => this.evaluate(arg, frame));
    if (values.some((value) => value instanceof Lambda)) throw new EvaluationFailure(`${name}() takes no lambda`);
    const own = name.includes('.') ? frame.names.userFunction(name) : undefined;
    if (!own) {
      const result = callFunction(name, values);
      return result === undefined ? unresolvedCall(name, values) : result;
    }
    const given = new Map(own.parameters.map((parameter, index) => [parameter.toLowerCase(), values[index] ?? null] as const));
    return this.value(own.output, { ...frame, path: own.path, locals: new Map(), given });
  }
}

/** Most turns of a loop. Source: "Template limits", Azure Resource Manager documentation. */
export const MOST_COPIES = 800;

export const below = (frame: Frame, key: string | number): Frame => ({ ...frame, path: [...frame.path, key] });
const isMap = (written: unknown): written is Readonly<Record<string, unknown>> =>
  typeof written === 'object' && written !== null && !Array.isArray(written);

function isPropertyLoop(written: unknown): written is { name: string; count: unknown; input: unknown }[] {
  return (
    Array.isArray(written) &&
    written.length > 0 &&
    written.every((loop) => isMap(loop) && typeof loop.name === 'string' && 'count' in loop && 'input' in loop)
  );
}
