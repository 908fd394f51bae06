/**
 * How a meter is set up, as far as its settings audit asks. `null` = the meter does not say, or was not asked because this
 * firmware must not be.
 */
export interface MeterConfiguration {
  readonly firmware: string | null;
  readonly constantImpPerKwh: number | null;
  readonly hasProfile: boolean | null;
  /** Minutes; `null` also when the profile was never initialised. */
  readonly profilePeriodMin: number | null;
  readonly ringSlots: number | null;
  /** 17 profile records at once are legal on this firmware (mercury.md 8.2). */
  readonly readsBatches: boolean | null;
  /** The meter moves its clock in spring and autumn. */
  readonly switchesSeason: boolean | null;
  readonly sumsByModulus: boolean | null;
  /** Transformer ratios programmed inside, for reference: the meter does not apply them. */
  readonly ratioVt: number | null;
  readonly ratioCt: number | null;
  /** Replies repeat the code of the request (mercury.md 1.2). */
  readonly repeatsCode: boolean | null;
  /** Faults of its own status word: `E-01` ... `E-48`; flags that are no faults are left out. */
  readonly faults: readonly string[] | null;
  /** The factory password opened the channel of the level that is used. */
  readonly hasDefaultPassword: boolean | null;
  /** The address that the meter itself says it has. */
  readonly networkAddress: number | null;
}
