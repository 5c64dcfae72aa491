/** Managed policies by how they are named: of the same input, of AWS, or of neither, of which nothing is known but the name. */
import type { Graph } from '../../policies/graph';
import type { Resource } from '../../policies/resource';
import type { Value } from '../../policies/value';
import type { Policy } from './access/documents';
import { awsManagedName, awsManagedPolicy, awsManagedPolicyNamed } from './access/managed-policies';
import { hole, show } from './access/text';
import type { Carried } from './access-holders-parts';
import { canonical, type Plain } from './plain';
import { asList, asMap, asText, type Reader, valueAt } from './reading';

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
      return 'Statement' in asMap(policy) ? { name: `policy ${at + 1}`, document: policy } : unknown(templateIn(policy));
    });
};

/** `the policy template S3ReadPolicy with {"BucketName":"records"}` */
function templateIn(policy: Plain): string {
  const [template = 'without a name', parameters = {}] = Object.entries(asMap(policy))[0] ?? [];
  return `the policy template ${template} with ${show(canonical(parameters))}`;
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
