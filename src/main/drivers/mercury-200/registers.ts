/** Cumulative registers of the 200 family: of now, and at boundaries that the archive's own moment proves. */
import { AppError } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import type { RegisterKind, RegisterReading } from '../../../shared/domain/register.ts';
import { type ClockBasis, utcAsWall, wallAsUtc } from '../../../shared/domain/time.ts';
import { archiveSliceCommand } from '../../protocol/mercury-200/archive.ts';
import { clockCommand } from '../../protocol/mercury-200/clock.ts';
import { activeEnergyCommand, reactiveEnergyCommand, type TariffEnergy } from '../../protocol/mercury-200/energy.ts';
import { wallToUtc } from '../../protocol/mercury/clock.ts';
import { boundaryOf } from '../wall-clock.ts';
import type { Reading } from '../driver.ts';
import { type Conversation, requireAnswer } from './conversation.ts';

const NONE: TariffEnergy = [null, null, null, null];

/** Readings of now: 27, and 85 where the meter measures reactive energy. */
export async function readRunning(conversation: Conversation, tariffs: readonly number[]): Promise<Reading<RegisterReading[]>> {
  const active = await conversation.ask(activeEnergyCommand());
  const reactive = await conversation.askOptional(reactiveEnergyCommand());
  const momentUtc = Math.floor((active.exchange.sentAtMs + active.exchange.durationMs) / 1000);
  return {
    value: readingsOf('now', momentUtc, tariffs, active.value, reactive?.value ?? NONE),
    exchanges: [active, reactive].flatMap((answer) => (answer === null ? [] : [answer.exchange])),
  };
}

/**
 * Readings at a boundary, from the archive slice of its date. A slice whose own moment is not that midnight proves nothing about
 * it: `meter/unsupported`. Month slices of 32 and 38 tell no moment and are never used here.
 */
export async function readBoundary(
  conversation: Conversation,
  kind: Exclude<RegisterKind, 'now'>,
  periodsBack: 0 | 1,
  tariffs: readonly number[],
  basis: ClockBasis,
): Promise<Reading<RegisterReading[]>> {
  const exchanges: CompletedExchange[] = [];
  const clock = await conversation.ask(clockCommand());
  exchanges.push(clock.exchange);
  const boundary = boundaryOf(kind, periodsBack, clock.value.wall, 0);
  if (boundary === null) {
    throw new AppError('meter/refused', 'The day of the meter is changing: its archive may be of either day', { context: { kind } });
  }
  const command = archiveSliceCommand(kind === 'day-start' ? 'day' : 'month', boundary);
  const answer = requireAnswer(await conversation.askUnlessSilent(command), command.label);
  exchanges.push(answer.exchange);
  const slice = answer.value;
  if (slice === null) throw new AppError('meter/unsupported', 'The meter keeps no slice of that date', { context: { kind } });
  if (slice.takenAt === null || wallAsUtc(slice.takenAt) !== wallAsUtc(boundary)) {
    throw new AppError('meter/unsupported', 'The slice does not say that it was taken at that midnight', { context: { kind } });
  }
  return { value: readingsOf(kind, wallToUtc(boundary, false, basis), tariffs, slice.energy, NONE), exchanges };
}

/** The start of any day that the archive keeps: its slice says itself when it was taken. Empty where it does not say so. */
export async function readPastDayStart(conversation: Conversation, day: number, basis: ClockBasis): Promise<Reading<RegisterReading[]>> {
  const midnight = utcAsWall(day * 86_400);
  const command = archiveSliceCommand('day', midnight);
  const { value: slice, exchange } = requireAnswer(await conversation.askUnlessSilent(command), command.label);
  const isHeld = slice !== null && slice.takenAt !== null && wallAsUtc(slice.takenAt) === wallAsUtc(midnight);
  const value = isHeld ? readingsOf('day-start', wallToUtc(midnight, false, basis), [0], slice.energy, NONE) : [];
  return { value, exchanges: [exchange] };
}

/** Tariff 0 is the sum of the tariffs in use, all of one reply. A tariff that is not in use is left out. */
function readingsOf(
  kind: RegisterKind,
  momentUtc: number,
  tariffs: readonly number[],
  active: TariffEnergy,
  reactive: TariffEnergy,
): RegisterReading[] {
  const of = (energy: TariffEnergy, tariff: number) => (tariff === 0 ? sumOf(energy) : (energy[tariff - 1] ?? null));
  return tariffs.flatMap((tariff) => {
    const energy = { 'A+': of(active, tariff), 'A-': null, 'R+': of(reactive, tariff), 'R-': null };
    return energy['A+'] === null && energy['R+'] === null ? [] : [{ kind, momentUtc, tariff, energy }];
  });
}

function sumOf(energy: TariffEnergy): number | null {
  const inUse = energy.filter((count) => count !== null);
  return inUse.length === 0 ? null : inUse.reduce((sum, count) => sum + count, 0);
}
