/** Who counts as ours, who as a subcontractor, and what the project file says of it. */
import { arn, OTHER, policy, ref, statement } from './aws-base';
import { PARTNER, PEOPLE } from './aws-base-people';
import { CHAINS } from './aws-chains';
import { awsWith, type Changes, type Harmless, type Resources, type State, type Weakening } from './pair';

const AZURE_TENANT = '22222222-2222-2222-2222-222222222222';
const OURS = { partners: { accounts: [OTHER] } };
const THEIRS = { partners: { subcontractors: [OTHER, 'vendor.example.com', 'group-9'] } };
const aws = (base: Resources, changes: Changes, config: State['config']): State => ({ ...awsWith(base, changes), config });
const pair = (
  base: Resources,
  changes: Changes,
  config: State['config'],
  about: Weakening['about'],
  naming: string,
  boundary?: Weakening['boundary'],
): Weakening => ({
  before: aws(base, {}, config),
  after: aws(base, changes, config),
  about,
  naming,
  ...(boundary === undefined ? {} : { boundary }),
});
const said = (before: State['config'], after: State['config'], naming: string, boundary?: Weakening['boundary']): Weakening => ({
  before: aws(CHAINS, {}, before),
  after: aws(CHAINS, {}, after),
  about: ['controls'],
  naming,
  ...(boundary === undefined ? {} : { boundary }),
});
const lets = (account: string, more: object = {}): Changes => ({
  'Reader.AssumeRolePolicyDocument.Statement.1': {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'sts:AssumeRole',
    ...more,
  },
});
const OF = (organisation: string) => ({ Condition: { StringEquals: { 'aws:PrincipalOrgID': organisation } } });

export const PARTNER_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  'a role lets in another account of ours': pair(CHAINS, lets(OTHER), OURS, ['access'], 'read the bucket Records'),
  'a role lets in a subcontractor': pair(
    CHAINS,
    lets(OTHER),
    THEIRS,
    ['access'],
    `the account ${OTHER} of a subcontractor`,
    'organisation',
  ),
  'a role lets in an account of another organisation': pair(
    CHAINS,
    lets(OTHER, OF('o-else')),
    { partners: { organisation: 'o-ours' } },
    ['access'],
    `the account ${OTHER}`,
    'organisation',
  ),
  'a role that a subcontractor can become gains a store': pair(
    CHAINS,
    { 'Broker.Policies.0.PolicyDocument.Statement.1': statement('s3:GetObject', { 'Fn::Sub': '${Records.Arn}/*' }) },
    { partners: { subcontractors: [PARTNER] } },
    ['access'],
    'of a subcontractor',
    'organisation',
  ),
  'a group of vendors gains a right': pair(
    { ...PEOPLE, Vendors: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'vendors' } } },
    {
      Rights: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'rights', Groups: [ref('Vendors')], PolicyDocument: policy(statement('kms:Decrypt', arn('Key'))) },
      },
    },
    {},
    ['access'],
    'the group Vendors of a subcontractor',
  ),
  'a group of a subcontractor is assigned a permission set': pair(
    PEOPLE,
    { 'SupportTeam.PrincipalId': 'group-9' },
    THEIRS,
    ['access'],
    'the group group-9 of a subcontractor',
  ),
  'a subnet is shared with a subcontractor': pair(
    PEOPLE,
    { 'Subnets.Principals.1': OTHER },
    THEIRS,
    ['access'],
    `the account ${OTHER} of a subcontractor`,
    'organisation',
  ),
  'an account is called ours': said({}, OURS, OTHER, 'organisation'),
  'a tenant is called ours': said({}, { partners: { tenants: [AZURE_TENANT] } }, AZURE_TENANT, 'tenant'),
  'a subcontractor is not called one any more': said(THEIRS, { partners: { subcontractors: [OTHER, 'group-9'] } }, 'vendor.example.com'),
  'another organisation is called ours': said(
    { partners: { organisation: 'o-ours' } },
    { partners: { organisation: 'o-else' } },
    'o-else',
    'organisation',
  ),
  // What only the change itself calls ours is still outside.
  'an account is called ours and let in at once': {
    ...pair(CHAINS, lets(OTHER), {}, ['access'], `the account ${OTHER}`, 'organisation'),
    after: aws(CHAINS, lets(OTHER), OURS),
  },
};

export const PARTNER_HARMLESS: Readonly<Record<string, Harmless>> = {
  'an account is called ours no longer': { before: aws(CHAINS, {}, OURS), after: aws(CHAINS, {}, {}) },
  'a subcontractor is named': { before: aws(CHAINS, {}, {}), after: aws(CHAINS, {}, THEIRS) },
  'our organisation is named': { before: aws(CHAINS, {}, {}), after: aws(CHAINS, {}, { partners: { organisation: 'o-ours' } }) },
  'accounts of ours change places': {
    before: aws(CHAINS, {}, { partners: { accounts: [OTHER, PARTNER] } }),
    after: aws(CHAINS, {}, { partners: { accounts: [PARTNER, OTHER] } }),
  },
};
