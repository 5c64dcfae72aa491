import { type Node, Secret, Unresolved } from '../../node';
import { Choice } from './choice';
import type { Frame, Names, UserFunction } from './context';
import type { Evaluator } from './evaluator';
import type { JsonPath } from './json';
import { withOrigin } from './origins';
import type { Session } from './session';
import type { DeploymentScope } from './types';
import { EvaluationFailure } from './values';

export type Written = Readonly<Record<string, unknown>>;
export const isMap = (written: unknown): written is Written => typeof written === 'object' && written !== null && !Array.isArray(written);

/** Most allowed values of a parameter without a default that are each judged by themselves. */
const MOST_ALLOWED = 6;

interface Place {
  readonly path: JsonPath;
  readonly home: number;
  readonly scope: DeploymentScope;
  readonly deploymentName: Node;
  /** What the deployment around passes; undefined for a template of its own. */
  readonly given?: ReadonlyMap<string, () => Node>;
}

/** Parameters, variables, functions and outputs of one template, worked out when they are asked for. */
export class TemplateNames implements Names {
  readonly deploymentName: Node;
  readonly #values = new Map<string, { readonly epoch: number; readonly value: Node }>();
  readonly #open = new Set<string>();
  readonly #sections = new Map<string, ReadonlyMap<string, readonly [name: string, written: unknown]>>();

  constructor(
    private readonly template: Written,
    private readonly place: Place,
    private readonly evaluator: Evaluator,
  ) {
    this.deploymentName = place.deploymentName;
  }

  private get session(): Session {
    return this.evaluator.session;
  }

  parameter(wanted: string, path: JsonPath): Node {
    const found = this.#declared('parameters', wanted);
    if (!found) throw this.session.error(`uses parameter "${wanted}", which is not declared: add it under "parameters"`, path);
    const [name, written] = found;
    return this.#once(`parameter ${name}`, path, () => this.#parameter(name, isMap(written) ? written : {}));
  }

  #parameter(name: string, written: Written): Node {
    const type = String(this.#resolvedType(written)).toLowerCase();
    const given = this.place.given?.get(name.toLowerCase());
    if (type === 'securestring' || type === 'secureobject') return withOrigin(new Secret(), { parameter: name });
    if (given) return given();
    const words = `parameter ${name}`;
    if (written.defaultValue !== undefined)
      return this.evaluator.value(written.defaultValue, this.#frame(['parameters', name, 'defaultValue']));
    if (written.nullable === true) return null;
    const allowed = Array.isArray(written.allowedValues)
      ? written.allowedValues.filter((value) => typeof value === 'string' || typeof value === 'number')
      : [];
    if (allowed.length > 0 && allowed.length <= MOST_ALLOWED) return oneOf(words, allowed);
    return type === 'bool' ? Choice.undecided(words) : new Unresolved(words);
  }

  /** The type, through the template's own type definitions. */
  #resolvedType(written: Written): unknown {
    let current = written;
    for (let turns = 0; turns < 10 && typeof current.$ref === 'string'; turns += 1) {
      const definition = this.#declared('definitions', current.$ref.replace('#/definitions/', ''))?.[1];
      if (!isMap(definition)) break;
      current = definition;
    }
    return current.type;
  }

  variable(wanted: string, path: JsonPath): Node {
    const found = this.#declared('variables', wanted);
    if (found) return this.#once(`variable ${found[0]}`, path, () => this.evaluator.value(found[1], this.#frame(['variables', found[0]])));
    const loops = isMap(this.template.variables) && Array.isArray(this.template.variables.copy) ? this.template.variables.copy : [];
    const index = loops.findIndex((loop) => isMap(loop) && String(loop.name).toLowerCase() === wanted.toLowerCase());
    if (index < 0) throw this.session.error(`uses variable "${wanted}", which is not declared: add it under "variables"`, path);
    const { name, count, input } = loops[index] as Written;
    return this.#once(`variable ${name}`, path, () =>
      this.evaluator.loop(String(name), count, input, this.#frame(['variables', 'copy', index])),
    );
  }

  userFunction(name: string): UserFunction | undefined {
    const [namespace, member] = name.toLowerCase().split('.');
    const spaces = Array.isArray(this.template.functions) ? this.template.functions : [];
    for (const [index, space] of spaces.entries()) {
      if (!isMap(space) || String(space.namespace).toLowerCase() !== namespace || !isMap(space.members)) continue;
      const key = Object.keys(space.members).find((candidate) => candidate.toLowerCase() === member);
      const written = key === undefined ? undefined : space.members[key];
      if (!isMap(written) || !isMap(written.output)) continue;
      const parameters = Array.isArray(written.parameters)
        ? written.parameters.map((parameter) => String(isMap(parameter) ? parameter.name : parameter))
        : [];
      return {
        parameters,
        output: written.output.value,
        path: [...this.place.path, 'functions', index, 'members', key as string, 'output', 'value'],
      };
    }
    return undefined;
  }

  #frame(path: JsonPath): Frame {
    const { home, scope } = this.place;
    return { names: this, home, scope, path: [...this.place.path, ...path], loops: new Map(), locals: new Map() };
  }

  /** A section by lower-case name: names do not depend on case. */
  #declared(section: string, wanted: string): readonly [string, unknown] | undefined {
    let entries = this.#sections.get(section);
    if (!entries) {
      const written = this.template[section];
      const listed = isMap(written) ? Object.entries(written) : [];
      const values = listed.filter(([name]) => !(section === 'variables' && name === 'copy'));
      entries = new Map(values.map((entry) => [entry[0].toLowerCase(), entry]));
      this.#sections.set(section, entries);
    }
    return entries.get(wanted.toLowerCase());
  }

  /** Works a value out once, again when more resources are known, and refuses one that needs itself. */
  #once(key: string, path: JsonPath, work: () => Node): Node {
    const known = this.#values.get(key);
    if (known?.epoch === this.session.epoch) return known.value;
    if (this.#open.has(key)) throw this.session.error(`goes in a circle: ${key} is computed from itself`, path);
    this.#open.add(key);
    try {
      const value = work();
      this.#values.set(key, { epoch: this.session.epoch, value });
      return value;
    } catch (error) {
      if (error instanceof EvaluationFailure) return new Unresolved(`an expression that fails: ${error.message}`);
      throw error;
    } finally {
      this.#open.delete(key);
    }
  }
}

/** A parameter that takes exactly one of a few values: a chain of choices, so that never two are true at once. */
function oneOf(words: string, allowed: readonly (string | number)[]): Node {
  const [value, ...others] = allowed;
  if (others.length === 0) return value as Node;
  return Choice.between(`${words} equals ${JSON.stringify(value)}`, value as Node, oneOf(words, others));
}
