/** German texts about apps. Data only. */
import type { AppTexts } from "../apps.ts";

export const de: AppTexts = {
  nav: "Apps",
  scopes: {
    "profile:read": "Ihren Namen und Ihre E-Mail-Adresse sehen",
    "profile:write": "Ihren Namen ändern",
    "addresses:read": "Ihre gespeicherten Adressen sehen",
    "addresses:write": "Gespeicherte Adressen hinzufügen, ändern und löschen",
    "carts:write": "Warenkörbe füllen und daraus in Ihrem Namen bestellen",
    "orders:read": "Ihre Bestellungen sehen und wo sie gerade sind",
  },
  consent: {
    title: (app) => `${app} in Ihr Konto lassen?`,
    signedInAs: (email) => `Sie sind als ${email} angemeldet.`,
    could: "Die App könnte dann:",
    never: "Ihr Passwort sieht sie nie, und wie Sie sich anmelden, kann sie nicht ändern.",
    toSite: (host) => `Danach geht es weiter zu ${host}.`,
    toProgram: (name) => `Danach geht es weiter zur App ${name} auf diesem Gerät.`,
    toThisComputer:
      "Danach geht es weiter zu einem Programm auf diesem Computer. Stimmen Sie nur zu, wenn Sie es gerade selbst gestartet haben.",
    unvetted:
      "Diese App hat sich selbst eingetragen, ihren Namen hat niemand geprüft. Stimmen Sie nur zu, wenn Sie sie kennen und von dort kommen.",
    allow: "Zulassen",
    deny: "Nicht zulassen",
    later: "Den Zugriff können Sie jederzeit beenden, in Ihrem Konto unter Apps.",
    brokenTitle: "Dieser Link einer App funktioniert nicht",
    brokenLead:
      "Es wurde nichts weitergegeben. Gehen Sie zurück zur App und versuchen Sie es noch einmal. Hilft das nicht, nützt ihren Herstellern dieser Code:",
  },
  list: {
    title: "Apps mit Zugriff",
    lead: "Apps und Agenten, die für Sie handeln dürfen.",
    none: "Keine App hat Zugriff auf Ihr Konto.",
    since: (date) => `Seit dem ${date}`,
    lastUsed: (date) => `zuletzt angemeldet am ${date}`,
    end: "Zugriff beenden",
    endOne: (app) => `Zugriff beenden: ${app}`,
    ended: "Der Zugriff ist beendet, auf allen Geräten.",
  },
};
