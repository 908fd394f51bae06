/** What is known of one meter for good, kept in step with the store: its description, its ring, what its sessions learned. */
import type { MeterFacts } from '../../shared/domain/meter.ts';
import type { MeterDescription, MeterMemory, ProfileHead } from '../drivers/driver.ts';
import type { Batch } from './ledger-keeper.ts';

export class FactsBook {
  #facts: MeterFacts;
  readonly #save: (batch: Batch) => void;

  constructor(facts: MeterFacts, save: (batch: Batch) => void) {
    this.#facts = facts;
    this.#save = save;
  }

  get current(): MeterFacts {
    return this.#facts;
  }

  /** The meter keeps no profile by its nature. */
  get keepsNoProfile(): boolean {
    return this.#facts.hasProfile === false;
  }

  /** The meter was asked who it is. Not stored: the caller does it, in its order with the ledger. */
  described(description: MeterDescription, memory: MeterMemory): void {
    const { firmware, manufactured, constantImpPerKwh, hasProfile, ringSlots, variantHex } = description;
    const { profilePeriodMin } = this.#facts;
    this.#facts = {
      firmware,
      manufactured,
      constantImpPerKwh,
      profilePeriodMin,
      hasProfile,
      ringSlots,
      variantHex,
      memory: { ...memory },
    };
  }

  /** What the session learned of this serial and firmware is kept for the next one; null = there was none. */
  remember(memory: MeterMemory | null): void {
    if (memory === null || JSON.stringify(memory) === JSON.stringify(this.#facts.memory)) return;
    this.#set({ memory: { ...memory } });
  }

  /** The ring turned out to be another than was known. */
  learnRing({ periodMin, ringSlots }: ProfileHead): void {
    this.#set({ profilePeriodMin: periodMin, ringSlots });
  }

  learnNoProfile(): void {
    this.#set({ hasProfile: false, profilePeriodMin: null });
  }

  save(): void {
    this.#save({ facts: this.#facts });
  }

  #set(changes: Partial<MeterFacts>): void {
    this.#facts = { ...this.#facts, ...changes };
    this.save();
  }
}
