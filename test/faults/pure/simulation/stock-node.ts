/** One SKU's object on the simulated network: the real decisions, asked by inventory. */
import type { SkuStockApi } from "../../../../durable-objects/sku-stock/contract.ts";
import { holdInTurn } from "../../../../durable-objects/sku-stock/hold-in-turn.ts";
import { MemoryStock } from "../../../unit/inventory/memory-stock.ts";
import type { MessageKind, Network } from "./network.ts";
import { Node, type VirtualTime } from "./virtual-time.ts";

type Asked = Pick<SkuStockApi, "hold" | "holdTogether" | "commit" | "release" | "cancel" | "restock">;

export class StockNode {
  readonly node: Node;
  readonly #stock: MemoryStock;
  readonly #time: VirtualTime;

  constructor(sku: string, quantity: number, backorderable: boolean, time: VirtualTime) {
    this.node = new Node(`stock of ${sku}`);
    this.#time = time;
    this.#stock = new MemoryStock({ backorderable, balances: [{ location: "main", quantity }] });
  }

  /** The stock at the time that its clock shows. */
  get now(): MemoryStock {
    this.#stock.nowMs = this.#time.wallMs(this.node);
    return this.#stock;
  }

  /** What inventory sees of it. */
  askedBy(caller: Node, network: Network): Asked {
    const { node } = this;
    const ask = <T>(kind: MessageKind, id: string, command: (stock: MemoryStock) => T): Promise<T> =>
      network.call(caller, node, kind, id, () => command(this.now));
    return {
      hold: ({ holdId, quantity, expiresAtMs }) => ask("hold", holdId, (stock) => stock.hold(holdId, quantity, expiresAtMs)),
      holdTogether: (commands) =>
        ask("hold", commands.map(({ holdId }) => holdId).join(" "), (stock) =>
          holdInTurn(commands, ({ holdId, quantity, expiresAtMs }) => stock.hold(holdId, quantity, expiresAtMs)),
        ),
      commit: (holdId) => ask("commit", holdId, (stock) => stock.commit(holdId)),
      release: (holdId) => ask("release", holdId, (stock) => stock.release(holdId)),
      cancel: (holdId) => ask("cancel", holdId, (stock) => stock.cancel(holdId)),
      restock: (command) => ask("restock", command.key, (stock) => stock.restock(command)),
    };
  }
}
