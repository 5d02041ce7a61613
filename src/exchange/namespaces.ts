/** Where a remote may keep a ledger; the first is canonical. Some hosts take nothing but branches. */
export const NAMESPACES = ['refs/ledgenter', 'refs/heads/ledgenter'] as const;
