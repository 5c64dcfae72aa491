import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import {
  SecretRotation,
  type SecretRotationArgs,
  SecureSecret,
  type SecureSecretArgs,
  SecureServiceBusNamespace,
  SecureStorageAccount,
} from '../constructs/azure';
import { evaluate } from '../policies/evaluate';
import { Graph } from '../policies/graph';
import { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import { type Surroundings, surroundings, TODAY } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';
import { type RunOptions, run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

/** Put together here, so that no scanner takes it for a leak. */
const VALUE = ['Tr0ub4', 'dor-and-3'].join('');
const seconds = (day: string) => Date.parse(day) / 1000;

const secret = (
  args: Partial<SecureSecretArgs> = {},
  rotates: (around: Surroundings) => Partial<SecretRotationArgs> = () => ({}),
  options: RunOptions = {},
) =>
  run(
    () => {
      const around = surroundings('low');
      const { common, contacts, vault } = around;
      const rotation = new SecretRotation('rotation', { ...common, vault, alerts: contacts.id, ...rotates(around) });
      const value = pulumi.secret(VALUE);
      return new SecureSecret('partner-key', { ...common, rotation, value, contentType: 'api-key', expires: '2027-01-31', ...args });
    },
    { config: TODAY, ...options },
  );
/** What marks a secret on the wire; the object around it is marked as a whole. */
const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' };
const registered = async (...args: Parameters<typeof secret>) => (await secret(...args)).program.named('partner-key-secret').inputs;
const propertiesOf = async (...args: Parameters<typeof secret>) => (await registered(...args)).properties.value;
const withRotator = ({ common }: Surroundings): Partial<SecretRotationArgs> => {
  const account = new SecureStorageAccount('lost', { ...common, retention: { atMostDays: 30 } });
  const bus = new SecureServiceBusNamespace('bus', common);
  return { rotator: { to: { queue: bus.queue('secrets') }, deadLetters: { account, container: account.container('events') } } };
};

describe('SecureSecret', () => {
  it('ends, says when it began, and what it is', async () => {
    const { properties, ...rest } = await registered();
    expect(rest).toMatchObject({ secretName: 'partner-key', vaultName: expect.stringMatching(/^vault-/) });
    expect(properties.value).toMatchObject({
      contentType: 'api-key',
      attributes: { enabled: true, expires: seconds('2027-01-31'), notBefore: seconds('2026-11-02') },
    });
  });

  it('registers its value as a secret, also where the output was none', async () => {
    for (const value of [pulumi.secret(VALUE), pulumi.output(VALUE)]) {
      const { properties } = await registered({ value });
      expect(properties).toMatchObject(SECRET);
      expect(properties.value.value).toBe(VALUE);
    }
  });

  it('refuses a value that is written in the program, without repeating it', async () => {
    const written = secret({ value: VALUE as never });
    await expect(written).rejects.toThrow(/SecureSecret "partner-key": value is written in the program; .*requireSecret.*IDA-13/);
    await expect(written).rejects.not.toThrow(VALUE);
  });

  it.each([
    ['2027-02-21', /expires in 91 days; secrets rotate at least every 90/],
    ['2026-11-21', /expired on 2026-11-21; set a new value/],
    ['31.1.2027', /expires is "31.1.2027"; write a date as YYYY-MM-DD/],
  ])('refuses to end on %s', async (expires, message) => {
    await expect(secret({ expires })).rejects.toThrow(message);
  });

  it('takes 90 days, and the day itself', async () => {
    for (const expires of ['2027-02-20', '2026-11-22']) expect((await propertiesOf({ expires })).attributes.expires).toBe(seconds(expires));
  });

  it('runs on after its first version has ended, where something rotates it', async () => {
    expect((await propertiesOf({ expires: '2026-01-31' }, withRotator)).attributes.expires).toBe(seconds('2026-01-31'));
  });

  it('is rotated by something, unless that is relaxed', async () => {
    await expect(secret({ rotation: undefined })).rejects.toThrow(/vault is missing; pass a SecureKeyVault, or a rotation/);
    const alone = (relax: SecureSecretArgs['relax']) =>
      run(
        () => {
          const { common, vault } = surroundings('low');
          const value = pulumi.secret(VALUE);
          return new SecureSecret('key', {
            ...common,
            vault,
            value,
            contentType: 'api-key',
            expires: '2027-01-31',
            ...(relax ? { relax } : {}),
          });
        },
        { config: TODAY },
      );
    await expect(alone(undefined)).rejects.toThrow(/nothing rotates it; pass the SecretRotation of its vault, or relax IDA-12/);
    const { program } = await alone([relaxationOf('IDA-12')]);
    expect(program.named('key-secret').inputs.properties.value.attributes).toEqual({ enabled: true });
    expect(program.named('key-waiver-ida-12').inputs).toMatchObject({ rule: 'IDA-12', owner: 'support-data@example.com' });
  });

  it('lets whoever reads it read nothing else of the vault', async () => {
    const { program } = await run(
      () => {
        const { common, contacts, vault } = surroundings('low');
        const rotation = new SecretRotation('rotation', { ...common, vault, alerts: contacts.id });
        const made = new SecureSecret('key', {
          ...common,
          rotation,
          value: pulumi.secret(VALUE),
          contentType: 'api-key',
          expires: '2027-01-31',
        });
        made.grantRead('case-service', { principalId: 'service-1', principalType: 'ServicePrincipal' });
        return made;
      },
      { config: TODAY },
    );
    expect(program.named('key-grant-case-service').inputs).toMatchObject({
      principalId: 'service-1',
      scope: expect.stringContaining('key-secret'),
      roleDefinitionId: expect.stringContaining('4633458b-17de-408a-b874-0445c86b69e6'),
    });
  });
});

describe('SecretRotation', () => {
  it('tells people before and when a secret, a key or a certificate ends', async () => {
    const { program } = await secret();
    const { inputs } = program.named('rotation-events-subscription-alert');
    expect(inputs.destination).toMatchObject({ endpointType: 'MonitorAlert', actionGroups: [expect.stringContaining('contacts')] });
    expect(inputs.filter.includedEventTypes).toEqual(
      ['Secret', 'Key', 'Certificate'].flatMap((kind) => [`Microsoft.KeyVault.${kind}NearExpiry`, `Microsoft.KeyVault.${kind}Expired`]),
    );
    expect(program.named('rotation-events-topic').inputs).toMatchObject({
      source: expect.stringContaining('vault-vault'),
      topicType: 'Microsoft.KeyVault.vaults',
    });
  });

  it('hands the event to what rotates, by an identity', async () => {
    const { program } = await secret({}, withRotator);
    expect(program.named('rotation-events-subscription-rotate').inputs).toMatchObject({
      filter: { includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry'] },
      deliveryWithResourceIdentity: { destination: { endpointType: 'ServiceBusQueue' } },
    });
  });
});

describe('what somebody weakens later', () => {
  const gathered = gatherStatement(`load('test/support/azure-components.ts').everyComponent('high', ['secrets']);`);
  const DAY = 24 * 60 * 60;

  it.each<readonly [what: string, properties: Record<string, unknown>, rule: string]>([
    ['an end that is taken away', { attributes: { enabled: true } }, 'IDA-12.secrets'],
    ['an end that is moved two years away', { attributes: { notBefore: 0, expires: 730 * DAY } }, 'IDA-12.secrets'],
    ['a value in clear text', { value: VALUE, attributes: { expires: 1 } }, 'IDA-13.secrets'],
  ])('is named: %s', async (_, properties, rule) => {
    const { graph } = await gathered;
    const resources = [...graph.resources()].map((one) => (one.logicalId === 'securesecret-secret' ? weakened(one, properties) : one));
    const { findings } = evaluate(new Graph({ resources, units: graph.units }), { rules: RULES.filter(({ id }) => id === rule) });
    const failed = findings.filter(({ verdict, resource }) => verdict === 'fail' && resource.logicalId === 'securesecret-secret');
    expect(failed).not.toEqual([]);
    expect(JSON.stringify(failed.map(({ message }) => message))).not.toContain(VALUE);
  });
});

function weakened({ id, logicalId, type, token, names, path, parent, options, unit }: Resource, properties: object): Resource {
  return new Resource({ id, logicalId, type, token, names, path, parent, options, properties: { properties } as never }, unit);
}
