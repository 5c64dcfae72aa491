/** What keeps content of customers outside databases: search indexes, assistants, profiles, studies. With whose key. */
import type { ControlId } from '../../../controls';
import { isOwnKey } from '../../facts/keys';
import { type Example, type PerCloud, type RuleSpec, rule } from '../../rule';

/** Where each type that holds what people wrote or said names its key. */
const CONTENT: Readonly<Record<string, string>> = {
  'AWS::Kendra::Index': 'ServerSideEncryptionConfiguration.KmsKeyId',
  'AWS::QBusiness::Application': 'EncryptionConfiguration.KmsKeyId',
  'AWS::Bedrock::DataSource': 'ServerSideEncryptionConfiguration.KmsKeyArn',
  'AWS::Bedrock::Agent': 'CustomerEncryptionKeyArn',
  'AWS::BedrockAgentCore::Memory': 'EncryptionKeyArn',
  'AWS::Wisdom::Assistant': 'ServerSideEncryptionConfiguration.KmsKeyId',
  'AWS::Wisdom::KnowledgeBase': 'ServerSideEncryptionConfiguration.KmsKeyId',
  'AWS::VoiceID::Domain': 'ServerSideEncryptionConfiguration.KmsKeyId',
  'AWS::CustomerProfiles::Domain': 'DefaultEncryptionKey',
  'AWS::HealthLake::FHIRDatastore': 'SseConfiguration.KmsEncryptionConfig.KmsKeyId',
  'AWS::HealthImaging::Datastore': 'KmsKeyArn',
  'AWS::DataZone::Domain': 'KmsKeyIdentifier',
  'AWS::FinSpace::Environment': 'KmsKeyId',
  'AWS::DataBrew::Job': 'EncryptionKeyArn',
  'AWS::MWAA::Environment': 'KmsKey',
};
/** The same for what passes content on, or holds settings, texts and measurements about it. */
const LESSER: Readonly<Record<string, string>> = {
  'AWS::Bedrock::Flow': 'CustomerEncryptionKeyArn',
  'AWS::Bedrock::Prompt': 'CustomerEncryptionKeyArn',
  'AWS::Bedrock::Guardrail': 'KmsKeyArn',
  'AWS::Comprehend::DocumentClassifier': 'ModelKmsKeyId',
  'AWS::Comprehend::EntityRecognizer': 'ModelKmsKeyId',
  'AWS::Personalize::DatasetGroup': 'KmsKeyArn',
  'AWS::OSIS::Pipeline': 'EncryptionAtRestOptions.KmsKeyArn',
  'AWS::APS::Workspace': 'KmsKeyArn',
  'AWS::AppConfig::ConfigurationProfile': 'KmsKeyIdentifier',
  'AWS::WorkSpacesWeb::Portal': 'CustomerManagedKey',
};

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const keyed = (type: string, path: string, key: unknown): Example => ({
  resources: {
    Store: { Type: type, Properties: path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), key) as object },
  },
});

function ownKey(paths: Readonly<Record<string, string>>, severity: 'medium' | 'low'): RuleSpec {
  const [[first, firstPath]] = Object.entries(paths) as [[string, string]];
  return rule({
    on: Object.keys(paths),
    from: 'moderate',
    severity,
    check: (store) => isOwnKey(store.at(paths[store.type] as string)),
    fix: `Name a key of your own (SecureKey): ${[...new Set(Object.values(paths))].join(', ')}.`,
    pass: Object.entries(paths).map(([type, path]) => keyed(type, path, KEY)),
    fail: Object.keys(paths).map((type) => ({ resources: { Store: { Type: type, Properties: {} } } })),
    unknown: [{ parameters: { Key: { Type: 'String' } }, ...keyed(first, firstPath, { Ref: 'Key' }) }],
  });
}

export const CONTENT_KEYS = {
  'ENC-02': { aws: [ownKey(CONTENT, 'medium'), ownKey(LESSER, 'low')] },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
