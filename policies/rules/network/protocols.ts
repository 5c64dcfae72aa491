/** Services that offer clear-text or outdated protocols by a setting of their own, besides what network rules let in. */
import { allOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleSpec, rule } from '../../rule';

const DOMAIN = 'azure-native:aad:DomainService';

/** Settings of a managed domain with the value that refuses the weak form; the SDK writes the other one where nobody writes any. */
const REFUSED: Readonly<Record<string, string>> = {
  ntlmV1: 'Disabled',
  tlsV1: 'Disabled',
  kerberosRc4Encryption: 'Disabled',
  ldapSigning: 'Enabled',
  channelBinding: 'Enabled',
  kerberosArmoring: 'Enabled',
};

const domainIsStrict = (domain: Resource): Outcome =>
  allOf(...Object.entries(REFUSED).map(([setting, strict]) => domain.at(`domainSecuritySettings.${setting}`).is(strict)));

function publishesProtected(app: Resource): Outcome {
  const state = app.at('siteConfig.ftpsState');
  return state.state === 'absent' ? notApplicable('takes the default of the platform') : state.isOneOf(['FtpsOnly', 'Disabled']);
}

const transfer = (Protocols?: readonly string[]) => ({
  Server: { Type: 'AWS::Transfer::Server', Properties: Protocols ? { Protocols } : {} },
});
const domain = (changes: object = {}) => ({ domain: { type: DOMAIN, properties: { domainSecuritySettings: { ...REFUSED, ...changes } } } });
const ftp = (allow: boolean) => ({ policy: { type: 'azure-native:web:WebAppFtpAllowed', properties: { name: 'app', allow } } });
const app = (ftpsState: string) => ({ app: { type: 'azure-native:web:WebApp', properties: { siteConfig: { ftpsState } } } });

export const protocols: { readonly aws: readonly RuleSpec[]; readonly azure: readonly RuleSpec[] } = {
  aws: [
    rule({
      on: 'AWS::Transfer::Server',
      check: (server) =>
        every(server.at('Protocols').items(), (one) =>
          one.is('FTP').verdict === 'pass' ? fail('Protocols offers FTP', one.path) : pass(),
        ),
      fix: 'Offer SFTP, FTPS or AS2 in Protocols.',
      pass: [{ resources: transfer() }],
      fail: [{ resources: transfer(['SFTP', 'FTP']) }],
    }),
  ],
  azure: [
    rule({
      on: DOMAIN,
      check: domainIsStrict,
      fix: 'Write domainSecuritySettings with ntlmV1, tlsV1 and kerberosRc4Encryption Disabled and ldapSigning Enabled.',
      pass: [{ resources: domain() }],
      fail: [
        { resources: domain({ ntlmV1: 'Enabled' }) },
        { resources: domain({ ldapSigning: 'Disabled' }) },
        { name: 'nothing written', resources: { domain: { type: DOMAIN, properties: {} } } },
      ],
    }),
    rule({
      on: 'azure-native:web:WebAppFtpAllowed',
      check: (policy) => policy.at('allow').isFalse(),
      fix: 'Set allow to false: publish through the deployment service instead of FTP.',
      pass: [{ resources: ftp(false) }],
      fail: [{ resources: ftp(true) }],
    }),
    rule({
      on: 'azure-native:web:WebApp',
      check: publishesProtected,
      fix: 'Set siteConfig.ftpsState to Disabled, or to FtpsOnly.',
      pass: [{ resources: app('FtpsOnly') }],
      fail: [{ resources: app('AllAllowed') }],
    }),
  ],
};
