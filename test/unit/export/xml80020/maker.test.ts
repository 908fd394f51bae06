import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFiles } from '../../../../src/main/export/xml80020/files.ts';
import { digest } from '../../../../src/main/export/xml80020/delivery.ts';
import type { SendLetter } from '../../../../src/main/export/xml80020/mail.ts';
import type { RunCommand } from '../../../../src/main/export/xml80020/sign.ts';
import { AppError } from '../../../../src/shared/api/errors.ts';
import { interval } from '../../metering/plant.ts';
import { DAY, fill, MAIL, nameOf, PowerCut, rig } from './maker-support.ts';

const order = { day: DAY, job: null };
const values = (text: string, code: string) => {
  const [, channel = ''] = new RegExp(`code="${code}"[^]*?<measuringchannel code="01"[^>]*>([^]*?)</measuringchannel>`).exec(text) ?? [];
  return [...channel.matchAll(/<value[^>]*>(\d+)</g)].map(([, value]) => Number(value));
};

describe('a day', () => {
  test('lies in the folder whole under its number, with the figures of the points that have a code', async () => {
    const r = await rig();
    const outcome = await r.maker().make(order);
    expect(outcome).toMatchObject({
      kind: 'new',
      changedDays: [],
      record: {
        number: 1,
        state: 'sent',
        timestamp: '20261122081500',
        content: {
          points: 2,
          channels: 4,
          nonCommercial: 0,
          name: nameOf(1),
          sums: [
            { channel: 'A+', sum: '288' },
            { channel: 'R+', sum: '144' },
          ],
        },
      },
    });
    expect(await r.names()).toEqual([nameOf(1)]);
    const text = await r.text(1);
    // 48 half-hours of 2 counts: 6 kWh each by the ratio 6000, and 1 Wh each where there is none.
    expect(values(text, '560000000000001')).toEqual(Array<number>(48).fill(6));
    expect(values(text, '560000000000002')).toEqual(Array<number>(48).fill(0));
    expect(text).toContain('<timestamp>20261122081500</timestamp>');
    expect(text).not.toContain('P3');
  });

  test('made again as it is, it is the same file: nothing is numbered or written', async () => {
    const r = await rig();
    await r.maker().make(order);
    const before = await readFile(path.join(r.out, nameOf(1)));
    await r.clock.advance(3_600_000);
    const files = { ...nodeFiles, write: () => Promise.reject(new Error('nothing is written')) };
    expect(await r.maker({ files }).make(order)).toMatchObject({ kind: 'same', record: { id: 1, number: 1, timestamp: '20261122081500' } });
    expect(before.equals(await readFile(path.join(r.out, nameOf(1))))).toBe(true);
    expect(r.store.highestNumber('7701234567')).toBe(1);
  });

  test('whose figures have changed becomes a correction with a larger number and a stamp of its own', async () => {
    const r = await rig();
    await r.maker().make(order);
    fill(r.source, [DAY], 3);
    await r.clock.advance(3_600_000);
    expect(await r.maker().make(order)).toMatchObject({ kind: 'correction', record: { number: 2, timestamp: '20261122091500' } });
    expect(await r.names()).toEqual([nameOf(1), nameOf(2)]);
    expect(r.store.ofDay('7701234567', DAY)?.number).toBe(2);
  });

  test('that is not over, and settings that lack something, are refused before a number is taken', async () => {
    const r = await rig();
    await expect(r.maker().make({ ...order, day: '2026-11-22' })).rejects.toMatchObject({ code: 'api/invalid-argument' });
    r.set({ sender: { inn: '', name: '' } });
    await expect(r.maker().make(order)).rejects.toMatchObject({
      code: 'api/invalid-argument',
      context: { problems: ['sender-inn', 'sender-name'] },
    });
    expect(r.store.unfinished()).toEqual([]);
  });

  test('is held with its reasons while figures are lacking, without a number, and goes out once they are there', async () => {
    const r = await rig();
    r.source.profile.set(1, (r.source.profile.get(1) ?? []).slice(2));
    const held = await r.maker().make(order);
    expect(held).toMatchObject({
      kind: 'held',
      hold: { day: DAY, reasons: [{ code: 'missing', pointCode: '560000000000001', channel: 'A+' }, {}] },
    });
    expect([await r.names(), r.store.highestNumber('7701234567')]).toEqual([[], 0]);
    fill(r.source, [DAY], 2);
    expect(await r.maker().make(order)).toMatchObject({ kind: 'new', record: { number: 1, state: 'sent' } });
    expect(r.store.hold('7701234567', DAY)).toBeNull();
  });

  test('that is held for the same reasons again is told once', async () => {
    const r = await rig();
    const told: string[] = [];
    const maker = r.maker({ onChanged: (day) => told.push(day) });
    const profile = r.source.profile.get(1) ?? [];
    r.source.profile.set(1, profile.slice(2));
    await maker.make(order);
    await r.clock.advance(60_000);
    await maker.make(order);
    expect(told).toEqual([DAY]);
    expect(r.store.hold('7701234567', DAY)).toMatchObject({ sinceUtc: 1_795_324_500, checkedUtc: 1_795_324_560 });
    r.source.profile.set(1, profile.slice(1));
    await maker.make(order);
    expect(told).toEqual([DAY, DAY]);
  });

  test('that the recipient would refuse is held as well: no number is spent on it', async () => {
    const r = await rig();
    const site = r.source.site;
    r.source.site = {
      ...site,
      points: site.points.map((one) => ({ ...one, code80020: one.code80020 === null ? null : `${one.code80020}-0000000` })),
    };
    expect(await r.maker().make(order)).toMatchObject({
      kind: 'held',
      hold: {
        reasons: [
          { code: 'faulty', rule: 'schema' },
          { code: 'faulty', rule: 'point-code' },
        ],
      },
    });
    expect(r.store.highestNumber('7701234567')).toBe(0);
  });

  test('a preview tells the number and the sums without numbering or writing', async () => {
    const r = await rig();
    expect(await r.maker().preview(DAY)).toMatchObject({
      kind: 'new',
      number: 1,
      leftOut: [],
      points: [{ code: '560000000000001', channels: [{ channel: 'A+', sum: '288' }, { channel: 'R+' }] }, { code: '560000000000002' }],
    });
    expect([await r.names(), r.store.highestNumber('7701234567')]).toEqual([[], 0]);
  });

  test('goes to a folder of the order as well, without a letter', async () => {
    const r = await rig({ delivery: { folder: null, mail: MAIL, repliesFolder: null } });
    expect(await r.maker().make({ ...order, folder: r.out })).toMatchObject({ kind: 'new', record: { state: 'sent', isMailed: false } });
    expect([await r.names(), r.letters]).toEqual([[nameOf(1)], []]);
    const other = path.join(r.root, 'other');
    await mkdir(other);
    expect(await r.maker().make({ ...order, folder: other })).toMatchObject({ kind: 'same', record: { number: 1 } });
    expect(digest(await readFile(path.join(other, nameOf(1))))).toBe(digest(await readFile(path.join(r.out, nameOf(1)))));
  });
});

