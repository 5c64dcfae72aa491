import { describe, expect, it } from 'vitest';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { compareSides, type Side, sideOf } from '../review/diff';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
// biome-ignore lint/suspicious/noExplicitAny: templates of every shape
type Template = any;
const side = (which: Side['which'], template: Template): Side =>
  sideOf(
    which,
    [{ path: 't', graph: graphOfTemplates([{ id: 't', template: template as Record<string, Node> }]).graph, waivers: [] }],
    occasion,
  );
const allow = (more: object) => ({ Effect: 'Allow', ...more });
const objects = { 'Fn::Sub': `\${Records.Arn}/*` };

const BASE: Template = {
  Resources: {
    Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
    Records: { Type: 'AWS::S3::Bucket', Properties: {} },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Records' },
        PolicyDocument: {
          Statement: [
            { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: objects, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          ],
        },
      },
    },
    Worker: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [allow({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' })] },
      },
    },
    Rights: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'rights',
        Roles: [{ Ref: 'Worker' }],
        PolicyDocument: {
          Statement: [
            allow({ Action: ['s3:GetObject'], Resource: objects }),
            allow({ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': ['Key', 'Arn'] } }),
          ],
        },
      },
    },
  },
};

/** What the review says of access when the template is changed so. */
function said(change: (resources: Template) => void): readonly string[] {
  const changed = structuredClone(BASE);
  change(changed.Resources);
  return compareSides(side('before', BASE), side('after', changed), occasion)
    .filter(({ aspect }) => aspect === 'access')
    .map(({ boundary, direction, sentence }) => [direction, ...(boundary ? [boundary] : []), sentence].join(': '));
}
const statements = (resource: Template): Template[] => resource.Properties.PolicyDocument.Statement;

describe('access, in words', () => {
  it('of an identity that gains actions, or resources', () => {
    expect(said(({ Rights }) => statements(Rights)[0].Action.push('s3:DeleteObject'))).toEqual([
      'weaker: the role Worker can now delete the bucket Records (s3:DeleteObject)',
    ]);
    expect(
      said(({ Rights }) => {
        statements(Rights)[0].Resource = '*';
      }),
    ).toEqual(['weaker: the role Worker can now read everything (s3:GetObject)']);
  });

  it('of an identity that a managed policy makes an administrator', () => {
    const [line] = said(({ Worker }) => {
      Worker.Properties.ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    });
    expect(line).toBe(
      'weaker: the role Worker can now list, read, write, delete, decrypt, export and administer everything, by the AWS managed policy AdministratorAccess',
    );
  });

  it('of outsiders: who becomes a role, and what they reach through it', () => {
    const trust = (principal: object) =>
      said(({ Worker }) =>
        Worker.Properties.AssumeRolePolicyDocument.Statement.push(allow({ Principal: principal, Action: 'sts:AssumeRole' })),
      );
    expect(trust({ AWS: 'arn:aws:iam::999988887777:root' })).toEqual([
      'weaker: organisation: the account 999988887777 can now become the role Worker, and through it decrypt the key Key; read the bucket Records',
    ]);
  });

  it('of everyone, by the policy of a resource; and not of everyone where a condition keeps outsiders away', () => {
    const open = (more: object) =>
      said(({ Policy }) => statements(Policy).push(allow({ Principal: '*', Action: 's3:GetObject', Resource: objects, ...more })));
    expect(open({})).toEqual(['weaker: internet: everyone can now read the bucket Records (s3:GetObject); nothing keeps DHC-05 any more']);
    expect(open({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })).toEqual([
      'weaker: everyone can now read the bucket Records (s3:GetObject) (when StringEquals aws:principalorgid o-1)',
    ]);
  });

  it('of everyone outside, where a condition only seems to keep them away', () => {
    for (const operator of ['StringNotEquals', 'StringEqualsIfExists', 'ForAllValues:StringEquals']) {
      const [line] = said(({ Policy }) =>
        statements(Policy).push(
          allow({ Principal: '*', Action: 's3:GetObject', Resource: objects, Condition: { [operator]: { 'aws:PrincipalOrgID': 'o-1' } } }),
        ),
      );
      expect(line, operator).toMatch(/^weaker: internet: everyone can now read the bucket Records/);
    }
  });

  it('of those who lose it', () => {
    expect(said(({ Rights }) => statements(Rights).pop())).toEqual([
      'stronger: the role Worker can no longer decrypt the key Key (kms:Decrypt)',
    ]);
  });

  it('of a boundary that is taken away, and of an organisation that no longer refuses', () => {
    const limited = structuredClone(BASE);
    limited.Resources.Limit = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: { Statement: [allow({ Action: 's3:*', Resource: '*' })] } },
    };
    limited.Resources.Worker.Properties.PermissionsBoundary = { Ref: 'Limit' };
    limited.Resources.Guard = {
      Type: 'AWS::Organizations::Policy',
      Properties: {
        Type: 'SERVICE_CONTROL_POLICY',
        Content: { Statement: [{ Effect: 'Deny', Action: 'cloudtrail:StopLogging', Resource: '*' }] },
      },
    };
    const lines = compareSides(side('before', limited), side('after', BASE), occasion).filter(({ aspect }) => aspect === 'access');
    expect(lines.map(({ sentence }) => sentence)).toEqual([
      'every identity of the organisation is no longer refused to write everything (cloudtrail:StopLogging)',
      'the role Worker can now decrypt the key Key (kms:Decrypt): its boundary no longer withholds it',
    ]);
  });
});

describe('no access changes', () => {
  it('where a policy moves into the role, is split, or is written otherwise', () => {
    expect(
      said((resources) => {
        resources.Worker.Properties.Policies = [{ PolicyName: 'rights', PolicyDocument: resources.Rights.Properties.PolicyDocument }];
        delete resources.Rights;
      }),
    ).toEqual([]);
    expect(
      said(({ Rights }) => {
        statements(Rights).reverse();
        statements(Rights)[1].Action = 's3:GetObject';
      }),
    ).toEqual([]);
  });
});
