/** What models of Bedrock may be asked and may answer. */
import type { PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { type Compared, each, found, type Guard, meaning, present, type Said } from './parts';

const ACTIONS = ['NONE', 'ANONYMIZE', 'BLOCK'];
const STRENGTHS = ['NONE', 'LOW', 'MEDIUM', 'HIGH'];

/** By what is looked for: how much is done about it, from nothing. */
type Scale = ReadonlyMap<string, number>;

function personal(guardrail: PlainMap): Scale {
  const { PiiEntitiesConfig, RegexesConfig } = asMap(guardrail.SensitiveInformationPolicyConfig);
  const scale = new Map<string, number>();
  for (const item of [...asList(PiiEntitiesConfig), ...asList(RegexesConfig)]) {
    const { Action, InputAction, InputEnabled, Name, OutputAction, OutputEnabled, Type } = asMap(item);
    const name = asText(Type) ?? asText(Name) ?? '';
    for (const [way, action, enabled] of [
      ['in questions', InputAction, InputEnabled],
      ['in answers', OutputAction, OutputEnabled],
    ] as const)
      scale.set(
        `${name} ${way}`,
        enabled === false || enabled === 'false' ? 0 : ACTIONS.indexOf(asText(action) ?? asText(Action) ?? 'NONE'),
      );
  }
  return scale;
}
function harmful(guardrail: PlainMap): Scale {
  const scale = new Map<string, number>();
  for (const item of asList(valueAt(guardrail, 'ContentPolicyConfig.FiltersConfig'))) {
    const { InputEnabled, InputStrength, OutputEnabled, OutputStrength, Type } = asMap(item);
    scale.set(`${Type} in questions`, InputEnabled === false ? 0 : STRENGTHS.indexOf(asText(InputStrength) ?? 'NONE'));
    scale.set(`${Type} in answers`, OutputEnabled === false ? 0 : STRENGTHS.indexOf(asText(OutputStrength) ?? 'NONE'));
  }
  return scale;
}

const less =
  (read: (guardrail: PlainMap) => Scale, what: string): Compared =>
  (before, after) => {
    const [was, is] = [read(before), read(after)];
    const fewer = [...was].filter(([name, rank]) => (is.get(name) ?? 0) < rank).map(([name]) => name);
    const more = [...is].filter(([name, rank]) => (was.get(name) ?? 0) < rank).map(([name]) => name);
    const said = (direction: Said['direction'], names: readonly string[], words: string): readonly Said[] =>
      names.length === 0
        ? []
        : [
            {
              direction,
              words: `${what} ${words}: ${names.slice().sort().slice(0, 5).join(', ')}${names.length > 5 ? `, ${names.length - 5} more` : ''}`,
            },
          ];
    return [...said('weaker', fewer, 'is held back less'), ...said('stronger', more, 'is held back more')];
  };

export const AWS_MODELS: readonly Guard[] = [
  {
    on: /^AWS::Bedrock::Guardrail$/,
    aspect: 'data',
    severity: 'high',
    ends: 'nothing holds back what models are asked and answer any more',
    parts: [
      meaning('SensitiveInformationPolicyConfig', less(personal, 'personal data')),
      meaning('ContentPolicyConfig', less(harmful, 'harmful content')),
      each('TopicPolicyConfig.TopicsConfig', 'the topics that it refuses', (item) => asText(asMap(item).Name)),
      found('each', 'WordPolicyConfig', 'the words that it refuses', (guardrail) => [
        ...asList(valueAt(guardrail, 'WordPolicyConfig.WordsConfig')).flatMap((item) => asText(asMap(item).Text) ?? []),
        ...asList(valueAt(guardrail, 'WordPolicyConfig.ManagedWordListsConfig')).flatMap((item) => asText(asMap(item).Type) ?? []),
      ]),
    ],
  },
  {
    on: /^AWS::Bedrock::(Agent|FlowVersion|Flow)$/,
    aspect: 'data',
    severity: 'high',
    parts: [
      present(
        'GuardrailConfiguration',
        'no guardrail holds back what it is asked and answers any more',
        'a guardrail holds back what it is asked and answers now',
      ),
    ],
  },
];
