/** What the form of a new package begins with. */
export interface MakeDraft {
  readonly receiver: string;
  readonly kind: string;
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
}
