/** The audit's answer: each invariant of the design, how much was looked at, and every violation with ids. */
export interface InvariantReport {
  /** `I1` … `I12`. */
  readonly id: string;
  readonly title: string;
  readonly holds: boolean;
  readonly checked: number;
  readonly violations: readonly { readonly subject: string; readonly detail: string }[];
}