describe('a day that was handed over', () => {
  test('is stale from the review on that finds other figures, until they are the same again or a correction tells them', async () => {
    const r = await rig();
    const told: string[] = [];
    const maker = r.maker({ onChanged: (day) => told.push(day) });
    await maker.make(order);
    told.length = 0;
    await maker.review('2026-11-12');
    expect([r.store.get(1)?.staleUtc, told]).toEqual([null, []]);
    fill(r.source, [DAY], 3);
    await maker.review('2026-11-12');
    await r.clock.advance(3_600_000);
    await maker.review('2026-11-12');
    expect([r.store.get(1)?.staleUtc, told]).toEqual([1_795_324_500, [DAY]]);
    fill(r.source, [DAY], 2);
    await maker.review('2026-11-12');
    expect([r.store.get(1)?.staleUtc, told]).toEqual([null, [DAY, DAY]]);
    fill(r.source, [DAY], 4);
    await maker.review('2026-11-12');
    expect(await maker.make(order)).toMatchObject({ kind: 'correction', record: { number: 2, staleUtc: null } });
    await maker.review('2026-11-12');
    expect(r.store.ofDay('7701234567', DAY)?.staleUtc).toBeNull();
  });

  test('is not stale while its figures are gone, nor when the review begins after it', async () => {
    const r = await rig();
    await r.maker().make(order);
    fill(r.source, [DAY], 3);
    await r.maker().review('2026-11-22');
    expect(r.store.get(1)?.staleUtc).toBeNull();
    r.source.profile.clear();
    await r.maker().review('2026-11-12');
    expect(r.store.get(1)?.staleUtc).toBeNull();
  });
});

