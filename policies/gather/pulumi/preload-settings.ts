/** How parent and child speak with each other. */

/** What the parent tells the child, in the environment variable of this name. */
export const SETTINGS_VARIABLE = 'PALISADE_GATHER';
export interface Settings {
  /** Folder of the program; frames below it are the user's. */
  readonly root: string;
  /** Configuration keys whose whole value is encrypted. */
  readonly encrypted: readonly string[];
}

/** What the child tells the parent, one JSON document per line on file descriptor 3. */
export type Report =
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly file?: string | undefined;
      readonly line?: number | undefined;
      /** The user's own lines on the stack, innermost first: `deploy (index.ts:12)`. */
      readonly trace: readonly string[];
    }
  | { readonly kind: 'exit'; readonly code: number; readonly file?: string | undefined; readonly line?: number | undefined }
  | { readonly kind: 'note'; readonly text: string };
