import { Book } from '../../src/book/book.ts';
import { Rulebook } from '../../src/book/rulebook.ts';
import type { Checker, Signer } from '../../src/book/signatures.ts';
import { verify } from '../../src/book/verify.ts';
import { Clone } from '../../src/exchange/clone.ts';
import { sync } from '../../src/exchange/sync.ts';
import { FORMAT, type Intent } from '../../src/kernel/entry.ts';
import { recordId, sha256Hex } from '../../src/kernel/ids.ts';
import { parseGpgKey } from '../../src/kernel/openpgp.ts';
import { instant } from '../../src/kernel/time.ts';
import { LAWS, OPERATIONS, RECORDS } from '../../src/rooms/index.ts';
import { MemoryDesk, MemoryRemote, MemoryStore } from '../../src/store/memory/index.ts';
import { sshKey } from '../ssh-key.ts';

const rulebook = new Rulebook({ records: RECORDS, laws: LAWS, operations: OPERATIONS });
const START = Date.parse('2026-03-02T09:00:00.000Z');

/** A signature that is good over one text only, without cryptography. */
export const seal = (fingerprint: string, text: string): string => `${fingerprint} ${sha256Hex(text)}`;
export const checkerWith =
  (gpg: boolean): Checker =>
  async (text, signature) => {
    const [key = '', hash] = signature.split(' ');
    if (!gpg && !key.startsWith('SHA256:')) return { state: 'unchecked', why: 'no gpg here' };
    return hash === sha256Hex(text) ? { state: 'good', key } : { state: 'bad', why: 'over another text' };
  };

/** As much of an OpenPGP key as the ledger reads: one packet of version 4, its point the base point of edwards25519. */
const point = `40${'58'.padEnd(64, '6')}`;
const packet = Buffer.from(`c63304000000001609${'2b06010401da470f01'}0107${point}`, 'hex').toString('base64');
export const GPG = `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${packet}\n-----END PGP PUBLIC KEY BLOCK-----\n`;
export const GPG_FINGERPRINT = (parseGpgKey(GPG) as { fingerprint: string }).fingerprint;

/** Clones of one remote in memory, whose people all sign. */
export class Team {
  readonly shared = new MemoryStore();
  now = START;
  #count = 0;

  clone(actor: string, { sign, gpg = true }: { sign?: Signer['sign']; gpg?: boolean } = {}, store = new MemoryStore()) {
    const { key, fingerprint } = sshKey(actor);
    const now = (): number => ++this.now;
    let signed = 0;
    const signer: Signer = {
      actor,
      sign: async text => {
        signed++;
        return seal(fingerprint, text);
      },
      ...(sign ? { sign } : {}),
    };
    const book = new Book({
      store,
      desk: new MemoryDesk({ writer: `w-${actor}`, now }),
      rulebook,
      ledger: 'main',
      now,
      sleep: async () => {},
      random: () => 0,
      checker: checkerWith(gpg),
      signer,
    });
    const remote = new MemoryRemote({ local: store, shared: this.shared });
    const nonce = (): string => `n${++this.#count}`;
    const clone = new Clone({ book, remote, lander: actor, now, sleep: async () => {}, random: () => 0, nonce });
    const run = [recordId('r', actor)];
    const intent = (op: string, input: Intent['input']): Intent => ({
      op,
      ledger: 'main',
      format: FORMAT,
      actor,
      kind: 'human',
      run,
      at: instant(now()),
      nonce: nonce(),
      input,
    });
    const proven = async () => (await verify(book, (await book.tip()).at, null)).names;
    return { key, fingerprint, store, clone, book, intent, run, proven, signed: () => signed };
  }

  /** Anna and bob with a key each, under `require_signatures`, and a task. */
  async begin(authority = 'github/acme/app', gpg = true) {
    const [anna, bob] = [this.clone('anna'), this.clone('bob', { gpg })];
    await anna.book.found();
    const init = { namespace: 'refs/ledgenter', authority, key: anna.key };
    await anna.book.transact(anna.intent('ledger.init', init));
    await anna.book.transact(anna.intent('actor.register', { actor: 'bob', kind: 'human' }));
    await anna.book.transact(anna.intent('actor.key_add', { actor: 'bob', key: bob.key }));
    await anna.book.transact(anna.intent('ledger.policy', { require_signatures: true }));
    const made = await anna.book.transact(anna.intent('task.create', { title: 'a' }));
    const task = made.kind === 'written' ? String(made.enacted.result.task_id) : '';
    await sync(anna.clone);
    await bob.book.found();
    await sync(bob.clone);
    return { anna, bob, task };
  }
}