describe('what rounding leaves', () => {
  const days = ['2026-11-19', '2026-11-20', DAY];
  // 1 Wh in each half-hour of point 2: 48 Wh a day, half a kWh is passed on the eleventh day at the earliest.
  test('goes over to the next day, and a corrected day names the later ones that would differ', async () => {
    const r = await rig({}, days);
    fill(r.source, days, 21);
    for (const day of days) await r.maker().make({ day, job: null });
    // 21 counts are 10.5 Wh a half-hour, 504 Wh a day: exact 0.504 1.008 1.512 in the end of each day.
    const sums = await Promise.all(
      days.map(async (day, index) => values(await r.text(index + 1, day), '560000000000002').reduce((a, b) => a + b, 0)),
    );
    expect(sums).toEqual([1, 0, 1]);
    expect(r.store.carryOf(3).find(({ pointCode, channel }) => pointCode === '560000000000002' && channel === 'A+')?.carry).toBe('-61/125');
    fill(r.source, ['2026-11-19'], 1);
    expect(await r.maker().preview('2026-11-19')).toMatchObject({ kind: 'correction', number: 4, changedDays: ['2026-11-20', DAY] });
    const outcome = await r.maker().make({ day: '2026-11-19', job: null });
    expect(outcome).toMatchObject({ kind: 'correction', changedDays: ['2026-11-20', DAY] });
    expect(await r.maker().make({ day: '2026-11-20', job: null })).toMatchObject({ kind: 'correction', record: { number: 5 } });
  });

  test('stays as it was where the corrected energy is whole, and then no later day differs', async () => {
    const r = await rig({}, days);
    fill(r.source, days, 21);
    for (const day of days) await r.maker().make({ day, job: null });
    const [first, ...rest] = r.source.profile.get(1) ?? [];
    r.source.profile.set(1, [interval(first?.startUtc ?? 0, { 'A+': 22, 'R+': 1 }), ...rest]);
    expect(await r.maker().make({ day: '2026-11-19', job: null })).toMatchObject({ kind: 'correction', changedDays: [] });
    expect(await r.maker().make(order)).toMatchObject({ kind: 'same' });
  });

  test('ends with the month', async () => {
    const r = await rig({}, ['2026-10-31', '2026-11-01']);
    fill(r.source, ['2026-10-31', '2026-11-01'], 21);
    await r.maker().make({ day: '2026-10-31', job: null });
    const first = r.store.carryOf(1);
    await r.maker().make({ day: '2026-11-01', job: null });
    expect(r.store.carryOf(2)).toEqual(first);
  });

  test('is nothing where each half-hour is rounded by itself', async () => {
    const r = await rig({ rounding: 'none' });
    await r.maker().make(order);
    expect(r.store.carryOf(1)).toEqual([]);
  });
});

const signing: RunCommand = async ([, file = ''], folder) => {
  await writeFile(path.join(folder, `${path.basename(file)}.sig`), `signature of ${digest(await readFile(file))}`);
  return { exitCode: 0, said: '' };
};

