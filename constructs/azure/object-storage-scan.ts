import * as security from '@pulumi/azure-native/security';
import type * as storage from '@pulumi/azure-native/storage';
import type * as pulumi from '@pulumi/pulumi';

/**
 * Has Defender for Storage scan what arrives in an account for malware, whatever the subscription says (DID-19). It tags
 * each blob with its verdict and raises an alert; without a cap, so that nothing passes unscanned at the end of a month.
 */
export function scanUploads(component: string, account: storage.StorageAccount, parent: pulumi.Resource): void {
  new security.DefenderForStorage(
    `${component}-scan`,
    {
      resourceId: account.id,
      settingName: 'current',
      properties: {
        isEnabled: true,
        overrideSubscriptionLevelSettings: true,
        malwareScanning: { onUpload: { isEnabled: true, capGBPerMonth: -1 } },
        sensitiveDataDiscovery: { isEnabled: true },
      },
    },
    { parent },
  );
}
