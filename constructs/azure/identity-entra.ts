import type * as azuread from '@pulumi/azuread';

/**
 * The SDK of the directory. It is an optional dependency and needed by the components of the directory only, so that it is
 * loaded when the first of them is made.
 *
 * @throws RangeError where it is not installed
 */
export function entra(where: string): typeof azuread {
  try {
    return require('@pulumi/azuread');
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    throw new RangeError(`${where}: @pulumi/azuread is not installed; run npm install @pulumi/azuread`);
  }
}
