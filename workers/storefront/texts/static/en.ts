/** English texts of the pages about the shop. Data only. */
import type { StaticTexts } from "../static.ts";

export const en: StaticTexts = {
  demo: "This is the demonstration shop of the Holdfast platform: no card is charged and no parcel is sent.",
  rates: {
    heading: "What it costs",
    caption: (currency) => `Delivery prices in ${currency}`,
    europe: "Europe",
    elsewhere: "Everywhere else",
    option: "Service",
    price: "Price",
    time: "Takes",
    from: (amount) => `from ${amount}`,
    freeAbove: (amount) => `free from ${amount}`,
    unavailable: "The price list is not at hand this moment. The checkout shows the price for your address before you pay.",
  },
  cookies: {
    heading: "Cookies",
    lead: "The shop sets only the cookies it needs to work. No script can read them, no other site receives them, and none of them follows you.",
    name: "Name",
    purpose: "What for",
    kept: "Kept",
    session: "until you close the browser",
    days: (count) => `${count} days`,
    minute: "one minute",
    purposes: {
      cart: "Opens your cart",
      order: "Opens the order you placed last",
      session: "Keeps you signed in",
      device: "Knows this browser again when you sign in, so that a stranger's guesses at your password do not lock you out.",
      market: "Remembers your delivery country",
      language: "Remembers your language",
      form: "Protects forms from being sent by other sites",
      flash: "Carries one message to the next page",
    },
  },
  pages: {
    shipping: {
      title: "Delivery",
      description: "Delivery prices and times by country, how parcels are tracked, and what happens to items on backorder.",
      lead: "You see the price of delivery on the product page and again before you pay. It does not grow on the way to the till.",
      sections: [
        {
          heading: "When it leaves",
          paragraphs: [
            "Orders placed before 14:00 UK time on a working day leave our loft in the same afternoon; later ones leave the next working day. You get an e-mail when the parcel is on its way, with a tracking number where the carrier gives one.",
          ],
        },
        {
          heading: "Items on backorder",
          paragraphs: [
            "When something can be ordered before it is back on the shelf, its page says so. The order waits until everything in it is here and then travels in one parcel.",
          ],
        },
        {
          heading: "Customs",
          paragraphs: [
            "Parcels that cross a customs border may be charged duty or import tax where they arrive. The carrier collects it; we do not see it and cannot pay it ahead.",
          ],
        },
        {
          heading: "Following your order",
          paragraphs: [
            "The link in your confirmation e-mail opens the order at any time, without an account. If you have one, the order is also listed there.",
          ],
        },
      ],
    },
    returns: {
      title: "Returns",
      description: "Thirty days to send back what does not suit you, how to do it, and when the money is back.",
      lead: "Try things on at home, in your own weather. You have thirty days from the day the parcel arrives.",
      sections: [
        {
          heading: "How to send something back",
          paragraphs: ["Keep it clean and complete, and:"],
          points: [
            "write to us with your order number and what is coming back;",
            "pack it in the box it came in, or any box that closes;",
            "send it to the address on the contact page and keep the receipt.",
          ],
        },
        {
          heading: "When the money is back",
          paragraphs: [
            "We look at a return within three working days and refund it to the card you paid with. Banks take two to five days more. The order page shows the refund as soon as we have made it.",
          ],
        },
        {
          heading: "What it costs",
          paragraphs: [
            "Posting it back is yours to pay, unless it was faulty, damaged on the way, or not what you ordered; then we pay both ways.",
          ],
        },
        {
          heading: "What cannot come back",
          paragraphs: ["Rope and cloth cut to your length, opened provisions, and gift cards."],
        },
        {
          heading: "Repairs",
          paragraphs: [
            "A torn seam after two winters is not the end. Write to us with a picture: our workshop mends what we sell, at cost, for as long as we can get the parts.",
          ],
        },
      ],
    },
    contact: {
      title: "Contact",
      description: "How to reach us by e-mail, telephone and post.",
      lead: "A person answers, on working days, usually within a few hours.",
      sections: [
        {
          heading: "By e-mail",
          paragraphs: ["help@holdfast.example. With your order number we find things at once."],
        },
        {
          heading: "By telephone",
          paragraphs: ["+44 1632 960 118, Monday to Friday, 9:00 to 17:00 UK time."],
        },
        {
          heading: "By post, and for returns",
          paragraphs: ["Holdfast Outfitters, The Net Loft, 4 Harbour Row, Skerry Quay, SK1 1AA, United Kingdom"],
        },
        {
          heading: "When something on the site is wrong",
          paragraphs: [
            "Error pages show a reference. Send it along: it leads us straight to what happened, without us having to ask what you clicked.",
          ],
        },
      ],
    },
    privacy: {
      title: "Privacy",
      description: "What we keep about you, why, for how long, and how to have it changed or removed.",
      lead: "We keep what an order needs, and nothing to follow you around with.",
      sections: [
        {
          heading: "What we keep",
          paragraphs: ["Only what you give us:"],
          points: [
            "for an order: e-mail address, delivery address, what you bought and what became of it;",
            "for an account: e-mail address, name, saved addresses, and which kinds of device are signed in. Your password is stored only as a hash from which nobody can read it;",
            "for a cart: what is in it, and the address once you have typed it.",
          ],
        },
        {
          heading: "Payment",
          paragraphs: [
            "Card numbers go straight to the payment provider. We never see them; we learn only whether the payment went through.",
          ],
        },
        {
          heading: "Who else sees it",
          paragraphs: [
            "The carrier gets name, address and telephone number for the label. The payment provider gets the amount. Nobody else gets anything: there is no advertising, no analytics script and no third-party content on these pages.",
          ],
        },
        {
          heading: "How long",
          paragraphs: [
            "Carts expire after thirty days of rest. Accounts stay until you ask us to close them. Orders are kept as long as tax law asks for invoices.",
          ],
        },
        {
          heading: "Your rights",
          paragraphs: [
            "You may see, correct, take along and erase what we keep about you, here and at once. Or write to privacy@holdfast.example; no form, no fee.",
          ],
          links: [
            { path: "/account/data", label: "Your data, with an account" },
            { path: "/privacy/request", label: "Your data, without an account" },
          ],
        },
      ],
    },
    terms: {
      title: "Terms",
      description: "The terms of sale of Holdfast Outfitters, in plain words.",
      lead: "Short, and meant to be read.",
      sections: [
        {
          heading: "Who sells",
          paragraphs: [
            "Holdfast Outfitters, at the address on the contact page, sells to people and businesses in every country we deliver to.",
          ],
        },
        {
          heading: "Order and contract",
          paragraphs: [
            "Your order is an offer. The contract is made when payment succeeds and the stock is yours, which happens together: you are never charged for something we do not have. The confirmation e-mail says so.",
          ],
        },
        {
          heading: "Prices",
          paragraphs: [
            "You pay the total that the checkout shows. If a price changes while your cart is open, the checkout tells you before you pay. Where law or custom asks for it, prices include VAT; elsewhere tax is added at the till.",
          ],
        },
        {
          heading: "Delivery and risk",
          paragraphs: ["The goods are ours and at our risk until they are in your hands."],
        },
        {
          heading: "Right of withdrawal",
          paragraphs: [
            "You may withdraw from the contract within thirty days of the arrival of the goods, without a reason; the returns page says how. Longer rights that the law of your country gives you remain.",
          ],
        },
        {
          heading: "Faults",
          paragraphs: [
            "Statutory warranty applies in full. Tell us, and we mend, replace or refund, in that order unless you prefer another.",
          ],
        },
        {
          heading: "Law",
          paragraphs: [
            "The law of England and Wales applies. It does not take from consumers the protection of the country they live in.",
          ],
        },
      ],
    },
    about: {
      title: "About us",
      description: "An outfitter for people who live with weather: few things, made to be mended, with stock that is true.",
      lead: "A holdfast is how seaweed keeps its place in a storm. We like the idea.",
      sections: [
        {
          heading: "What we make and choose",
          paragraphs: [
            "Clothing, tools and provisions for life by the sea: jackets with seams you can reach, wool that forgives a wet day, lamps that light when they should. We carry few things and carry them for years.",
          ],
        },
        {
          heading: "Stock that is true",
          paragraphs: [
            "“Only three left” means three. The number on the page is the number on the shelf, this second, and once you are paying, yours is put aside for you. We would rather sell nothing than sell it twice.",
          ],
        },
        {
          heading: "Made to be mended",
          paragraphs: [
            "Every piece can be repaired, and our workshop does it. The most lasting jacket is the one you already have.",
          ],
        },
      ],
    },
  },
};
