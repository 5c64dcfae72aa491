import type { Node } from '../../node';
import type { JsonPath } from './json';
import type { DeploymentScope } from './types';

/** Where an expression stands, which decides what its names mean. */
export interface Frame {
  /** Whose parameters, variables and functions count. */
  readonly names: Names;
  /** Which resources come first when one is meant by its name. */
  readonly home: number;
  readonly scope: DeploymentScope;
  readonly path: JsonPath;
  /** Index of each copy loop around, by the loop's name. */
  readonly loops: ReadonlyMap<string, Node>;
  /** Name of the innermost loop. */
  readonly loop?: string | undefined;
  /** Variables of lambdas around. */
  readonly locals: ReadonlyMap<string, Node>;
  /** Arguments of the user function that is being worked out; its parameters are the only ones it sees. */
  readonly given?: ReadonlyMap<string, Node>;
}

/** Parameters, variables and functions of one template. */
export interface Names {
  parameter(name: string, path: JsonPath): Node;
  variable(name: string, path: JsonPath): Node;
  userFunction(name: string): UserFunction | undefined;
  readonly deploymentName: Node;
}

export interface UserFunction {
  readonly parameters: readonly string[];
  readonly output: unknown;
  readonly path: JsonPath;
}
