import { describe, expect, it } from 'vitest';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { NodeMap } from '../policies/gather/cloudformation/text';

const Transform = 'AWS::Serverless-2016-10-31';
const FUNCTION = 'AWS::Serverless::Function';

function read(template: object, logicalId = 'Handler') {
  const { graph } = graphOfTemplates([{ id: 'app', template: { Transform, ...template } as NodeMap }]);
  const resource = graph.get(`app/${logicalId}`);
  if (!resource) throw new Error(`no ${logicalId}`);
  return resource;
}

describe('the globals of a serverless template', () => {
  it('hold for a resource that says nothing of its own', () => {
    const handler = read({ Globals: { Function: { Tracing: 'Active' } }, Resources: { Handler: { Type: FUNCTION } } });
    expect(handler.at('Tracing').string).toBe('Active');
  });

  it('say what the implicit API asks of events that name no API, and of no others', () => {
    const event = (Type: string, Properties: object) => ({ Type, Properties: { Path: '/', Method: 'get', ...Properties } });
    const handler = read({
      Globals: { HttpApi: { Auth: { DefaultAuthorizer: 'Users' } } },
      Resources: {
        Handler: {
          Type: FUNCTION,
          Properties: {
            Events: {
              Asked: event('HttpApi', {}),
              Open: event('HttpApi', { Auth: { Authorizer: 'NONE' } }),
              Named: event('HttpApi', { ApiId: 'a1' }),
              Rest: event('Api', {}),
            },
          },
        },
      },
    });
    const asks = (name: string) => handler.at(`Events.${name}.Properties.Auth.Authorizer`).string;
    expect(['Asked', 'Open', 'Named', 'Rest'].map(asks)).toEqual(['Users', 'NONE', undefined, undefined]);
  });

  it('give way to what the resource says, join maps and put lists one after the other', () => {
    const handler = read({
      Globals: {
        Function: {
          Timeout: 30,
          VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
          Environment: { Variables: { A: '1', B: '1' } },
        },
      },
      Resources: {
        Handler: {
          Type: FUNCTION,
          Properties: { Timeout: 5, VpcConfig: { SecurityGroupIds: ['sg-2'] }, Environment: { Variables: { B: '2' } } },
        },
      },
    });
    expect(handler.at('Timeout').number).toBe(5);
    expect(handler.at('VpcConfig.SubnetIds').items()[0]?.string).toBe('subnet-1');
    expect(
      handler
        .at('VpcConfig.SecurityGroupIds')
        .items()
        .map(({ string }) => string),
    ).toEqual(['sg-1', 'sg-2']);
    expect(
      handler
        .at('Environment.Variables')
        .entries()
        .map(([name, { string }]) => [name, string]),
    ).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
  });

  it('take an intrinsic as one value, and never join into it', () => {
    const handler = read({
      Parameters: { Vpc: { Type: 'String' } },
      Globals: { Function: { VpcConfig: { Ref: 'Vpc' }, Environment: { Variables: { A: '1' } } } },
      Resources: { Handler: { Type: FUNCTION, Properties: { VpcConfig: { SubnetIds: ['subnet-1'] }, Environment: { Ref: 'Vpc' } } } },
    });
    expect(handler.at('VpcConfig.SubnetIds').items()).toHaveLength(1);
    expect(handler.at('Environment').state).toBe('unknown');
  });

  it('speak of their own kind of resource only, and not of one that ignores them', () => {
    const template = {
      Globals: { Function: { Tracing: 'Active', Timeout: 3 }, Api: { TracingEnabled: true } },
      Resources: {
        Handler: { Type: 'AWS::Lambda::Function', Properties: {} },
        Alone: { Type: FUNCTION, IgnoreGlobals: '*' },
        Partly: { Type: FUNCTION, IgnoreGlobals: ['Tracing'] },
        Door: { Type: 'AWS::Serverless::Api', Properties: {} },
      },
    };
    expect(read(template).at('Tracing').state).toBe('absent');
    expect(read(template, 'Alone').at('Tracing').state).toBe('absent');
    expect(read(template, 'Partly').at('Tracing').state).toBe('absent');
    expect(read(template, 'Partly').at('Timeout').number).toBe(3);
    expect(read(template, 'Door').at('TracingEnabled').boolean).toBe(true);
  });

  it('leave a property open where an included file may write it', () => {
    const include = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://shared/globals.yaml' } } };
    expect(read({ Globals: { Function: include }, Resources: { Handler: { Type: FUNCTION } } }).at('Tracing').state).toBe('unknown');
  });

  it('mean nothing where the transform is missing or the section is malformed', () => {
    const Resources = { Handler: { Type: FUNCTION, Properties: {} } };
    expect(read({ Transform: undefined, Globals: { Function: { Tracing: 'Active' } }, Resources }).at('Tracing').state).toBe('absent');
    expect(read({ Globals: ['Function'], Resources }).at('Tracing').state).toBe('absent');
    expect(read({ Globals: { Function: 'all' }, Resources }).at('Tracing').state).toBe('absent');
  });
});
