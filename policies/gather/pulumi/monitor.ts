/**
 * The engine's side of a Pulumi program: takes registrations, answers as a preview of a stack that does not exist yet, creates
 * nothing and asks nobody.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Server, ServiceDefinition, sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { LogRequest } from '@pulumi/pulumi/proto/engine_pb';
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceCallRequest,
  ResourceInvokeRequest,
  ResourceInvokeResponse,
} from '@pulumi/pulumi/proto/resource_pb';
import type { SourcePosition } from '@pulumi/pulumi/proto/source_pb';
import type { Node } from '../../node';
import type { Answers } from './answers';
import { decodeInputs } from './decode';
import { previewedOutputs } from './outputs';
import { options, type ResourceOptions, type ResourceRecord } from './record';
import type { PulumiRuntime } from './runtime';
import { Transforms } from './transforms';
import { canonicalType, isDynamicType, isProviderType, STACK_REFERENCE_TYPE, STACK_TYPE, urnOf, urnOfProvider } from './urn';
import { DEFAULTS, holdsSecret, isMap, OUTPUT, type Plain, SECRET, signatureOf, TRACE } from './wire';

/** Features by their old names and, as numbers, by their new ones: those of a current engine that a dry run can keep. */
const FEATURES = new Set([
  ...['secrets', 'resourceReferences', 'outputValues', 'aliasSpecs', 'deletedWith', 'replaceWith', 'transforms'],
  ...['invokeTransforms', 'parameterization', 'resourceHooks', 'errorHooks'],
]);
const FEATURE_NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14];
/** Messages hold whole files of text now and then; the engine allows as much. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;
const LOG_ERROR = 3;

type Struct = { toJavaScript(): unknown } | undefined;
const toPlain = (struct: Struct): Plain => (struct?.toJavaScript() ?? {}) as Plain;

export interface MonitorSettings {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  /** What the user says in place of the cloud. */
  readonly answers: Answers;
  /** Turns a source position into a location; undefined for places outside the program. */
  readonly locate: (position: { readonly uri: string; readonly line: number; readonly column: number }) => ResourceRecord['location'];
}

/** One dry run. Ask for the results when the program has ended. */
export class Monitor {
  readonly records = new Map<string, ResourceRecord>();
  /** What could not be modelled, each said once. */
  readonly notes = new Set<string>();
  /** Errors that the program logged. */
  readonly errors: string[] = [];
  /** Whether the program registered the outputs of the stack, and whether it told that it is done (newer SDKs). */
  ended = { outputs: false, signal: false };

  readonly #transforms: Transforms;
  readonly #server: Server;
  readonly #outputs = new Map<string, Plain>();
  #root = '';

