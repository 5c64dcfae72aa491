import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A class of the CDK for one type of resource. */
interface ResourceClass<T extends CfnResource> {
  readonly CFN_RESOURCE_TYPE_NAME: string;
  readonly prototype: T;
}

/**
 * Whether a construct is a resource of this type: by its type and not by its class, because where the CDK is loaded twice (two copies
 * in a repository, a cache that was emptied) its classes are not the same, and what is looked for would silently not be found.
 */
export const isOfType = <T extends CfnResource>(node: IConstruct, type: ResourceClass<T>): node is T & IConstruct =>
  CfnResource.isCfnResource(node) && node.cfnResourceType === type.CFN_RESOURCE_TYPE_NAME;
