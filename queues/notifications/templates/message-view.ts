/** What every template is given and gives back. */
import type { Order } from "../../../workers/orders/contract.ts";

export interface MessageView {
  readonly shopName: string;
  /** Opens the order for whoever has the message. */
  readonly orderUrl: string;
  readonly order: Order;
}

export interface MessageContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** One sentence for SMS and push, without the link. */
  readonly short: string;
}
