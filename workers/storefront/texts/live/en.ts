/** English texts that islands show: sentences with `{n}` and the like, because they travel to the browser as JSON. Data only. */
export const en = {
  stock: {
    in: "In stock",
    low: "Only {n} left",
    backorder: "Order now, sent later",
    out: "Sold out",
    short: "Only {n} left, you have {wanted}",
  },
  suggestions: {
    label: "Suggestions",
    count: "Suggestions: {n}",
    none: "No suggestions",
    category: "Category",
  },
  hold: {
    running: "Held for you for another {time}",
    minutes: "Your items are held for another {n} min",
    over: "Your items are no longer held. Nothing was charged; check your cart and pay again.",
  },
  failed: "That did not reach us. Check your connection and try again.",
  drawer: {
    title: "Your cart",
    empty: "Your cart is empty.",
    close: "Close",
    quantity: "Quantity: {n}",
    remove: "Remove",
    removeOne: "Remove {title}",
    subtotal: "Subtotal",
    later: "Delivery is added at checkout.",
    view: "View cart",
    checkout: "Check out",
  },
};
