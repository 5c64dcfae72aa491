/** Which stores a backup plan of the input selects. */
import { globCovers, globsOverlap } from '../../facts/glob';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import type { Value } from '../../value';
import { Value as Values } from '../../value';

export const SELECTION = 'AWS::Backup::BackupSelection';
export const SNAPSHOT_POLICY = 'AWS::DLM::LifecyclePolicy';
const TABLE = 'AWS::DynamoDB::Table';
const GLOBAL_TABLE = 'AWS::DynamoDB::GlobalTable';
const INSTANCE = 'AWS::RDS::DBInstance';
const FILE_SYSTEM = 'AWS::EFS::FileSystem';
const VOLUME = 'AWS::EC2::Volume';
const FSX = 'AWS::FSx::FileSystem';

/** Stores that keep no backups unless told to, with the ARN by which a selection can name them. */
const ARNS: Readonly<Record<string, string>> = {
  [TABLE]: 'dynamodb:R:A:table/',
  [GLOBAL_TABLE]: 'dynamodb:R:A:table/',
  [INSTANCE]: 'rds:R:A:db:',
  [FILE_SYSTEM]: 'elasticfilesystem:R:A:file-system/',
  [VOLUME]: 'ec2:R:A:volume/',
  [FSX]: 'fsx:R:A:file-system/',
};
export const STORES = Object.keys(ARNS);

/** Whether the input plans backups at all; where it does not, somebody else may. */
export const plansBackups = (graph: Graph): boolean => selectionsOf(graph).length > 0;

const selectionsOf = (graph: Graph): readonly Resource[] => graph.ofType(SELECTION).filter((selection) => graph.exists(selection));

/** A backup of its own, or a plan that selects it. */
export function isBackedUp(store: Resource, graph: Graph): Outcome {
  const own = backsItselfUp(store, graph);
  if (own.verdict === 'pass' || own.verdict === 'not-applicable') return own;
  return anyOf(
    [own, some(selectionsOf(graph), (selection) => selects(selection.at('BackupSelection'), store), 'no selection')],
    `${own.saw}, and no backup plan here selects it`,
  );
}

function backsItselfUp(store: Resource, graph: Graph): Outcome {
  const window = 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled';
  switch (store.type) {
    case TABLE:
      return store.at(window).orDefault(false).isTrue();
    case GLOBAL_TABLE:
      return every(store.at('Replicas').items(), (replica) => replica.at(window).orDefault(false).isTrue());
    case INSTANCE:
      if (store.at('DBClusterIdentifier').state !== 'absent') return notApplicable('is backed up with its cluster');
      return store.at('BackupRetentionPeriod').orDefault(1).isAtLeast(1);
    case FILE_SYSTEM:
      return store.at('BackupPolicy.Status').orDefault('DISABLED').is('ENABLED');
    case FSX:
      return fsxBacksUp(store);
    default:
      return some(snapshotPolicies(graph), (policy) => takesSnapshotsOf(policy, store), 'no lifecycle policy takes snapshots of it');
  }
}

/** Days for which FSx keeps daily backups, by kind of file system; Lustre and OpenZFS start with none. */
function fsxBacksUp(store: Resource): Outcome {
  const days = (path: string, standard: number) => store.at(`${path}.AutomaticBackupRetentionDays`).orDefault(standard).isAtLeast(1);
  const kind = store.at('FileSystemType').string;
  if (kind === 'LUSTRE') return days('LustreConfiguration', 0);
  if (kind === 'OPENZFS') return days('OpenZFSConfiguration', 0);
  if (kind === 'WINDOWS') return days('WindowsConfiguration', 7);
  return notApplicable('is backed up with its volumes');
}

const snapshotPolicies = (graph: Graph): readonly Resource[] =>
  graph.ofType(SNAPSHOT_POLICY).filter((policy) => graph.exists(policy) && policy.at('State').is('DISABLED').verdict !== 'pass');

