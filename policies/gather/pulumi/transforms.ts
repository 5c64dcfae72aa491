/** Transforms are code of the program: the monitor calls them back, as the engine does. */
import type { ServiceError } from '@grpc/grpc-js';
import type { Callback } from '@pulumi/pulumi/proto/callback_pb';
import type { RegisterResourceRequest, ResourceInvokeRequest, TransformResourceOptions } from '@pulumi/pulumi/proto/resource_pb';
import type { PulumiRuntime } from './runtime';
import { OUTPUT, type Plain, SECRET, SIGNATURE, signatureOf, UNKNOWN, withoutOutputs } from './wire';

interface CallbacksClient {
  invoke(request: unknown, answer: (error: ServiceError | null, response: { getResponse_asU8(): Uint8Array }) => void): void;
  close(): void;
}

/** Which transforms apply to a resource: its own, then those of each parent upwards, then those of the stack. */
export class Transforms {
  readonly #runtime: PulumiRuntime;
  readonly #clients = new Map<string, CallbacksClient>();
  readonly #ofResource = new Map<string, { readonly own: readonly Callback[]; readonly parent: string }>();
  readonly #ofStack: Callback[] = [];
  readonly #ofInvokes: Callback[] = [];

  constructor(runtime: PulumiRuntime) {
    this.#runtime = runtime;
  }

  addToStack(callback: Callback): void {
    this.#ofStack.push(callback);
  }

  addToInvokes(callback: Callback): void {
    this.#ofInvokes.push(callback);
  }

  /** Keeps the transforms of a resource for its children. */
  keep(urn: string, own: readonly Callback[], parent: string): void {
    this.#ofResource.set(urn, { own, parent });
  }

  /** Applies all transforms to a request, in place. */
  async apply(request: RegisterResourceRequest): Promise<void> {
    const callbacks = [...request.getTransformsList()];
    for (let urn = request.getParent(); urn !== ''; ) {
      const above = this.#ofResource.get(urn);
      callbacks.push(...(above?.own ?? []));
      urn = above?.parent ?? '';
    }
    callbacks.push(...this.#ofStack);
    if (callbacks.length === 0) return;
    const { resource, struct } = this.#runtime;
    const written = withDependencies((request.getObject()?.toJavaScript() ?? {}) as Plain, request);
    let properties = struct.Struct.fromJavaScript(written as Parameters<typeof struct.Struct.fromJavaScript>[0]);
    let options = optionsOf(request, new resource.TransformResourceOptions());
    for (const callback of callbacks) {
      const asked = new resource.TransformRequest();
      asked.setType(request.getType());
      asked.setName(request.getName());
      asked.setCustom(request.getCustom());
      asked.setParent(request.getParent());
      asked.setProperties(properties);
      asked.setOptions(options);
      const answer = resource.TransformResponse.deserializeBinary(await this.#call(callback, asked.serializeBinary()));
      properties = answer.getProperties() ?? properties;
      options = answer.getOptions() ?? options;
    }
    const transformed = withoutOutputs(properties.toJavaScript()) as Parameters<typeof struct.Struct.fromJavaScript>[0];
    request.setObject(struct.Struct.fromJavaScript(transformed));
    takeOptions(request, options);
  }

  /** Applies the transforms of invokes; what comes out is never asked of a provider, but the code of the program runs. */
  async applyToInvoke(request: ResourceInvokeRequest): Promise<void> {
    const { resource } = this.#runtime;
    for (const callback of this.#ofInvokes) {
      const asked = new resource.TransformInvokeRequest();
      asked.setToken(request.getTok());
      asked.setArgs(request.getArgs());
      const answer = resource.TransformInvokeResponse.deserializeBinary(await this.#call(callback, asked.serializeBinary()));
      if (answer.getArgs()) request.setArgs(answer.getArgs());
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #call(callback: Callback, request: Uint8Array): Promise<Uint8Array> {
    const { grpc, CallbacksClient, callback: messages } = this.#runtime;
    let client = this.#clients.get(callback.getTarget());
    if (!client) {
      client = new CallbacksClient(callback.getTarget(), grpc.credentials.createInsecure()) as unknown as CallbacksClient;
      this.#clients.set(callback.getTarget(), client);
    }
    const message = new messages.CallbackInvokeRequest();
    message.setToken(callback.getToken());
    message.setRequest(request);
    const called = client;
    return new Promise((resolve, reject) =>
      called.invoke(message, (error, response) => (error ? reject(new Error(error.details)) : resolve(response.getResponse_asU8()))),
    );
  }
}

/** Inputs that depend on resources are handed to transforms as outputs, so that they keep their dependencies. */
function withDependencies(inputs: Plain, request: RegisterResourceRequest): Plain {
  const upgraded = Object.entries(inputs).map(([key, value]) => {
    const urns = request.getPropertydependenciesMap().get(key)?.getUrnsList() ?? [];
    if (urns.length === 0 || signatureOf(value) === OUTPUT) return [key, value];
    const secret = signatureOf(value) === SECRET;
    const content = secret ? (value as Plain).value : value;
    return [
      key,
      { [SIGNATURE]: OUTPUT, ...(content === UNKNOWN ? {} : { value: content }), ...(secret ? { secret } : {}), dependencies: urns },
    ];
  });
  return Object.fromEntries(upgraded);
}

function optionsOf(request: RegisterResourceRequest, options: TransformResourceOptions): TransformResourceOptions {
  options.setDependsOnList(request.getDependenciesList());
  if (request.hasProtect()) options.setProtect(request.getProtect() === true);
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setVersion(request.getVersion());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  if (request.hasRetainondelete()) options.setRetainOnDelete(request.getRetainondelete() === true);
  options.setDeletedWith(request.getDeletedwith());
  if (request.getDeletebeforereplacedefined()) options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  for (const [key, value] of request.getProvidersMap().entries()) options.getProvidersMap().set(key, value);
  return options;
}

function takeOptions(request: RegisterResourceRequest, options: TransformResourceOptions): void {
  request.setDependenciesList(options.getDependsOnList());
  if (options.hasProtect()) request.setProtect(options.getProtect() === true);
  request.setIgnorechangesList(options.getIgnoreChangesList());
  request.setReplaceonchangesList(options.getReplaceOnChangesList());
  request.setVersion(options.getVersion());
  request.setAliasesList(options.getAliasesList());
  request.setProvider(options.getProvider());
  if (options.hasRetainOnDelete()) request.setRetainondelete(options.getRetainOnDelete() === true);
  request.setDeletedwith(options.getDeletedWith());
  if (options.hasDeleteBeforeReplace()) {
    request.setDeletebeforereplace(options.getDeleteBeforeReplace() === true);
    request.setDeletebeforereplacedefined(true);
  }
  request.setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList());
}
