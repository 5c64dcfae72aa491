/** Groups of the directory: who may be in them, who answers for them, and how people get in. */
import type { ControlId } from '../../../controls';
import { entra, GROUPS, lists } from '../../facts/azure-directory';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const MEMBER = entra('GroupMember');
const INVITATION = entra('Invitation');
const USER = entra('User');

/** What people, or guests, write into their own account: a rule over it lets them choose their groups. */
const SELF_WRITTEN =
  /\buser\.(displayName|givenName|surname|mail|mailNickname|otherMails|proxyAddresses|userPrincipalName|mobile|telephoneNumber|facsimileTelephoneNumber|preferredLanguage|streetAddress|city|state|postalCode|country|physicalDeliveryOfficeName)\b/i;

function isRuledByOthers(group: Resource): Outcome {
  const written = group.at('dynamicMembership.rule');
  if (written.state === 'absent') return notApplicable('has no rule of membership');
  const { shape } = written;
  if (shape === undefined) return written.asUnknown();
  const [, attribute] = SELF_WRITTEN.exec(shape) ?? [];
  if (attribute !== undefined)
    return fail(`dynamicMembership.rule reads user.${attribute}, which people and guests write themselves`, written.path);
  return written.state === 'text' ? written.asUnknown() : pass();
}

/** Members by what the program makes of them: invited guests, and people of the directory. */
function kindsOf(group: Resource, graph: Graph): ReadonlySet<string> {
  const members = [
    ...group.at('members').items(),
    ...graph.pointingAt(group, MEMBER, 'groupObjectId').map((one) => one.at('memberObjectId')),
  ];
  return new Set(
    members.flatMap(({ targets }) => targets.map((id) => graph.get(id)?.type ?? '')).filter((type) => type === USER || type === INVITATION),
  );
}

const group = (properties: object) => ({ group: { type: GROUPS[0], properties: { displayName: 'agents', ...properties } } });
const ruled = (text: unknown) => group({ types: ['DynamicMembership'], dynamicMembership: { enabled: true, rule: text } });
const member = (of: string) => ({ type: MEMBER, properties: { groupObjectId: { $ref: 'group' }, memberObjectId: { $ref: of } } });
const GUEST = { type: INVITATION, properties: { userEmailAddress: 'a@partner.example', redirectUrl: 'https://cases.example.com' } };
const EMPLOYEE = { type: USER, properties: { displayName: 'b', userPrincipalName: 'b@example.com' } };

export const AZURE_GROUPS = {
  'LPA-04': {
    azure: rule({
      on: GROUPS,
      check: isRuledByOthers,
      severity: 'medium',
      fix: 'Read attributes that only administrators or the personnel system write, such as user.department or an extension attribute.',
      pass: [
        { resources: ruled('(user.department -eq "Support") and (user.userType -eq "Member")') },
        { resources: { group: { type: GROUPS[1], properties: { dynamicMembership: { rule: 'user.employeeId -ne null' } } } } },
      ],
      fail: [
        { resources: ruled('user.displayName -contains "Support"') },
        { resources: ruled('(user.otherMails -any (_ -contains "example.com"))') },
        { resources: ruled({ $text: ['user.mail -contains "', { $unknown: 'config value' }, '"'] }) },
      ],
      unknown: [
        { resources: ruled({ $unknown: 'config value' }) },
        { resources: ruled({ $text: ['user.department -eq "', { $unknown: 'config value' }, '"'] }) },
      ],
      skip: [{ resources: group({ securityEnabled: true }) }],
    }),
  },
  'LPA-05': {
    azure: rule({
      on: GROUPS,
      check: (one) =>
        lists(one.at('types'), 'Unified').verdict === 'pass' && one.at('securityEnabled').orDefault(false).isTrue().verdict === 'pass'
          ? one.at('visibility').orDefault('Public').isOneOf(['Private', 'Hiddenmembership'])
          : notApplicable('is not a group that people join by themselves'),
      severity: 'medium',
      fix: "Set visibility: 'Private', or use a group that is security-enabled only: whoever is in it has its rights.",
      pass: [{ resources: group({ types: ['Unified'], securityEnabled: true, visibility: 'Private' }) }],
      fail: [
        { resources: group({ types: ['Unified'], securityEnabled: true, visibility: 'Public' }) },
        { resources: group({ types: ['Unified'], securityEnabled: true }) },
      ],
      unknown: [{ resources: group({ types: ['Unified'], securityEnabled: true, visibility: { $unknown: 'config value' } }) }],
      skip: [{ resources: group({ securityEnabled: true }) }, { resources: group({ types: ['Unified'], mailEnabled: true }) }],
    }),
  },
  'UAR-08': {
    azure: rule({
      on: GROUPS,
      check: (one) => {
        const owners = one.at('owners').isSet();
        return owners.verdict === 'fail' ? fail('owners is not set: nobody answers for who is in the group', 'owners') : owners;
      },
      severity: 'low',
      fix: 'Set owners to the people who answer for the group and review it.',
      pass: [{ resources: group({ owners: ['supervisor'] }) }],
      fail: [{ resources: group({}) }, { resources: group({ owners: [] }) }],
    }),
  },
  'PER-08': {
    azure: rule({
      on: GROUPS,
      check: (one, graph) => {
        const kinds = kindsOf(one, graph);
        if (!kinds.has(INVITATION)) return notApplicable('has no guests');
        return kinds.has(USER) ? fail('members are invited guests and people of the directory: both have the same rights') : pass();
      },
      severity: 'medium',
      fix: 'Put guests into a group of their own, with narrower rights and an end.',
      pass: [{ resources: { ...group({ members: [{ $ref: 'guest' }] }), guest: GUEST } }],
      fail: [
        { resources: { ...group({ members: [{ $ref: 'guest' }, { $ref: 'employee' }] }), guest: GUEST, employee: EMPLOYEE } },
        { resources: { ...group({ members: [{ $ref: 'employee' }] }), guest: GUEST, employee: EMPLOYEE, one: member('guest') } },
      ],
      skip: [{ resources: { ...group({ members: [{ $ref: 'employee' }] }), employee: EMPLOYEE } }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
