/** English texts about apps. Data only. */
import type { CustomerScope } from "../../../shared/principal.ts";

const scopes: Readonly<Record<CustomerScope, string>> = {
  "profile:read": "See your name and e-mail address",
  "profile:write": "Change your name",
  "addresses:read": "See your saved addresses",
  "addresses:write": "Add, change and delete saved addresses",
  "carts:write": "Fill carts, and place orders from them in your name",
  "orders:read": "See your orders and where they are",
};

export const en = {
  nav: "Apps",
  scopes,
  consent: {
    title: (app: string) => `Let ${app} into your account?`,
    signedInAs: (email: string) => `You are signed in as ${email}.`,
    could: "The app could then:",
    never: "It never sees your password, and cannot change how you sign in.",
    toSite: (host: string) => `You go on to ${host}.`,
    toProgram: (name: string) => `You go on to the app ${name} on this device.`,
    toThisComputer: "You go on to a program on this computer. Say yes only if you have just started it yourself.",
    unvetted: "This app registered itself, and nobody has checked its name. Say yes only if you know it and came from it.",
    allow: "Allow",
    deny: "Do not allow",
    later: "You can end its access at any time, in your account under Apps.",
    brokenTitle: "This link of an app does not work",
    brokenLead: "Nothing was shared. Go back to the app and try again. If that does not help, its makers can use this code:",
  },
  list: {
    title: "Apps with access",
    lead: "Apps and agents that may act for you.",
    none: "No app has access to your account.",
    since: (date: string) => `Since ${date}`,
    lastUsed: (date: string) => `last signed in on ${date}`,
    end: "End access",
    endOne: (app: string) => `End access of ${app}`,
    ended: "Its access has ended, on every device.",
  },
};