describe('after a crash', () => {
  // A database of its own for each of some forty cuts.
  test('between any two steps the day is finished once, under its number, with the bytes that were kept', {
    timeout: 120_000,
  }, async () => {
    let crashes = 0;
    for (let steps = 0; ; steps += 1) {
      const r = await rig({ signCommand: ['sign', '{file}'] });
      r.set({ delivery: { folder: r.out, mail: MAIL, repliesFolder: null } });
      const deps = r.deps({ runCommand: signing });
      const cut = new PowerCut(steps);
      const crashed = await r
        .maker({ ...cut.deps(deps) })
        .make(order)
        .then(
          () => false,
          (error: unknown) => error instanceof AppError || (error instanceof Error && error.message === 'power cut'),
        );
      const [before] = r.store.ofDays('7701234567', DAY, DAY);
      const kept = before === undefined ? null : before.content.sha256;
      // The meters gave more in the meantime: what has its number must not change.
      const next = r.maker({ runCommand: signing, source: { ...deps.source, ...sourceLike(r) } });
      await next.resume();
      if (before === undefined) {
        expect([r.store.highestNumber('7701234567'), await r.names(), r.letters]).toEqual([0, [], []]);
      } else {
        const record = r.store.get(before.id);
        expect(record).toMatchObject({ number: 1, state: 'sent', isSigned: true, content: { sha256: kept } });
        expect(await r.names()).toEqual([nameOf(1), `${nameOf(1)}.sig`]);
        expect(digest(await readFile(path.join(r.out, nameOf(1))))).toBe(kept);
        expect(await readFile(path.join(r.out, `${nameOf(1)}.sig`), 'utf8')).toBe(`signature of ${kept}`);
        // Cut while the server was taking it, the letter may go twice: with one identity and the same bytes.
        expect(r.letters.length).toBeGreaterThanOrEqual(1);
        expect(r.letters.length).toBeLessThanOrEqual(2);
        expect(new Set(r.letters.map(({ letter }) => letter.messageId)).size).toBe(1);
        for (const { letter } of r.letters) expect(letter.attachments.map(({ bytes }) => digest(bytes))[0]).toBe(kept);
      }
      expect(r.store.unfinished()).toEqual([]);
      expect(await r.maker({ runCommand: signing }).make(order)).toMatchObject({
        kind: before === undefined ? 'new' : 'same',
        record: { number: 1 },
      });
      if (!crashed) break;
      crashes += 1;
    }
    // Number, signature, two files, letter: none of the steps between was passed over.
    expect(crashes).toBeGreaterThan(25);
  });

  test('a letter goes twice only when the power went while the server was taking it', async () => {
    const r = await rig({ delivery: { folder: null, mail: MAIL, repliesFolder: null } });
    const dying: SendLetter = (server, letter) => {
      r.letters.push({ server, letter });
      return Promise.reject(new Error('power cut'));
    };
    await expect(r.maker({ sendLetter: dying }).make(order)).rejects.toThrow('power cut');
    expect(r.store.get(1)).toMatchObject({ state: 'sending' });
    await r.maker().resume();
    expect(r.letters.map(({ letter }) => letter.messageId)).toEqual(Array<string>(2).fill('<80020.7701234567.20261121.1.uuid-1@feeder>'));
    expect(r.store.steps(1).map(({ state, note }) => [state, note === null])).toEqual([
      ['made', true],
      ['sending', true],
      ['sending', false],
      ['sent', true],
    ]);
    await r.maker().resume();
    expect(r.letters).toHaveLength(2);
  });
});

/** A source whose meters have other figures now. */
function sourceLike(r: Awaited<ReturnType<typeof rig>>) {
  return {
    plant: () => r.source.plant(),
    intervals: (meterId: number, fromUtc: number, toUtc: number) =>
      r.source.intervals(meterId, fromUtc, toUtc).map(({ startUtc }) => interval(startUtc, { 'A+': 9, 'R+': 9 })),
    keptChannels: (meterId: number) => r.source.keptChannels(meterId),
    replacements: () => [],
  };
}

describe('a folder that cannot be used', () => {
  test('leaves the file numbered and failed; a repeat delivers what was kept, in order', async () => {
    const r = await rig({}, ['2026-11-20', DAY]);
    await rm(r.out, { recursive: true });
    expect(await r.maker().make({ day: '2026-11-20', job: null })).toMatchObject({ record: { number: 1, state: 'failed' } });
    expect(await r.maker().make(order)).toMatchObject({ record: { number: 2, state: 'failed' } });
    expect(r.store.get(2)?.note).toContain('export/folder-unavailable');
    fill(r.source, ['2026-11-20', DAY], 9);
    await mkdir(r.out);
    await r.maker().resume();
    expect(await r.names()).toEqual([nameOf(1, '2026-11-20'), nameOf(2)]);
    expect(digest(await readFile(path.join(r.out, nameOf(2))))).toBe(r.store.get(2)?.content.sha256);
    expect([r.store.get(1)?.state, r.store.get(2)?.state]).toEqual(['sent', 'sent']);
  });

  test('another file of the same name is not overwritten, and waits for a person', async () => {
    const r = await rig();
    await rm(r.out, { recursive: true });
    await r.maker().make(order);
    await mkdir(r.out);
    await writeFile(path.join(r.out, nameOf(1)), 'of another program');
    await r.maker().resume();
    expect(r.store.get(1)).toMatchObject({ state: 'failed', note: expect.stringContaining('api/conflict') as string });
    await rm(path.join(r.out, nameOf(1)));
    await r.maker().resume();
    expect(await r.names()).toEqual([]);
    await r.maker().repeat(1);
    expect([await r.names(), r.store.get(1)?.state]).toEqual([[nameOf(1)], 'sent']);
  });

  test('handed over once more, a file is there again byte for byte', async () => {
    const r = await rig();
    await r.maker().make(order);
    const before = digest(await readFile(path.join(r.out, nameOf(1))));
    await rm(path.join(r.out, nameOf(1)));
    expect(await r.maker().repeat(1)).toMatchObject({ state: 'sent', number: 1 });
    expect(digest(await readFile(path.join(r.out, nameOf(1))))).toBe(before);
    await expect(r.maker().repeat(9)).rejects.toMatchObject({ code: 'api/not-found' });
  });
});

