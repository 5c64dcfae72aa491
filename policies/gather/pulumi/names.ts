/** Which input names an Azure resource: azure-native calls it after the resource, and the names of its parents likewise. */

const words = (text: string): string[] =>
  (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? []).map((word) =>
    word
      .toLowerCase()
      .replace(/ies$/, 'y')
      .replace(/([^s])s$/, '$1'),
  );

/** Never the name of the resource that carries them. */
const OTHERS = new Set(['subscriptionName', 'managementGroupName', 'displayName', 'hostName', 'userName']);
/** Words at the end of a type that its name leaves out: `blobServicesName` of `BlobServiceProperties`. */
const LEFT_OUT = new Set(['property', 'setting', 'resource', 'rule']);
/** Where the input is called after something else. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'azure-native:managedidentity:FederatedIdentityCredential': 'federatedIdentityCredentialResourceName',
  'azure-native:monitor:MetricAlert': 'ruleName',
  'azure-native:dns:RecordSet': 'relativeRecordSetName',
  'azure-native:privatedns:PrivateRecordSet': 'relativeRecordSetName',
  'azure-native:dashboard:Grafana': 'workspaceName',
  'azure-native:eventhub:SchemaRegistry': 'schemaGroupName',
  'azure-native:logic:IntegrationAccountAssembly': 'assemblyArtifactName',
  'azure-native:synapse:WorkspaceManagedSqlServerVulnerabilityAssessment': 'vulnerabilityAssessmentName',
};

/**
 * The input that holds the resource's own name: `accountName` of a storage account, `containerName` of a blob container (whose
 * `accountName` is its parent's). Undefined where none is written: the provider then makes a name up.
 * @param type canonical type
 */
export function namePropertyOf(type: string, properties: Iterable<string>): string | undefined {
  const written = [...properties];
  const exception = EXCEPTIONS[type];
  if (exception !== undefined) return written.includes(exception) ? exception : undefined;
  const noun = withoutScope(words(type.slice(type.lastIndexOf(':') + 1)));
  let best: string | undefined;
  let most = 0;
  for (const property of written) {
    if (!property.endsWith('Name') || OTHERS.has(property)) continue;
    const likeness = tailOf(noun, words(property.slice(0, -'Name'.length)));
    if (likeness > most) [best, most] = [property, likeness];
  }
  return best ?? ['name', 'resourceName'].find((property) => written.includes(property));
}

/** `ManagementLockAtResourceLevel` is called like a management lock. */
function withoutScope(noun: readonly string[]): readonly string[] {
  const scope = noun.findIndex((word, index) => index > 0 && /^(at|by|for)$/.test(word));
  return scope < 0 ? noun : noun.slice(0, scope);
}

/** How many words at the end of the type the name consists of; 0 where it names something else, or what the resource stands in. */
function tailOf(type: readonly string[], name: readonly string[]): number {
  for (let start = 0; start < type.length; start += 1) {
    const end = matchEnd(type, start, name);
    if (end !== undefined && type.slice(end).every((word) => LEFT_OUT.has(word))) return end - start;
  }
  return 0;
}

/** Where a match of the name that begins at `start` ends; `vm` matches `virtual machine`, `config` matches `configuration`. */
function matchEnd(type: readonly string[], start: number, name: readonly string[]): number | undefined {
  let at = start;
  for (const word of name) {
    if (type[at]?.startsWith(word)) at += 1;
    else if (word.length > 1 && [...word].every((letter, index) => type[at + index]?.[0] === letter)) at += word.length;
    else return undefined;
  }
  return name.length > 0 ? at : undefined;
}
