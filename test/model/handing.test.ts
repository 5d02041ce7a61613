import t, { type Test } from 'tap';
import { cancel } from '../../src/rooms/handoffs/cancel.ts';
import type { Agent } from './cast.ts';
import { runId } from './ground.ts';
import { Script } from './script.ts';

/** More gates than any of these actions passes. */
const MOST = 60;

interface Play {
  script: Script;
  /** Holds the task, and is about to offer it or has offered it; is offered it; is a stranger to it. */
  sender: Agent;
  taker: Agent;
  third: Agent;
}

async function begin(offered = true): Promise<Play> {
  const script = await Script.open();
  const [sender, taker, third] = [script.clone(), script.clone(), script.clone()];
  await script.go(sender, () => script.claim(sender));
  const play = { script, sender, taker, third };
  if (offered) {
    await script.go(sender, offer(play));
    await script.go(taker, () => script.sync(taker));
  }
  return play;
}

const offer =
  ({ script, sender, taker }: Play) =>
  async () =>
    script.acts.offer(sender, (await script.hold(sender))!, taker);
const accept =
  ({ script, taker }: Play) =>
  () =>
    script.acts.accept(taker, script.task);
const takeBack =
  ({ script, sender }: Play) =>
  async () => {
    const { hold } = script.world.task((await sender.clone.book.tip()).at, script.task);
    if (hold?.offer) await script.acts.takeBack(sender, script.task, hold.offer.id);
  };

/** Steps `agent` through `gates` gates of an action; false when it ended before. */
async function partly(agent: Agent, action: () => Promise<unknown>, gates: number): Promise<boolean> {
  await agent.fiber.start(action);
  for (let passed = 0; passed < gates && agent.fiber.busy; passed++) await agent.fiber.step();
  if (agent.fiber.failure !== undefined) throw agent.fiber.failure;
  return agent.fiber.busy;
}

/** Plays `scene` with `agent` stopped before each of its gates in turn, until it passes them all. */
async function atEveryGate(
  t: Test,
  offered: boolean,
  scene: (play: Play, gates: number) => Promise<{ more: boolean; what: string }>,
): Promise<void> {
  let tried = 0;
  for (let gates = 0; gates < MOST; gates++) {
    const play = await begin(offered);
    const { more, what } = await scene(play, gates);
    const failures = (await play.script.verdict()).map(({ invariant, message }) => `${invariant}: ${message}`);
    t.same(failures, [], `gate ${gates}: ${what}`);
    tried++;
    if (!more) break;
  }
  t.ok(tried > 3 && tried < MOST, `${tried} gates`);
}

const holders = async ({ script, sender, taker, third }: Play): Promise<string> => {
  const held = [];
  for (const [name, agent] of Object.entries({ sender, taker, third })) if (await script.hold(agent)) held.push(name);
  return held.join(' and ') || 'nobody';
};

t.test('while the sender takes back, the taker claims: one of them has it, at whatever moment', async t => {
  const seen = new Set<string>();
  await atEveryGate(t, true, async (play, gates) => {
    const more = await partly(play.taker, accept(play), gates);
    await play.script.go(play.sender, takeBack(play));
    await play.script.go(play.taker);
    const who = await holders(play);
    seen.add(who);
    return { more, what: who };
  });
  t.same([...seen].sort(), ['sender', 'taker']);
});

t.test('while the taker claims, the sender takes back: one of them has it, at whatever moment', async t => {
  const seen = new Set<string>();
  await atEveryGate(t, true, async (play, gates) => {
    const more = await partly(play.sender, takeBack(play), gates);
    await play.script.go(play.taker, accept(play));
    await play.script.go(play.sender);
    const who = await holders(play);
    seen.add(who);
    return { more, what: who };
  });
  t.same([...seen].sort(), ['sender', 'taker']);
});

t.test('a third who claims at any moment of the transfer never has it', async t => {
  for (const [what, agent, action, offered] of [
    ['offering', 'sender', offer, false],
    ['taking', 'taker', accept, true],
    ['taking back', 'sender', takeBack, true],
  ] as const) {
    await t.test(what, t =>
      atEveryGate(t, offered, async (play, gates) => {
        const more = await partly(play[agent], action(play), gates);
        await play.script.go(play.third, () => play.script.claim(play.third));
        t.notOk(await play.script.hold(play.third), `gate ${gates}`);
        await play.script.go(play[agent]);
        t.notOk(await play.script.hold(play.third), `gate ${gates}, in the end`);
        return { more, what: await holders(play) };
      }),
    );
  }
});

t.test('a process that dies at any moment of the transfer leaves nothing that stays', async t => {
  for (const [what, agent, action, offered] of [
    ['offering', 'sender', offer, false],
    ['taking', 'taker', accept, true],
    ['taking back', 'sender', takeBack, true],
  ] as const) {
    await t.test(what, t =>
      atEveryGate(t, offered, async (play, gates) => {
        const more = await partly(play[agent], action(play), gates);
        play[agent].fiber.crash();
        return { more, what: 'it died' };
      }),
    );
  }
});

t.test('a taker who died after its push is let in again, and by no other way', async t => {
  await atEveryGate(t, true, async (play, gates) => {
    const { script, taker } = play;
    const more = await partly(taker, accept(play), gates);
    taker.fiber.crash();
    const again = script.world.addAgent(taker.site, { as: taker });
    await script.go(again, () => script.acts.accept(again, script.task));
    t.ok(await script.hold(again), `gate ${gates}: the same run has it`);
    return { more, what: 'again' };
  });
});

t.test('where a maintainer closes the offer under the push of its taker, the sender gets the claim back', async t => {
  const play = await begin();
  const { script, sender, taker, third } = play;
  await script.go(taker, () => script.aside(taker)); // the taker's book is ahead: its claim refs go alone
  await script.until(taker, 'push claims', accept(play));
  const boss = script.world.addAgent(third.site, { as: { ...third, actor: 'boss', run: runId(77) } });
  await script.go(boss, () => script.sync(boss));
  const offer = script.world.task(script.world.remoteTip(), script.task).hold!.offer!.id;
  await script.go(boss, () => boss.office.perform(cancel, { handoff_id: offer }, { sync: true }));
  await script.go(taker);
  t.equal(await holders(play), 'nobody', 'what is closed is not taken');
  await script.go(third, () => script.claim(third));
  t.equal(await holders(play), 'nobody', 'and no third gets it either');
  await script.go(sender, () => script.sync(sender));
  await script.go(sender, () => script.claim(sender));
  t.equal(await holders(play), 'sender');
  t.same(await script.verdict(), []);
});
