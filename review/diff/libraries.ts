/** Which libraries made what is deployed, and in which versions. What came from them alone cannot be read off it; that they differ can. */
import { resourcesOf, type Side } from './side';

/** Versions by library; several where several copies are in use. */
export type Libraries = Readonly<Record<string, readonly string[]>>;

/** One library that both sides know in other versions, or one of them only. */
export interface LibraryChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** Libraries by the names and versions of what they made: `aws-cdk-lib.aws_s3.Bucket` belongs to `aws-cdk-lib`. */
export function librariesIn(made: Iterable<{ readonly name: string; readonly version: string }>): Libraries {
  const found = new Map<string, Set<string>>();
  for (const { name, version } of made) {
    const [library] = /^(?:@[^/]+\/)?[^.]+/.exec(name) ?? [];
    if (library === undefined || version === '') continue;
    found.set(library, (found.get(library) ?? new Set()).add(version));
  }
  return Object.fromEntries([...found].map(([library, versions]) => [library, [...versions].sort()]));
}

/** Of a side: what an app's tree says, and what a program says of its SDKs. */
function librariesOf(side: Side): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  const add = (name: string, version: string) => found.set(name, (found.get(name) ?? new Set()).add(version));
  for (const { libraries = {} } of side.targets)
    for (const [name, versions] of Object.entries(libraries)) for (const version of versions) add(name, version);
  for (const { options, token } of resourcesOf(side)) {
    const { version } = options;
    const [sdk] = token.split(':');
    if (typeof version === 'string' && version !== '' && sdk !== undefined && token.split(':').length === 3) add(`@pulumi/${sdk}`, version);
  }
  return new Map([...found].map(([name, versions]) => [name, [...versions].sort().join(', ')]));
}

/** Libraries whose versions differ, by name. Nothing where one side does not say by what it was made. */
export function libraryChanges(before: Side, after: Side): readonly LibraryChange[] {
  const [old, now] = [librariesOf(before), librariesOf(after)];
  if (old.size === 0 || now.size === 0) return [];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name): readonly LibraryChange[] => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === is) return [];
    return [{ name, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}
