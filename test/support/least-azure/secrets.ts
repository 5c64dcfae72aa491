import * as pulumi from '@pulumi/pulumi';
import { SecretRotation, SecureSecret } from '../../../constructs/azure';
import type { Surroundings } from '../azure-components';
import type { Least } from './least';

const inDays = (days: number): string => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/** A vault has one rotation: secrets of one program share it. */
const ROTATIONS = new WeakMap<Surroundings, SecretRotation>();
function rotationOf(around: Surroundings): SecretRotation {
  const { common, contacts, vault } = around;
  const made = ROTATIONS.get(around) ?? new SecretRotation('secretrotation', { ...common, vault, alerts: contacts.id });
  ROTATIONS.set(around, made);
  return made;
}

export const secrets: Least = {
  SecretRotation: rotationOf,
  SecureSecret: (around, name) => {
    const value = pulumi.secret('generated elsewhere');
    const rotation = rotationOf(around);
    const secret = new SecureSecret(name, { ...around.common, rotation, value, contentType: 'password', expires: inDays(30) });
    secret.grantRead('agents', { principalId: '22222222-2222-2222-2222-222222222222', principalType: 'Group' });
    return secret;
  },
};
