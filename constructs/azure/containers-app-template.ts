import * as pulumi from '@pulumi/pulumi';

/** A secret of a vault that an app reads. It is fetched by the app's own identity, and again when it rotates. */
export interface AppSecret {
  /** Resource id of the secret; it is the scope of the right to read it. */
  readonly secretId: pulumi.Input<string>;
  /** Address of the secret without a version: `https://….vault.azure.net/secrets/database`. */
  readonly uri: pulumi.Input<string>;
}

/** A container of an app. */
export interface AppContainer {
  /** Name within the app. */
  readonly name: string;
  /** Image by digest: `cases.azurecr.io/service@sha256:…` (SDC-14). Its user is that of the image: let it be none with rights. */
  readonly image: pulumi.Input<string>;
  /** Cores: from 0.25 in steps of 0.25. @default 0.5 */
  readonly cpu?: number;
  /** Memory in GiB: twice the cores with shared machines. @default twice the cores */
  readonly memoryGiB?: number;
  /** Settings that are no secrets. @default none */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Settings that are secrets, by the name of the app's secret. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What it runs instead of what the image says. @default what the image says */
  readonly command?: readonly string[];
  /** Path and port that answer 200 while it works. @default a connection to the app's port, where it has one */
  readonly health?: { readonly path: string; readonly port: number; readonly scheme?: 'HTTP' | 'HTTPS' };
}

/** Seconds between two questions whether a container works, and how many may fail before it is started anew. */
const PROBE = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 } as const;
const DIGEST = /@sha256:[0-9a-f]{64}$/;

function probesOf({ health }: AppContainer, port: number | undefined) {
  const asked = health
    ? { httpGet: { path: health.path, port: health.port, scheme: health.scheme ?? 'HTTP' } }
    : port === undefined
      ? undefined
      : { tcpSocket: { port } };
  return asked ? ['Liveness', 'Readiness'].map((type) => ({ type, ...asked, ...PROBE })) : [];
}

const pinned = (where: string, name: string, image: pulumi.Input<string>): pulumi.Input<string> => {
  const check = (text: string): string => {
    if (!DIGEST.test(text))
      throw new RangeError(
        `${where}: container "${name}": image "${text}" can change; name it by digest: registry/repository@sha256:… (SDC-14)`,
      );
    return text;
  };
  return typeof image === 'string' ? check(image) : pulumi.output(image).apply(check);
};

/** A container as the service takes it. @throws RangeError for an image that can change, or a secret that the app has not */
export function containerOf(where: string, container: AppContainer, port: number | undefined, known: ReadonlySet<string>) {
  const { command, cpu = 0.5, environment = {}, image, memoryGiB = cpu * 2, name, secrets = {} } = container;
  for (const secret of Object.values(secrets))
    if (!known.has(secret))
      throw new RangeError(`${where}: container "${name}" reads the secret "${secret}", which is not among the app's secrets`);
  return {
    name,
    image: pinned(where, name, image),
    ...(command === undefined ? {} : { command: [...command] }),
    env: [
      ...Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
      ...Object.entries(secrets).map(([variable, secretRef]) => ({ name: variable, secretRef })),
    ],
    probes: probesOf(container, port),
    resources: { cpu, memory: `${memoryGiB}Gi` },
  };
}
