import { describe, expect, it } from 'vitest';
import { AZURE_CREDENTIALS, azureSecretIn } from '../policies/facts/azure-credentials';
import { hoursOf } from '../policies/facts/azure-durations';
import { firstAllowed, isWide } from '../policies/facts/azure-roles';
import { kubernetesEndedOn, unsupportedStack } from '../policies/facts/azure-runtimes';
import { azureGraphOf, named } from './support/examples';
import { azureNativeHas } from './support/schemas';

describe('the table of credentials of Azure', () => {
  const paths = Object.entries(AZURE_CREDENTIALS).flatMap(([type, list]) => list.map((path) => ({ type: `azure-native:${type}`, path })));
  it.each(paths)('$type has $path', ({ type, path }) => {
    expect(azureNativeHas(type, path.replaceAll('[]', '[0]'))).toEqual({ ok: true });
  });
});

describe('secrets in the formats of Azure', () => {
  const KEY = 'A'.repeat(86);
  it.each([
    [`DefaultEndpointsProtocol=https;AccountName=cases;AccountKey=${KEY}==`, 'a storage account key'],
    [`Endpoint=sb://cases.servicebus.windows.net/;SharedAccessKeyName=all;SharedAccessKey=${'b'.repeat(43)}=`, 'a shared access key'],
    ['Server=cases;User Id=app;Password=correct-horse;', 'a connection string with a password'],
    [`https://cases.blob.core.windows.net/a?sv=2022&sig=${'c'.repeat(43)}%3D`, 'a shared access signature'],
  ])('are found in %s', (text, name) => {
    expect(azureSecretIn(text)).toBe(name);
  });
  it.each([
    'Server=cases;Authentication=Active Directory Default;',
    'Server=cases;User Id=app;Password=${config value};',
    'AccountKey=@Microsoft.KeyVault(SecretUri=https://v)',
    'https://cases.blob.core.windows.net/a',
  ])('are not seen in %s', (text) => {
    expect(azureSecretIn(text)).toBeUndefined();
  });
});

describe('the end of support', () => {
  it.each([
    ['linuxFxVersion', 'NODE|14-lts', '2023-04-30'],
    ['linuxFxVersion', 'DOTNETCORE|6.0', '2024-11-12'],
    ['nodeVersion', '~16', '2023-09-11'],
    ['javaVersion', '1.7', '2022-07-29'],
  ])('of %s %s is known', (property, version, end) => {
    expect(unsupportedStack(property, version)).toBe(end);
  });
  it.each([
    ['linuxFxVersion', 'NODE|24-lts'],
    ['linuxFxVersion', 'DOCKER|cases.azurecr.io/api:1'],
    ['netFrameworkVersion', 'v4.0'],
    ['netFrameworkVersion', 'v4.8'],
    ['javaVersion', '1.8'],
    ['javaVersion', '17.0.4'],
    ['phpVersion', 'OFF'],
  ])('of %s %s has not come', (property, version) => {
    expect(unsupportedStack(property, version)).toBeUndefined();
  });
  it('of a version of Kubernetes is told by its minor version', () => {
    expect(kubernetesEndedOn('1.28.3')).toBe('2025-01-31');
    expect(kubernetesEndedOn('1.7.7')).toMatch(/or earlier/);
    expect(kubernetesEndedOn('1.99')).toBeUndefined();
    expect(kubernetesEndedOn('latest')).toBeUndefined();
  });
});

describe('a custom role', () => {
  const roleWith = (permission: object) =>
    named(azureGraphOf({ role: { type: 'azure-native:authorization:RoleDefinition', properties: { permissions: [permission] } } }), 'role');
  it('allows what a pattern covers, in any case, less what it takes away in the same permission', () => {
    const actions = ['Microsoft.Storage/storageAccounts/listKeys/action'];
    expect(firstAllowed(roleWith({ actions: ['microsoft.storage/*'] }), actions)).toBe(actions[0]);
    expect(firstAllowed(roleWith({ actions: ['*'], notActions: ['Microsoft.Storage/*/listKeys/*'] }), actions)).toBeUndefined();
    expect(firstAllowed(roleWith({ actions: ['*/read'] }), actions)).toBeUndefined();
    expect(firstAllowed(roleWith({ dataActions: ['*'] }), actions)).toBeUndefined();
  });
});

describe('a scope', () => {
  const scope = (value: unknown) =>
    isWide(
      named(azureGraphOf({ it: { type: 'azure-native:authorization:RoleAssignment', properties: { scope: value } } }), 'it').at('scope'),
    ).verdict;
  it('is wide where it is a subscription, a management group or everything', () => {
    for (const wide of ['/', '/subscriptions/s', '/subscriptions/s/', '/providers/Microsoft.Management/managementGroups/root'])
      expect(scope(wide)).toBe('pass');
    for (const narrow of [
      '/subscriptions/s/resourceGroups/g',
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a',
    ])
      expect(scope(narrow)).toBe('fail');
    expect(scope({ $unknown: 'config value' })).toBe('unknown');
  });
});

describe('durations', () => {
  it('are read in hours, and anything else is none', () => {
    expect(hoursOf('PT8H')).toBe(8);
    expect(hoursOf('PT30M')).toBe(0.5);
    expect(hoursOf('P1D')).toBe(24);
    expect(hoursOf('P45D')).toBe(45 * 24);
    expect(hoursOf('eight hours')).toBeUndefined();
  });
});
