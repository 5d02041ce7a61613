import { ownKeyPort } from '../../rooms/actors/key_add.ts';
import { faultOf } from '../signing.ts';
import { providePort } from './port.ts';

export const ownKeySource = providePort(ownKeyPort, ({ seat }) => ({
  async publicKey() {
    const own = await seat.signing.ownKey();
    if ('problem' in own) throw faultOf(own);
    return own.key;
  },
}));
