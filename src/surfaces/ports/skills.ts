import { makeSkillSite, skillSitePort } from '../skills/site.ts';
import { providePort } from './port.ts';

export const skillSite = providePort(skillSitePort, ({ seat, options: { place, env, ask } }) =>
  makeSkillSite({
    env,
    ask,
    book: seat.discovery.location.commonDir,
    ledger: seat.ledger,
    repository: place.repository,
  }),
);
