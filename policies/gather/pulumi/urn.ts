/** Names and types as the Pulumi engine makes them. */
import { MOVED_TYPES } from './moved-types.generated';

export const STACK_TYPE = 'pulumi:pulumi:Stack';
export const STACK_REFERENCE_TYPE = 'pulumi:pulumi:StackReference';
const PROVIDER = 'pulumi:providers:';

export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER);
/** Resources whose provider is code of the program itself. */
export const isDynamicType = (type: string): boolean => type.startsWith('pulumi-nodejs:dynamic');

/**
 * `urn:pulumi:<stack>::<project>::<types of the parents>$<type>::<name>`; the root stack is left out of the chain.
 * @param parent URN of the parent; empty for none
 */
export function urnOf(stack: string, project: string, parent: string, type: string, name: string): string {
  const above = parent === '' ? '' : qualifiedTypeOf(parent);
  const chain = above === '' || above === STACK_TYPE ? type : `${above}$${type}`;
  return `urn:pulumi:${stack}::${project}::${chain}::${name}`;
}

/** A provider is named by `<urn>::<id>`; the id says nothing before deployment. */
export const urnOfProvider = (reference: string): string =>
  reference.split('::').length > 4 ? reference.slice(0, reference.lastIndexOf('::')) : reference;

export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** Types of the parents and its own, joined with `$`. */
  readonly qualifiedType: string;
  readonly type: string;
  readonly name: string;
}

/** Takes a URN apart; undefined for what is none. */
export function parseUrn(urn: string): UrnParts | undefined {
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn);
  if (!match) return undefined;
  const [, stack = '', project = '', qualifiedType = '', name = ''] = match;
  return { stack, project, qualifiedType, type: qualifiedType.slice(qualifiedType.lastIndexOf('$') + 1), name };
}

const qualifiedTypeOf = (urn: string): string => parseUrn(urn)?.qualifiedType ?? '';

/** The name in a URN, for messages; anything else is returned as it is. */
export const nameOf = (urn: string): string => parseUrn(urn)?.name ?? urn;

const VERSION = /^v\d{8}(preview|privatepreview|alpha|beta)?$/;
const LOCAL_PACKAGE = /^azure-native_([a-z0-9]+)_(v\d{8}[a-z]*)$/;

/**
 * The type without API version: `azure-native:storage/v20230101:StorageAccount` and the token of a locally generated package,
 * `azure-native_storage_v20230101:storage:StorageAccount`, are both `azure-native:storage:StorageAccount`. What an earlier version of the
 * SDK called otherwise (`azure-native:network:FrontDoor`) is called as it is now.
 */
export function canonicalType(token: string): string {
  const [pkg = '', module = '', name = '', ...rest] = token.split(':');
  if (rest.length > 0 || name === '') return token;
  const local = LOCAL_PACKAGE.exec(pkg);
  if (local) return calledNow(withoutVersion(module) || (local[1] as string), name);
  return pkg === 'azure-native' ? calledNow(withoutVersion(module), name) : token;
}

const MOVED = new Map(
  MOVED_TYPES.trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]),
);
const calledNow = (module: string, name: string): string => `azure-native:${MOVED.get(`${module}:${name}`) ?? `${module}:${name}`}`;

const withoutVersion = (module: string): string =>
  module
    .split('/')
    .filter((segment) => !VERSION.test(segment))
    .join('/');
