import { key, mark } from '../../kernel/fields.ts';

/** The name of a release: `0.4.1`, `v2.0.0-rc.1`. */
export const version = () => mark(key(), { key: true, of: 'release' });

/** Who may tag, by the policy `release_by`. */
export const RELEASE_BY = ['anyone', 'human', 'maintainer'] as const;
