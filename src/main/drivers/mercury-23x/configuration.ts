/** The settings that the audit judges, each by a read that disturbs nothing. */
import { hasCode } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import type { MeterConfiguration } from '../../../shared/domain/meter-configuration.ts';
import type { Command } from '../../protocol/mercury/command.ts';
import { networkAddressCommand, ratiosCommand } from '../../protocol/mercury/identity.ts';
import { flagsCommand } from '../../protocol/mercury/parameters.ts';
import { profileHeadCommand, SLOT_LENGTH } from '../../protocol/mercury/profile.ts';
import { statusWordCommand } from '../../protocol/mercury/status-word.ts';
import type { Reading } from '../driver.ts';
import type { Conversation } from './conversation.ts';
import { canBatch, type Execution } from './execution.ts';

/** What this level may not read, or this meter lacks, or says without sense, is `null`; a refused password is thrown. */
export async function readMeterConfiguration(conversation: Conversation, execution: Execution): Promise<Reading<MeterConfiguration>> {
  const exchanges: CompletedExchange[] = [...execution.exchanges];
  const ask = async <T>(command: Command<T>): Promise<T | null> => {
    try {
      const answer = await conversation.askOptional(command);
      if (answer !== null) exchanges.push(answer.exchange);
      return answer?.value ?? null;
    } catch (error) {
      if (hasCode(error, 'session/denied') && !conversation.isDenied) return null;
      if (hasCode(error, 'data/implausible')) return null;
      throw error;
    }
  };
  const { firmware, variant } = execution;
  const ratios = await ask(ratiosCommand());
  const head = variant?.hasProfile === false ? null : await ask(profileHeadCommand());
  const flags = await ask(flagsCommand());
  const word = await ask(statusWordCommand());
  const networkAddress = await ask(networkAddressCommand());
  return {
    value: {
      firmware,
      constantImpPerKwh: variant?.constantImpPerKwh ?? null,
      hasProfile: variant?.hasProfile ?? null,
      profilePeriodMin: head === null || head.stamp === null ? null : head.periodMin,
      ringSlots: variant === null ? null : variant.ringBytes / SLOT_LENGTH,
      readsBatches: firmware === null ? null : canBatch(firmware),
      switchesSeason: flags === null ? null : !flags.isSeasonSwitchForbidden,
      sumsByModulus: variant?.sumsByModulus ?? null,
      ratioVt: ratios?.vt ?? null,
      ratioCt: ratios?.ct ?? null,
      repeatsCode: conversation.memory.repeatsCode ?? false,
      faults: word?.faults ?? null,
      hasDefaultPassword: conversation.hasDefaultPassword,
      networkAddress,
    },
    exchanges,
  };
}