function takesSnapshotsOf(policy: Resource, volume: Resource): Outcome {
  const targets = policy.at('PolicyDetails.TargetTags').items();
  return anyOf(
    [
      policy.at('DefaultPolicy').is('VOLUME'),
      some(targets, (target) => carries(volume, target.at('Key'), target.at('Value'), 'equals'), 'targets other tags'),
    ],
    'targets other volumes',
  );
}

// ── Selections ───────────────────────────────────────────────────────────────────────────────────────────────────────

function selects(selection: Value, store: Resource): Outcome {
  const named = allOf(
    some(selection.at('Resources').items(), (entry) => names(entry, store), 'names other resources'),
    every(selection.at('Conditions').entries(), ([operator, tests]) => every(tests.items(), (test) => meets(store, operator, test))),
  );
  const tagged = some(
    selection.at('ListOfTags').items(),
    (tag) => carries(store, tag.at('ConditionKey'), tag.at('ConditionValue'), 'equals'),
    'selects other tags',
  );
  const excepted = some(selection.at('NotResources').items(), (entry) => names(entry, store), 'not excepted');
  return allOf(anyOf([named, tagged], 'selects others'), not(excepted, 'is excepted by NotResources'));
}

/** An entry of `Resources`: an ARN, or a pattern of it. */
function names(entry: Value, store: Resource): Outcome {
  const direct = entry.refersTo(store);
  if (direct.verdict === 'pass') return direct;
  const shape = entry.shape?.replace(/\$\{AWS::[^}]*\}/g, '*');
  if (shape === undefined) return direct;
  const prefix = `arn:aws:${ARNS[store.type]}`;
  if (globCovers(shape, `${prefix}*`)) return pass();
  const known = store.names.map((name) => Values.root(store, name).shape).filter((name) => name !== undefined && !name.startsWith('arn:'));
  if (known.length > 0) return known.some((name) => globCovers(shape, `${prefix}${name}`)) ? pass() : fail('names another resource');
  return globsOverlap(shape, `${prefix}*`) && /[*?]/.test(shape) ? entry.asUnknown() : fail('names another resource');
}

/** A test of `Conditions`; its key is written `aws:ResourceTag/name`. */
function meets(store: Resource, operator: string, test: Value): Outcome {
  const [key, value] = [test.at('ConditionKey'), test.at('ConditionValue')];
  const carried = carries(store, key, value, operator.endsWith('Like') ? 'like' : 'equals');
  return operator.startsWith('StringNot') ? not(carried, `${test.path} leaves it out`) : carried;
}

const TAGS: Readonly<Record<string, string>> = { [FILE_SYSTEM]: 'FileSystemTags', [GLOBAL_TABLE]: 'Replicas' };

function tagsOf(store: Resource): readonly Value[] {
  const tags = store.at(TAGS[store.type] ?? 'Tags').items();
  return store.type === GLOBAL_TABLE ? tags.flatMap((replica) => replica.at('Tags').items()) : tags;
}

/** The store carries the tag. */
function carries(store: Resource, key: Value, value: Value, how: 'equals' | 'like'): Outcome {
  const wanted = key.string?.replace(/^aws:ResourceTag\//, '');
  if (wanted === undefined) return key.asUnknown();
  return some(
    tagsOf(store),
    (tag) => {
      if (tag.state === 'unknown') return tag.asUnknown();
      const name = tag.at('Key');
      if (name.string !== wanted) return name.string === undefined ? name.asUnknown() : fail('is another tag');
      const [is, want] = [tag.at('Value'), value];
      if (is.shape !== undefined && is.shape === want.shape) return pass();
      if (is.string === undefined || want.string === undefined) return (is.string === undefined ? is : want).asUnknown();
      return how === 'like' && globCovers(want.string, is.string) ? pass() : is.asFailure();
    },
    `carries no tag ${wanted}`,
  );
}
