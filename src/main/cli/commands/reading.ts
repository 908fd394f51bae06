/** A reading that a person brought from a meter, with the same check as on the screen. */
import type { CallContext } from '../../../shared/api/dispatch.ts';
import { AppError } from '../../../shared/api/errors.ts';
import { type Channel, CHANNELS } from '../../../shared/domain/channel.ts';
import { isoUtc } from '../../../shared/domain/time.ts';
import { readingHandlers } from '../../api/reading-desk.ts';
import { Site } from '../../api/site.ts';
import { parseMoment } from '../../metering/zone.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { openWriter } from '../data-folder.ts';

const CONTEXT: CallContext = { transport: 'cli', role: 'administrator' };
const MAX_TARIFF = 8;

export const readingCommand: Command = {
  name: 'reading',
  usage:
    '--data DIR --point CODE --at MOMENT --value KWH --author NAME [--channel A+] [--tariff 0] [--rollover] [--reason TEXT] [--confirm CODE]',
  summary: `Writes down what a meter shows, kWh or kvarh before the ratios, with three digits after the point at most. A reading that cannot be is
refused; one that is only unusual is refused with a code that --confirm gives back. --rollover: the register ran over its last digit.`,
  flags: {
    data: 'value',
    point: 'value',
    at: 'value',
    value: 'value',
    channel: 'value',
    tariff: 'value',
    author: 'value',
    reason: 'value',
    rollover: 'switch',
    confirm: 'value',
  },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const channel = channelFlag(args.value('channel'));
    const reading = wholeWattHours(args.required('value'));
    const tariff = args.integer('tariff', { min: 0, max: MAX_TARIFF, fallback: 0 });
    const [author, reason] = [args.required('author'), args.value('reason') ?? 'command line'];
    const store = openWriter(args.required('data'), args.isSet('trace'));
    try {
      const site = new Site({ store, clock: systemClock, engine: () => null });
      const desk = readingHandlers({ site, store, onReplaced: () => {} });
      const { point } = site.pointByCode(args.required('point'));
      const at = isoUtc(parseMoment(args.required('at'), site.zone));
      const register = { pointId: point.id, at, channel, tariff, reading, isRollOver: args.isSet('rollover') };
      const { doubts, before, after, energy, usual, countsFrom } = await desk['readings.check'](register, CONTEXT);
      // It names what is doubted, so that a person confirms what was told and nothing else.
      const confirmation = doubts.map(({ code }) => code).join('+');
      const isImpossible = doubts.some(({ isRefusal }) => isRefusal);
      if (isImpossible || (doubts.length > 0 && args.value('confirm') !== confirmation)) {
        throw new AppError('api/invalid-argument', 'The reading does not fit those before and after it', {
          context: {
            doubts: doubts.map(({ code }) => code),
            confirmation: isImpossible ? null : confirmation,
            before,
            after,
            energy,
            usual,
          },
          hint: isImpossible ? 'Read the meter again.' : `Read the meter again. If it shows just that, add --confirm ${confirmation}.`,
        });
      }
      const written = await desk['readings.enter']({ ...register, author, reason, isConfirmed: doubts.length > 0 }, CONTEXT);
      io.out({
        id: written.readingId,
        point_code: point.code,
        at: written.at,
        counts_from: countsFrom,
        channel,
        tariff,
        reading: written.reading,
        rollover: written.isRollOver,
        energy,
        doubts: doubts.map(({ code }) => code),
        author,
        reason,
      });
      return 0;
    } finally {
      store.close();
    }
  },
};

function channelFlag(text = 'A+'): Channel {
  const channel = CHANNELS.find((known) => known === text);
  if (channel !== undefined) return channel;
  throw new AppError('api/invalid-argument', `There is no channel "${text}"`, { hint: `Channels: ${CHANNELS.join(', ')}` });
}

/** `1234.567` as 1234567, exact. */
function wholeWattHours(text: string): string {
  const [, whole, thousandths = ''] = /^(\d{1,12})(?:[.,](\d{1,3}))?$/.exec(text) ?? [];
  if (whole !== undefined) return String(BigInt(whole + thousandths.padEnd(3, '0')));
  throw new AppError('api/invalid-argument', `"${text}" is no reading`, {
    hint: 'Give what the meter shows, kWh or kvarh, with three digits after the point at most: 1234.56.',
  });
}