  constructor(
    private readonly runtime: PulumiRuntime,
    private readonly settings: MonitorSettings,
  ) {
    this.#transforms = new Transforms(runtime);
    this.#server = new runtime.grpc.Server({
      'grpc.max_receive_message_length': LARGEST_MESSAGE,
      'grpc.max_send_message_length': LARGEST_MESSAGE,
    });
  }

  /** Whether the program came to its end; versions of the SDK that tell so must have told. */
  get finished(): boolean {
    return this.ended.outputs && (this.ended.signal || !this.runtime.signals);
  }

  /** Starts listening on this machine only; answers with the address. */
  async listen(): Promise<string> {
    const { grpc, services } = this.runtime;
    this.#serve(services.ResourceMonitorService, this.#monitorMethods());
    this.#serve(services.EngineService, this.#engineMethods());
    const port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    return `127.0.0.1:${port}`;
  }

  close(): void {
    this.#transforms.close();
    this.#server.forceShutdown();
  }

  #serve(definition: ServiceDefinition, methods: Record<string, (request: never) => unknown>): void {
    const { grpc } = this.runtime;
    const implementation: UntypedServiceImplementation = {};
    for (const name of Object.keys(definition)) {
      const method = methods[name] as ((request: unknown) => unknown) | undefined;
      implementation[name] = async (call: { request: unknown }, answer: sendUnaryData<unknown>) => {
        if (!method) return answer({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not available in a dry run` });
        try {
          answer(null, await method(call.request));
        } catch (error) {
          answer({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        }
      };
    }
    this.#server.addService(definition, implementation);
  }

  #monitorMethods(): Record<string, (request: never) => unknown> {
    const { resource, empty } = this.runtime;
    const nothing = () => new empty.Empty();
    return {
      supportsFeature: (request: { getId(): string }) => {
        const answer = new resource.SupportsFeatureResponse();
        answer.setHassupport(FEATURES.has(request.getId()));
        return answer;
      },
      getDeploymentInfo: () => this.#deployment(),
      registerResource: (request: RegisterResourceRequest) => this.#register(request),
      readResource: (request: ReadResourceRequest) => this.#read(request),
      registerResourceOutputs: (request: RegisterResourceOutputsRequest) => {
        if (request.getUrn() === this.#root) this.ended.outputs = true;
        return nothing();
      },
      invoke: (request: ResourceInvokeRequest) => this.#invoke(request),
      call: (request: ResourceCallRequest) => {
        this.notes.add(`the method ${request.getTok()} is answered as unknown`);
        return this.#answerTo('ResourceMonitorService', 'call');
      },
      existsResource: () => {
        const answer = new resource.ExistsResourceResponse();
        answer.setUnknown(true);
        return answer;
      },
      registerStackTransform: (request: Parameters<Transforms['addToStack']>[0]) => {
        this.#transforms.addToStack(request);
        return nothing();
      },
      registerStackInvokeTransform: (request: Parameters<Transforms['addToInvokes']>[0]) => {
        this.#transforms.addToInvokes(request);
        return nothing();
      },
      registerResourceHook: nothing,
      registerErrorHook: nothing,
      registerPackage: (request: { getName(): string; getVersion(): string }) => {
        const answer = new resource.RegisterPackageResponse();
        answer.setRef(`${request.getName()}@${request.getVersion()}`);
        return answer;
      },
      signalAndWaitForShutdown: () => {
        this.ended.signal = true;
        return nothing();
      },
    };
  }

  #engineMethods(): Record<string, (request: never) => unknown> {
    const { engine, empty } = this.runtime;
    return {
      log: (request: LogRequest) => {
        if (request.getSeverity() === LOG_ERROR) this.errors.push(request.getMessage());
        return new empty.Empty();
      },
      getRootResource: () => {
        const answer = new engine.GetRootResourceResponse();
        answer.setUrn(this.#root);
        return answer;
      },
      setRootResource: (request: { getUrn(): string }) => {
        this.#root = request.getUrn();
        return new engine.SetRootResourceResponse();
      },
      requirePulumiVersion: () => this.#answerTo('EngineService', 'requirePulumiVersion'),
    };
  }

  /** An empty answer of the type that this version of the SDK expects. */
  #answerTo(service: 'ResourceMonitorService' | 'EngineService', method: string): unknown {
    const { responseType } = this.runtime.services[service][method] as unknown as { responseType: new () => unknown };
    return new responseType();
  }

  #deployment(): unknown {
    const { project, stack, organization } = this.settings;
    const info = new this.runtime.resource.DeploymentInfo();
    info.setProject(project);
    info.setStack(stack);
    info.setOrganization(organization);
    info.setDryrun(true);
    info.setSupportedfeaturesList(FEATURE_NUMBERS);
    return info;
  }

  async #register(request: RegisterResourceRequest): Promise<unknown> {
    const { resource, struct } = this.runtime;
    const trace = takeTrace(request);
    const defaults = takeDefaults(request);
    const before = toPlain(request.getObject());
    await this.#transforms.apply(request);
    const type = request.getType();
    const urn = urnOf(this.settings.stack, this.settings.project, request.getParent(), type, request.getName());
    if (this.records.has(urn)) throw new Error(`duplicate resource URN '${urn}'; try giving it a unique name`);
    this.#transforms.keep(urn, request.getTransformsList(), request.getParent());
    const inputs = toPlain(request.getObject());
    if (type === STACK_TYPE) this.#root = urn;
    else {
      const dependencies = dependenciesOf(request);
      this.records.set(urn, {
        urn,
        type,
        name: request.getName(),
        custom: request.getCustom(),
        external: false,
        parent: this.#parentOf(request.getParent()),
        inputs: decodeInputs(traced(inputs, before, trace), (key) => dependencies[key] ?? []),
        dependencies,
        options: this.#optionsOf(request),
        location: this.#locationOf(request),
        ...(defaults ? { defaults: unchanged(defaults, before, inputs) } : {}),
      });
    }
    this.#noteOn(type, request.getName(), request.getRemote());
    const outputs = previewedOutputs(type, inputs, request.getCustom());
    this.#outputs.set(urn, outputs);
    const answer = new resource.RegisterResourceResponse();
    answer.setUrn(urn);
    answer.setObject(struct.Struct.fromJavaScript(outputs as Parameters<typeof struct.Struct.fromJavaScript>[0]));
    return answer;
  }

  #read(request: ReadResourceRequest): unknown {
    const { resource, struct } = this.runtime;
    const type = request.getType();
    const urn = urnOf(this.settings.stack, this.settings.project, request.getParent(), type, request.getName());
    const inputs = toPlain(request.getProperties());
    for (const hidden of [TRACE, DEFAULTS]) delete (inputs as Record<string, unknown>)[hidden];
    this.records.set(urn, {
      urn,
      type,
      name: request.getName(),
      custom: true,
      external: true,
      parent: this.#parentOf(request.getParent()),
      inputs: decodeInputs(inputs, () => []),
      options: options({
        provider: urnOfProvider(request.getProvider()),
        dependsOn: request.getDependenciesList(),
        version: request.getVersion(),
        importId: request.getId(),
      }),
      location: this.#locationOf(request),
    });
    const told = type === STACK_REFERENCE_TYPE ? this.settings.answers.outputs(request.getId()) : undefined;
    if (told) {
      const answer = new resource.ReadResourceResponse();
      answer.setUrn(urn);
      const state = { ...inputs, outputs: told, secretOutputNames: secretsIn(told) };
      answer.setProperties(struct.Struct.fromJavaScript(state as Parameters<typeof struct.Struct.fromJavaScript>[0]));
      return answer;
    }
    this.notes.add(
      type === STACK_REFERENCE_TYPE
        ? `the outputs of the stack ${request.getId()} are unknown: give them with --answers`
        : `${request.getName()} (${type}) exists outside the program: only what the program writes of it is seen`,
    );
    const answer = new resource.ReadResourceResponse();
    answer.setUrn(urn);
    answer.setProperties(struct.Struct.fromJavaScript(inputs as Parameters<typeof struct.Struct.fromJavaScript>[0]));
    return answer;
  }

  async #invoke(request: ResourceInvokeRequest): Promise<unknown> {
    const { struct } = this.runtime;
    const answer = this.#answerTo('ResourceMonitorService', 'invoke') as ResourceInvokeResponse;
    if (request.getTok() === 'pulumi:pulumi:getResource') {
      const urn = String(toPlain(request.getArgs()).urn);
      answer.setReturn(
        struct.Struct.fromJavaScript({ urn, id: '', state: (this.#outputs.get(urn) as Record<string, never> | undefined) ?? {} }),
      );
      return answer;
    }
    await this.#transforms.applyToInvoke(request);
    const result = this.settings.answers.result(request.getTok(), toPlain(request.getArgs()));
    if (result) {
      answer.setReturn(struct.Struct.fromJavaScript(result as Parameters<typeof struct.Struct.fromJavaScript>[0]));
      return answer;
    }
    this.notes.add(`the function ${request.getTok()} is answered as unknown: give its result with --answers`);
    answer.setReturn(new struct.Struct());
    if ('setUnknown' in answer) answer.setUnknown(true);
    return answer;
  }

  /** Options with what the engine inherits from the parent. */
  #optionsOf(request: RegisterResourceRequest): ResourceOptions {
    const parent = this.records.get(request.getParent())?.options;
    return options({
      protect: request.hasProtect() ? request.getProtect() : parent?.protect,
      retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : parent?.retainOnDelete,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      deletedWith: request.getDeletedwith() || parent?.deletedWith,
      aliases: request
        .getAliasesList()
        .flatMap((alias): Node[] => (alias.hasUrn() ? [alias.getUrn()] : this.#aliasOf(alias.getSpec()?.toObject() ?? {}, request))),
      provider: urnOfProvider(request.getProvider()),
      dependsOn: request.getDependenciesList(),
      version: request.getVersion(),
      importId: request.getImportid(),
      remote: request.getRemote(),
    });
  }

  /** An alias as the program wrote it; those that the SDK adds for every API version of the type are left out. */
  #aliasOf(spec: Record<string, unknown>, request: RegisterResourceRequest): Node[] {
    const told = Object.entries(spec).filter(([key, value]) => value && !(key === 'parenturn' && value === request.getParent()));
    const own = canonicalType(request.getType());
    const versionsOnly = told.every(([key, value]) => key === 'type' && canonicalType(String(value)) === own);
    return versionsOnly ? [] : [Object.fromEntries(told) as { [key: string]: string | boolean }];
  }

  #parentOf(urn: string): string | undefined {
    return urn === '' || urn === this.#root ? undefined : urn;
  }

  #locationOf(request: { getSourceposition(): SourcePosition | undefined }): ResourceRecord['location'] {
    const position = request.getSourceposition();
    return position && this.settings.locate({ uri: position.getUri(), line: position.getLine(), column: position.getColumn() });
  }

  #noteOn(type: string, name: string, remote: boolean): void {
    if (remote) this.notes.add(`the component ${name} (${type}) is built by a plugin: the resources inside it are not seen`);
    else if (isDynamicType(type)) this.notes.add(`${name} (${type}) is a dynamic resource: what its provider does is not seen`);
    else if (isProviderType(type)) this.notes.add(`the provider ${name} (${type}) is not asked for defaults`);
  }
}

/** Names of the outputs that are secret. */
const secretsIn = (outputs: Plain): string[] => Object.keys(outputs).filter((key) => holdsSecret(outputs[key]));

/** Takes what the child tells out of a request, so that nobody else sees it. */
function take(request: RegisterResourceRequest, key: string): unknown {
  const fields = request.getObject()?.getFieldsMap();
  const told = fields?.get(key) as Struct;
  fields?.del(key);
  request.getPropertydependenciesMap().del(key);
  return told?.toJavaScript();
}

function takeTrace(request: RegisterResourceRequest): Plain {
  const trace = take(request, TRACE);
  return isMap(trace) ? trace : {};
}

/** Paths of what the SDK wrote by itself; undefined where the child could not tell. */
function takeDefaults(request: RegisterResourceRequest): readonly (readonly string[])[] | undefined {
  const paths = take(request, DEFAULTS);
  return Array.isArray(paths) ? (paths as string[][]) : undefined;
}

/** Those that no transform has changed since, dotted. */
function unchanged(paths: readonly (readonly string[])[], before: Plain, after: Plain): readonly string[] {
  const at = (inputs: Plain, path: readonly string[]) => path.reduce(contentOf, inputs as unknown);
  return paths.filter((path) => isDeepStrictEqual(at(after, path), at(before, path))).map((path) => path.join('.'));
}

function contentOf(value: unknown, key: string): unknown {
  const wrapped = signatureOf(value) === SECRET || signatureOf(value) === OUTPUT;
  const content = wrapped ? (value as Plain).value : value;
  return isMap(content) ? content[key] : undefined;
}

function dependenciesOf(request: RegisterResourceRequest): { readonly [property: string]: readonly string[] } {
  const told: [string, readonly string[]][] = [];
  request.getPropertydependenciesMap().forEach((list, property) => {
    const urns = list.getUrnsList();
    if (urns.length > 0) told.push([property, urns]);
  });
  return Object.fromEntries(told);
}

/** Inputs with their traces; a trace counts as long as no transform changed the property. */
function traced(inputs: Plain, before: Plain, trace: Plain): Plain {
  const same = (key: string) => isDeepStrictEqual(inputs[key], before[key]);
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, key in trace && same(key) ? trace[key] : value]));
}
