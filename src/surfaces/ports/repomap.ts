import { repoMap } from '../../rooms/repos/ports.ts';
import { RepoMapFile } from '../repos/map.ts';
import { repoMapSite } from '../repos/operation.ts';
import { providePort } from './port.ts';

export const repoMapPort = providePort(repoMap, ({ options: { env } }) => ({
  fingerprints: () => [...RepoMapFile.of(env).live().keys()],
}));

export const repoMapSitePort = providePort(repoMapSite, ({ options: { env, place } }) => ({
  map: RepoMapFile.of(env),
  root: place.repository?.topLevel,
}));