describe('a letter', () => {
  const mailed = { delivery: { folder: null, mail: MAIL, repliesFolder: null } };

  test('has the subject by agreement, the account of the settings and the file', async () => {
    const r = await rig(mailed);
    await r.maker({ mailPassword: () => 'word' }).make(order);
    expect(r.letters).toHaveLength(1);
    expect(r.letters[0]).toMatchObject({
      server: { host: 'mail.example', user: 'asku', password: 'word' },
      letter: { subject: '80020 АО «Завод» 20261121 1', to: ['80020@sbyt.example'], attachments: [{ name: nameOf(1) }] },
    });
    expect(r.store.get(1)).toMatchObject({ state: 'sent', messageId: '<80020.7701234567.20261121.1.uuid-1@feeder>' });
  });

  test('waits in the queue while the server is out of reach, one try a round, and goes in order', async () => {
    const r = await rig(mailed, ['2026-11-20', DAY]);
    let tries = 0;
    const down: SendLetter = () => {
      tries += 1;
      return Promise.reject(new AppError('export/mail-unavailable', 'down'));
    };
    await r.maker({ sendLetter: down }).make({ day: '2026-11-20', job: null });
    await r.maker({ sendLetter: down }).make(order);
    expect([tries, r.store.get(1)?.state, r.store.get(2)?.state]).toEqual([2, 'failed', 'failed']);
    await r.maker().resume();
    expect(r.letters.map(({ letter }) => letter.subject.slice(-10))).toEqual(['20261120 1', '20261121 2']);
  });

  test('that the server has refused is not tried again before a person has changed something', async () => {
    const r = await rig(mailed);
    let tries = 0;
    const refusing: SendLetter = () => {
      tries += 1;
      return Promise.reject(new AppError('export/mail-refused', 'wrong password'));
    };
    const maker = r.maker({ sendLetter: refusing });
    await maker.make(order);
    await maker.resume();
    expect([tries, r.store.get(1)?.note]).toEqual([1, 'export/mail-refused: wrong password']);
    await maker.resume(true);
    expect(tries).toBe(2);
    await r.maker().repeat(1);
    expect(r.letters).toHaveLength(1);
  });

  test('handed over once more is a letter of its own', async () => {
    const r = await rig(mailed);
    await r.maker().make(order);
    await r.maker().repeat(1);
    expect(r.letters.map(({ letter }) => letter.messageId)).toEqual([
      '<80020.7701234567.20261121.1.uuid-1@feeder>',
      '<80020.7701234567.20261121.1.uuid-2@feeder>',
    ]);
  });
});

describe('after a restore from a backup', () => {
  test.each(['', 'archive', 'sent', 'failed'])('numbers go on above the highest one seen in out/%s', async (place) => {
    const r = await rig();
    await mkdir(path.join(r.out, place), { recursive: true });
    await writeFile(path.join(r.out, place, nameOf(41, '2026-11-20')), '');
    await writeFile(path.join(r.out, '80020_7709999999_20261120_99_5600010900.xml'), '');
    expect(await r.maker().make(order)).toMatchObject({ record: { number: 42 } });
  });

  test('a first number of the settings leaves those of another program alone', async () => {
    const r = await rig({ firstNumber: 4691 });
    expect(await r.maker().make(order)).toMatchObject({ record: { number: 4691 } });
  });
});

test('an archive holds the one document, and comes out the same each time', async () => {
  const r = await rig({ isZipped: true });
  await r.maker().make(order);
  const name = nameOf(1).replace('.xml', '.zip');
  expect(await r.names()).toEqual([name]);
  const before = digest(await readFile(path.join(r.out, name)));
  await rename(path.join(r.out, name), path.join(r.root, name));
  await r.maker().repeat(1);
  expect(digest(await readFile(path.join(r.out, name)))).toBe(before);
  expect(await r.maker().make(order)).toMatchObject({ kind: 'same' });
});
