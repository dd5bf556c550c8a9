/** German texts that islands show. Data only. */
import type { LiveTexts } from "../live.ts";

export const de: LiveTexts = {
  stock: {
    in: "Auf Lager",
    low: "Nur noch {n} verfügbar",
    backorder: "Jetzt bestellen, Lieferung später",
    out: "Ausverkauft",
    short: "Nur noch {n} verfügbar, im Warenkorb: {wanted}",
  },
  suggestions: {
    label: "Vorschläge",
    count: "Vorschläge: {n}",
    none: "Keine Vorschläge",
    category: "Kategorie",
  },
  hold: {
    running: "Noch {time} für Sie reserviert",
    minutes: "Ihre Artikel sind noch {n} Min. reserviert",
    over: "Ihre Artikel sind nicht mehr reserviert. Es wurde nichts abgebucht; prüfen Sie den Warenkorb und zahlen Sie erneut.",
  },
  failed: "Das ist nicht angekommen. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  drawer: {
    title: "Ihr Warenkorb",
    empty: "Ihr Warenkorb ist leer.",
    close: "Schließen",
    quantity: "Menge: {n}",
    remove: "Entfernen",
    removeOne: "{title} entfernen",
    subtotal: "Zwischensumme",
    later: "Der Versand kommt an der Kasse dazu.",
    view: "Warenkorb ansehen",
    checkout: "Zur Kasse",
  },
};
