import type { Office } from '../../exchange/office.ts';
import type { Env } from '../hosts.ts';
import type { Place } from '../place.ts';
import { RepoMapFile } from './map.ts';
import { overlay, type Where } from './overlay.ts';

/**
 * The office of a checkout, with what only this machine knows: answers say where it has the repositories they name, and
 * the first write in a checkout puts it on the map (`LEDGENTER_REPO_MAP=0` leaves the map alone).
 */
export function withLocalRepos(office: Office, parts: { place: Place; env: Env; fill: boolean }): Office {
  const { place, env } = parts;
  const { checkout } = office.who;
  const root = place.repository?.topLevel;
  const map = RepoMapFile.of(env);
  let fill = parts.fill && checkout !== undefined && root !== undefined;
  return {
    who: office.who,
    async perform(operation, input, options) {
      const answer = await office.perform(operation, input, options);
      if (operation.kind === 'write' && fill) {
        fill = false;
        await map.remember(checkout!.fingerprint, root!);
      }
      return operation.localRepos ? overlay(answer, whereOn(map, checkout?.fingerprint, root)) : answer;
    },
    renewHeld: () => office.renewHeld(),
    ...(office.holding ? { holding: () => office.holding!() } : {}),
    ...(office.signs ? { signs: () => office.signs!() } : {}),
    close: () => office.close(),
  };
}

/** This checkout first; the map is read when another repository is asked for. */
function whereOn(map: RepoMapFile, here: string | undefined, root: string | undefined): Where {
  let live: Map<string, string> | undefined;
  return fingerprint => {
    if (fingerprint === here && root !== undefined) return root;
    live ??= map.live();
    return live.get(fingerprint);
  };
}

/** `0` and `false` switch the filling off. */
export function fills(setting: string | undefined): boolean {
  return !/^(false|0|no|off)$/i.test(setting ?? 'true');
}
