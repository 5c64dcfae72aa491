/**
 * Names that are known before deployment: what browsers may call is said by a header of the web client, in another region
 * than that which it calls.
 */

/** The bucket of the files of cases. */
export const filesBucketName = (account: string, region: string): string => `case-management-files-${account}-${region}`;

/** Before `.auth.<region>.amazoncognito.com`, where people sign in; unique in the region, over all accounts. */
export const signInPrefix = (account: string): string => `case-management-${account}`;
