import type { Holder, SdkDefaults } from './holder';
import { type Node, PLAIN_SCOPE, type Scope } from './node';
import { Value } from './value';

export type Cloud = 'aws' | 'azure';

/** Where something is written. Lines and columns start at 1. */
export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What is deployed together: a stack, a template, a Pulumi program. */
export interface Unit {
  /** Stack path, template file or Pulumi project/stack. Unique in a graph. */
  readonly id: string;
  readonly cloud: Cloud;
  /** Region or Azure location, where the input fixes it. */
  readonly region?: string | undefined;
  /** Account id or subscription id, where the input fixes it. */
  readonly account?: string | undefined;
  /** The data profile declared inside the unit, as written (see `controls/tier`). */
  readonly profile?: unknown;
  /** What the unit is read with. */
  readonly scope: Scope;
  /** Finds a property of a resource in the source; called only for what is printed. */
  readonly locate?: (resource: Resource, propertyPath?: string) => Location | undefined;
}

/** What a gatherer says of one resource. */
export interface ResourceInit {
  /** Unique in the graph: `<unit>/<logical id>`, or the URN. */
  readonly id: string;
  /** Logical id in its template, or the Pulumi name. */
  readonly logicalId: string;
  /**
   * Canonical type. AWS: the CloudFormation type. Azure: the Pulumi token without an API version
   * (`azure-native:storage:StorageAccount`), also for ARM input.
   */
  readonly type: string;
  /** The type as it was written (`azure-native:storage/v20230101:StorageAccount`, `Microsoft.Storage/storageAccounts`). */
  readonly token?: string;
  readonly properties: Node;
  /** What surrounds the properties: `DeletionPolicy`, `Metadata`, … or Pulumi options (`protect`, `retainOnDelete`, …). */
  readonly options?: { readonly [key: string]: Node | undefined };
  /** Values under which the service knows the resource (bucket name …), as written; used to join by name. */
  readonly names?: readonly Node[];
  /** Condition that must hold for the resource to exist at all (CloudFormation `Condition`), already known not to be false. */
  readonly condition?: string | undefined;
  /** Construct path or the chain of Pulumi component names. */
  readonly path?: string | undefined;
  /** Id of the parent in the graph (Pulumi parent, ARM scope). */
  readonly parent?: string | undefined;
  /** What the SDK wrote by itself, where the gatherer can tell. */
  readonly sdkDefaults?: SdkDefaults | undefined;
  /** Ids of the resources that each property was made from, where the engine tells: also where the value itself no longer does. */
  readonly dependencies?: { readonly [property: string]: readonly string[] } | undefined;
  /** Source position known while gathering; otherwise `Unit.locate` is asked. */
  readonly location?: Location | undefined;
}

const NO_DEPENDENCIES = {};

/** Resources of which something has been read: all rules of one resource read the same values, the next one has others. */
const warm: Resource[] = [];
let passing = false;

/** One resource as it will be deployed. Rules read it through {@link Resource.at}. */
export class Resource implements Holder {
  readonly id: string;
  readonly logicalId: string;
  readonly type: string;
  readonly token: string;
  readonly properties: Node;
  readonly options: { readonly [key: string]: Node | undefined };
  readonly names: readonly Node[];
  readonly condition: string | undefined;
  readonly path: string | undefined;
  readonly parent: string | undefined;
  readonly sdkDefaults: SdkDefaults | undefined;
  readonly dependencies: { readonly [property: string]: readonly string[] };
  readonly #location: Location | undefined;
  #read: Value | undefined;
  /** World in which it was read. */
  #readIn = 0;

  constructor(
    init: ResourceInit,
    readonly unit: Unit,
  ) {
    this.id = init.id;
    this.logicalId = init.logicalId;
    this.type = init.type;
    this.token = init.token ?? init.type;
    this.properties = init.properties;
    this.options = init.options ?? {};
    this.names = init.names ?? [];
    this.condition = init.condition;
    this.path = init.path;
    this.parent = init.parent;
    this.sdkDefaults = init.sdkDefaults;
    this.dependencies = init.dependencies ?? NO_DEPENDENCIES;
    this.#location = init.location;
  }

  get cloud(): Cloud {
    return this.unit.cloud;
  }

  get scope(): Scope {
    return this.unit.scope ?? PLAIN_SCOPE;
  }

  /** Reads a property by its path: `resource.at('BucketEncryption.ServerSideEncryptionConfiguration')`. */
  at(path: string): Value {
    return this.all.at(path);
  }

  /** All properties as one value. */
  get all(): Value {
    const generation = this.scope.worlds?.generation ?? 0;
    if (this.#read !== undefined && this.#readIn === generation) return this.#read;
    if (passing) return Value.root(this, this.properties);
    if (this.#read === undefined) warm.push(this);
    this.#readIn = generation;
    this.#read = Value.root(this, this.properties);
    return this.#read;
  }

  /** Forgets what rules have read of the resources judged so far; they can always be read again. */
  static forgetReads(): void {
    for (const resource of warm) resource.#read = undefined;
    warm.length = 0;
  }

  /** For work that passes through many resources once, as an index does: what it reads is not kept. */
  static inPassing<T>(work: () => T): T {
    const outer = passing;
    passing = true;
    try {
      return work();
    } finally {
      passing = outer;
    }
  }

  /** Reads what surrounds the properties: `resource.option('DeletionPolicy')`, `resource.option('protect')`. */
  option(path: string): Value {
    return Value.root(this, this.options as Node, '').at(path);
  }

  /** Where the resource, or one of its properties, is written. */
  locate(propertyPath?: string): Location | undefined {
    return this.unit.locate?.(this, propertyPath) ?? this.#location;
  }
}
