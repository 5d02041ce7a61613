export { MemoryDesk } from './desk.ts';
export { ObjectPool } from './pool.ts';
export { MemoryRemote, type MemoryRemoteOptions } from './remote.ts';
export { type MemoryOptions, MemoryStore } from './store.ts';
