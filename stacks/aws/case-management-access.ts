import { join } from 'node:path';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { CognitoUserPoolsAuthorizer, LambdaIntegration, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnUserPoolGroup,
  ProviderAttribute,
  UserPoolClientIdentityProvider,
  UserPoolIdentityProviderSaml,
  UserPoolIdentityProviderSamlMetadata,
} from 'aws-cdk-lib/aws-cognito';
import { type IManagedPolicy, PermissionsBoundary, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Code, type ICodeSigningConfig, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  CASE_ROLES,
  FieldSecuredApi,
  SecureFunction,
  SecureRestApi,
  SecureStack,
  type SecureStackProps,
  type SecureVpc,
  SecureWebAcl,
  UserDirectory,
} from '../../constructs/aws';
import { CASE_FIELDS, CASE_NOTICE } from '../fields';
import type { CaseDataStack } from './case-management-data';
import { signInPrefix } from './case-management-names';

/** What each role is for; AWS shows it beside the group. */
const ROLES: Readonly<Record<(typeof CASE_ROLES)[number], string>> = {
  agent: 'Works on the cases that are assigned',
  supportEngineer: 'Is let into single cases, for a purpose and a while',
  supervisor: 'Oversees every case of a team without what customers wrote; lets engineers in',
};

/** The built handlers; the sources stand beside when the stacks run from them. */
const handler = (name: string): string => {
  const root = join(__dirname, '..', '..');
  return __dirname.includes(`${join('dist', 'stacks')}`) ? join(root, 'handlers', name) : join(root, 'dist', 'handlers', name);
};

export interface CaseAccessStackProps extends SecureStackProps {
  readonly vpc: SecureVpc;
  readonly caseKey: IKey;
  readonly boundary: IManagedPolicy;
  readonly data: CaseDataStack;
  /** Address to which people return after they signed in. */
  readonly origin: string;
  /** Metadata document of the SAML identity provider of the organisation. @default people sign in to the directory itself */
  readonly samlMetadataUrl?: string;
  /** Whose signatures the functions accept. @default they run unsigned code */
  readonly signing?: ICodeSigningConfig | undefined;
}

/** Attribute under which SAML identity providers tell the mail address. */
const MAIL = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';

/** How people come in: directory, closed roles, the API that filters fields, and links to files. */
export class CaseAccessStack extends SecureStack {
  readonly people: UserDirectory;
  readonly api: FieldSecuredApi;
  readonly links: SecureRestApi;

  constructor(scope: Construct, id: string, props: CaseAccessStackProps) {
    const { boundary, caseKey, data, origin, samlMetadataUrl, signing, vpc, ...stack } = props;
    super(scope, id, stack);
    PermissionsBoundary.of(this).apply(boundary);
    this.people = this.directory(origin, samlMetadataUrl);
    this.api = new FieldSecuredApi(this, 'Api', {
      name: 'case-management',
      userPool: this.people,
      catalogue: CASE_FIELDS,
      notice: CASE_NOTICE,
      tables: { Case: data.cases, Message: data.messages, Attachment: data.attachments },
      access: data.access,
      audit: data.audit,
      grantors: ['supervisor'],
    });
    this.links = this.linkApi(props);
    new CfnOutput(this, 'GraphqlUrl', { description: 'Where the web client asks for cases', value: this.api.graphqlUrl });
  }

  /** A group for each role of the closed set, a page to sign in on, and no way to sign up. */
  private directory(origin: string, samlMetadataUrl: string | undefined): UserDirectory {
    const people = new UserDirectory(this, 'People', { signInAliases: { email: true } });
    for (const role of CASE_ROLES)
      new CfnUserPoolGroup(this, `Role${role}`, { userPoolId: people.userPoolId, groupName: role, description: ROLES[role] });
    const provider = samlMetadataUrl
      ? new UserPoolIdentityProviderSaml(this, 'Organisation', {
          userPool: people,
          metadata: UserPoolIdentityProviderSamlMetadata.url(samlMetadataUrl),
          attributeMapping: { email: ProviderAttribute.other(MAIL) },
          idpSignout: true,
        })
      : undefined;
    // Where the organisation signs people in, nobody passes it by with a password of the directory.
    const { COGNITO, custom } = UserPoolClientIdentityProvider;
    const client = people.addClient('Web', {
      oAuth: { callbackUrls: [`${origin}/signed-in`], logoutUrls: [`${origin}/signed-out`] },
      supportedIdentityProviders: [provider ? custom(provider.providerName) : COGNITO],
    });
    if (provider) client.node.addDependency(provider);
    const domain = people.addDomain('SignIn', { cognitoDomain: { domainPrefix: signInPrefix(this.account) } });
    // The page is on the internet, where the interfaces are not.
    new SecureWebAcl(this, 'SignInFirewall').protect('People', people.userPoolArn);
    new CfnOutput(this, 'SignInUrl', { description: 'Where people sign in', value: domain.baseUrl() });
    new CfnOutput(this, 'ClientId', { description: 'Under which the web client signs people in', value: client.userPoolClientId });
    return people;
  }

  /** `POST /attachments/{id}/link`: a link to one file that lives for minutes, after the same checks as the API's own. */
  private linkApi({ caseKey, data, origin, signing, vpc }: CaseAccessStackProps): SecureRestApi {
    const service = new SecureFunction(this, 'Links', {
      description: 'Hands out links to attachments of cases',
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(handler('attachment-links')),
      timeout: Duration.seconds(10),
      memorySize: 512,
      vpc,
      ...(signing ? { codeSigningConfig: signing } : {}),
      environment: {
        CASES: data.cases.tableName,
        ATTACHMENTS: data.attachments.tableName,
        ACCESS: data.access.tableName,
        AUDIT: data.audit.tableName,
        BUCKET: data.files.bucketName,
        NOTICE: CASE_NOTICE.id,
        NOTICE_VERSION: CASE_NOTICE.version,
        ORIGIN: origin,
      },
    });
    const files = data.files.arnForObjects('cases/*');
    for (const [actions, resources] of [
      [['dynamodb:GetItem'], [data.attachments.tableArn, data.cases.tableArn, data.access.tableArn]],
      [['dynamodb:PutItem'], [data.audit.tableArn]],
      [['s3:GetObject', 's3:GetObjectTagging', 's3:PutObject'], [files]],
    ] as const)
      service.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    caseKey.grantEncryptDecrypt(service);

    const endpoint = vpc.interfaces.get('execute-api');
    if (!endpoint) throw new Error(`${this.node.path}: the network has no private endpoint for API Gateway; add APIGATEWAY to endpoints`);
    const api = new SecureRestApi(this, 'LinkApi', {
      vpcEndpoints: [endpoint],
      cloudWatchRole: true,
      authorizer: new CognitoUserPoolsAuthorizer(this, 'Callers', { cognitoUserPools: [this.people] }),
      // The page of the client stands at another address, and browsers ask first.
      defaultCorsPreflightOptions: { allowOrigins: [origin], allowMethods: ['POST'], allowHeaders: ['Authorization', 'Content-Type'] },
    });
    const responseHeaders = { 'Access-Control-Allow-Origin': `'${origin}'` };
    for (const type of [ResponseType.DEFAULT_4XX, ResponseType.DEFAULT_5XX])
      api.addGatewayResponse(type.responseType, { type, responseHeaders });
    const link = api.root.addResource('attachments').addResource('{id}').addResource('link');
    link.addMethod('POST', new LambdaIntegration(service));
    return api;
  }
}
