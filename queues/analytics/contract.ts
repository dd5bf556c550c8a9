/** What peers may ask of analytics: its projections, to compare with the logs. */
import type { CallContext } from "../../workers/shared/telemetry.ts";

export interface SalesTotal {
  readonly currency: string;
  readonly orders: number;
  readonly units: number;
  /** Lines at their listed prices, before discounts and shipping. */
  readonly grossMinor: number;
  readonly refundsMinor: number;
}

export interface AnalyticsApi {
  salesTotals(): Promise<readonly SalesTotal[]>;
  /** Last known balances of SKUs by SKU, a page at a time. */
  listStockLevels(
    afterSku: string,
    limit: number,
  ): Promise<
    readonly {
      readonly sku: string;
      readonly location: string;
      readonly sequence: number;
      readonly onHand: number;
      readonly held: number;
    }[]
  >;
  /** Follows every order partition and touched SKU up to the end of its log. @returns events applied. */
  catchUp(context: CallContext): Promise<number>;
}
