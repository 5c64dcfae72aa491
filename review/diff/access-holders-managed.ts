/** Managed policies by how they are named: of the same input, of AWS, or of neither, of which nothing is known but the name. */
import type { Graph } from '../../policies/graph';
import { type Node, Residue, type Scope } from '../../policies/node';
import type { Resource } from '../../policies/resource';
import type { Value } from '../../policies/value';
import type { Policy } from './access/documents';
import { awsManagedName, awsManagedPolicy, awsManagedPolicyNamed } from './access/managed-policies';
import { hole, show } from './access/text';
import type { Carried } from './access-holders-parts';
import { canonical, type Plain } from './plain';
import { asList, asMap, asText, type Reader, valueAt } from './reading';
import { templateDocument } from './serverless-templates';

const MANAGED = 'AWS::IAM::ManagedPolicy';

/** The managed policies that a property lists by their ARNs, or the one that it names. */
export const managedIn = (resource: Resource, property: string, graph: Graph, reader: Reader): readonly Carried[] => {
  const texts = asList(valueAt(reader.of(resource), property));
  return resource
    .at(property)
    .items()
    .map((value, at) => ofInput(value, graph, reader) ?? elsewhere(asText(texts[at]) ?? 'a managed policy'));
};

/** Those that a permission set names in the accounts that it is assigned in: by name and path. */
export const customerManagedIn = (resource: Resource, property: string, graph: Graph, reader: Reader): readonly Carried[] => {
  const references = asList(valueAt(reader.of(resource), property));
  return resource
    .at(property)
    .items()
    .map((value, at) => {
      const { Name, Path } = asMap(references[at]);
      const known = ofInput(value.at('Name'), graph, reader);
      return known ?? unknown(`the customer managed policy ${(asText(Path) ?? '/').slice(1)}${show(asText(Name) ?? 'without a name')}`);
    });
};

/** What a serverless template lists in one: names and ARNs of managed policies, documents, and templates of policies. */
export const serverlessPolicies = (resource: Resource, graph: Graph, reader: Reader): readonly Carried[] => {
  const written = asList(reader.of(resource).Policies);
  return resource
    .at('Policies')
    .items()
    .map((value, at) => {
      const policy = written[at] ?? hole('a policy');
      if (typeof policy === 'string') return ofInput(value, graph, reader) ?? awsManagedPolicyNamed(policy) ?? elsewhere(policy);
      if ('Statement' in asMap(policy)) return { name: `policy ${at + 1}`, document: policy };
      const document = documentOf(resource, at, policy, reader);
      const name = templateIn(policy, reader);
      return document === undefined ? unknown(name) : { name, document };
    });
};

/** What a policy template becomes, with its parameters as they are written. */
function documentOf(resource: Resource, at: number, policy: Plain, reader: Reader): Plain | undefined {
  const [template] = Object.keys(asMap(policy));
  const list = partOf(resource.scope, resource.properties, 'Policies');
  const node = template === undefined ? undefined : partOf(resource.scope, Array.isArray(list) ? (list[at] as Node) : list, template);
  return template === undefined || node === undefined ? undefined : templateDocument(template, node, resource, reader);
}

/** One key of what a node comes down to. */
function partOf(scope: Scope, node: Node | undefined, key: string): Node | undefined {
  const read = node === undefined ? undefined : scope.reduce(node);
  if (typeof read !== 'object' || read === null || read instanceof Residue || Array.isArray(read)) return undefined;
  const part = (read as { readonly [key: string]: Node | undefined })[key];
  return part === undefined ? undefined : scope.reduce(part);
}

/** `the policy template S3ReadPolicy with {"BucketName":"records"}` */
function templateIn(policy: Plain, reader: Reader): string {
  const [template = 'without a name', parameters = {}] = Object.entries(asMap(policy))[0] ?? [];
  return `the policy template ${template} with ${reader.words(canonical(parameters))}`;
}

function ofInput(value: Value, graph: Graph, reader: Reader): Carried | undefined {
  const target = graph.target(value, MANAGED);
  return (
    target && {
      name: target.logicalId,
      source: target,
      document: reader.of(target).PolicyDocument ?? hole(`the document of ${target.logicalId}`),
    }
  );
}

function elsewhere(text: string): Policy {
  const ofAws = awsManagedName(text);
  return awsManagedPolicy(text) ?? unknown(ofAws === undefined ? show(text) : `the AWS managed policy ${ofAws}`);
}

const unknown = (name: string): Policy => ({ name, document: hole(name) });
