declare const LEDGENTER_VERSION: string | undefined;

/** The version in package.json, put here by the build; `0.0.0-source` when run from source. */
export const VERSION = typeof LEDGENTER_VERSION === 'string' ? LEDGENTER_VERSION : '0.0.0-source';
