import { AlarmTopic } from '../../../constructs/aws';
import type { Least } from './least';

export const detection: Least = {
  AlarmTopic: (scope, id) => new AlarmTopic(scope, id),
};
