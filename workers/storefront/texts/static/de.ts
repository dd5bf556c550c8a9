/** German texts of the pages about the shop. Data only. */
import type { StaticTexts } from "../static.ts";

export const de: StaticTexts = {
  demo: "Dies ist der Vorführshop der Plattform Holdfast: Keine Karte wird belastet, und kein Paket wird verschickt.",
  rates: {
    heading: "Was es kostet",
    caption: (currency) => `Versandkosten in ${currency}`,
    europe: "Europa",
    elsewhere: "Überall sonst",
    option: "Versandart",
    price: "Preis",
    time: "Dauer",
    from: (amount) => `ab ${amount}`,
    freeAbove: (amount) => `frei ab ${amount}`,
    unavailable: "Die Preisliste ist gerade nicht zur Hand. Die Kasse zeigt den Preis für Ihre Adresse, bevor Sie bezahlen.",
  },
  cookies: {
    heading: "Cookies",
    lead: "Der Shop setzt nur die Cookies, ohne die er nicht funktioniert. Kein Skript kann sie lesen, keine andere Seite bekommt sie, und keines verfolgt Sie.",
    name: "Name",
    purpose: "Wofür",
    kept: "Wie lange",
    session: "bis Sie den Browser schließen",
    days: (count) => `${count} Tage`,
    minute: "eine Minute",
    purposes: {
      cart: "Öffnet Ihren Warenkorb",
      order: "Öffnet Ihre letzte Bestellung",
      session: "Hält Sie angemeldet",
      device: "Erkennt diesen Browser bei der Anmeldung wieder, damit das Raten Fremder Sie nicht aussperrt.",
      market: "Merkt sich Ihr Lieferland",
      language: "Merkt sich Ihre Sprache",
      form: "Schützt Formulare davor, von fremden Seiten abgeschickt zu werden",
      flash: "Trägt eine Meldung zur nächsten Seite",
    },
  },
  pages: {
    shipping: {
      title: "Versand",
      description: "Versandkosten und Lieferzeiten nach Land, Sendungsverfolgung und was mit vorbestellten Artikeln geschieht.",
      lead: "Die Versandkosten stehen auf der Produktseite und noch einmal vor dem Bezahlen. Auf dem Weg zur Kasse wachsen sie nicht.",
      sections: [
        {
          heading: "Wann es losgeht",
          paragraphs: [
            "Bestellungen bis 14:00 Uhr britischer Zeit verlassen unser Lager an Werktagen noch am selben Nachmittag, spätere am nächsten Werktag. Sobald das Paket unterwegs ist, bekommen Sie eine E-Mail, mit Sendungsnummer, wenn der Zusteller eine vergibt.",
          ],
        },
        {
          heading: "Nachlieferbare Artikel",
          paragraphs: [
            "Was schon bestellt werden kann, bevor es wieder im Regal liegt, ist auf der Produktseite so bezeichnet. Die Bestellung wartet, bis alles da ist, und reist dann in einem Paket.",
          ],
        },
        {
          heading: "Zoll",
          paragraphs: [
            "Für Pakete, die eine Zollgrenze überqueren, können am Ziel Zoll oder Einfuhrsteuer anfallen. Der Zusteller zieht sie ein; wir sehen sie nicht und können sie nicht vorab bezahlen.",
          ],
        },
        {
          heading: "Der Bestellung folgen",
          paragraphs: [
            "Der Link in Ihrer Bestätigungsmail öffnet die Bestellung jederzeit, auch ohne Konto. Mit Konto finden Sie sie dort ebenfalls.",
          ],
        },
      ],
    },
    returns: {
      title: "Rückgabe",
      description: "Dreißig Tage, um zurückzuschicken, was nicht passt: wie es geht und wann das Geld zurück ist.",
      lead: "Probieren Sie zu Hause an, bei Ihrem eigenen Wetter. Sie haben dreißig Tage Zeit, ab dem Tag, an dem das Paket ankommt.",
      sections: [
        {
          heading: "So schicken Sie etwas zurück",
          paragraphs: ["Sauber und vollständig, und dann:"],
          points: [
            "schreiben Sie uns Ihre Bestellnummer und was zurückkommt;",
            "packen Sie es in den Karton, in dem es kam, oder in einen anderen, der schließt;",
            "senden Sie es an die Adresse auf der Kontaktseite und heben Sie den Beleg auf.",
          ],
        },
        {
          heading: "Wann das Geld zurück ist",
          paragraphs: [
            "Wir prüfen eine Rücksendung innerhalb von drei Werktagen und erstatten auf die Karte, mit der Sie bezahlt haben. Banken brauchen zwei bis fünf Tage länger. Die Seite Ihrer Bestellung zeigt die Erstattung, sobald wir sie ausgelöst haben.",
          ],
        },
        {
          heading: "Was es kostet",
          paragraphs: [
            "Das Porto für die Rücksendung tragen Sie, außer die Ware war fehlerhaft, unterwegs beschädigt oder nicht die bestellte; dann zahlen wir beide Wege.",
          ],
        },
        {
          heading: "Was nicht zurückkann",
          paragraphs: ["Tauwerk und Stoff nach Ihrem Maß, geöffnete Vorräte und Geschenkkarten."],
        },
        {
          heading: "Reparatur",
          paragraphs: [
            "Eine gerissene Naht nach zwei Wintern ist nicht das Ende. Schreiben Sie uns mit einem Bild: Unsere Werkstatt repariert, was wir verkaufen, zum Selbstkostenpreis, solange es Teile gibt.",
          ],
        },
      ],
    },
    contact: {
      title: "Kontakt",
      description: "So erreichen Sie uns: per E-Mail, Telefon und Post.",
      lead: "Es antwortet ein Mensch, an Werktagen und meist binnen weniger Stunden.",
      sections: [
        { heading: "Per E-Mail", paragraphs: ["help@holdfast.example. Mit Ihrer Bestellnummer finden wir alles sofort."] },
        {
          heading: "Per Telefon",
          paragraphs: ["+44 1632 960 118, Montag bis Freitag, 9:00 bis 17:00 Uhr britischer Zeit."],
        },
        {
          heading: "Per Post und für Rücksendungen",
          paragraphs: ["Holdfast Outfitters, The Net Loft, 4 Harbour Row, Skerry Quay, SK1 1AA, Vereinigtes Königreich"],
        },
        {
          heading: "Wenn auf der Seite etwas nicht stimmt",
          paragraphs: [
            "Fehlerseiten zeigen eine Kennung. Schicken Sie sie mit: Sie führt uns direkt zu dem, was geschehen ist, und wir müssen nicht fragen, worauf Sie geklickt haben.",
          ],
        },
      ],
    },
    privacy: {
      title: "Datenschutz",
      description: "Was wir über Sie speichern, warum, wie lange, und wie Sie es ändern oder löschen lassen.",
      lead: "Wir speichern, was eine Bestellung braucht, und nichts, womit man Ihnen folgen könnte.",
      sections: [
        {
          heading: "Was wir speichern",
          paragraphs: ["Nur, was Sie uns geben:"],
          points: [
            "für eine Bestellung: E-Mail-Adresse, Lieferadresse, was Sie gekauft haben und was daraus wurde;",
            "für ein Konto: E-Mail-Adresse, Name, gespeicherte Adressen und welche Arten von Geräten angemeldet sind. Ihr Passwort liegt nur als Hash vor, aus dem es niemand lesen kann;",
            "für einen Warenkorb: was darin liegt, und die Adresse, sobald Sie sie eingegeben haben.",
          ],
        },
        {
          heading: "Bezahlung",
          paragraphs: [
            "Kartennummern gehen direkt an den Zahlungsdienst. Wir sehen sie nie; wir erfahren nur, ob die Zahlung geklappt hat.",
          ],
        },
        {
          heading: "Wer es sonst sieht",
          paragraphs: [
            "Der Zusteller bekommt Name, Adresse und Telefonnummer für das Etikett, der Zahlungsdienst den Betrag. Sonst bekommt niemand etwas: Auf diesen Seiten gibt es keine Werbung, kein Analyseskript und keine fremden Inhalte.",
          ],
        },
        {
          heading: "Wie lange",
          paragraphs: [
            "Warenkörbe verfallen nach dreißig Tagen Ruhe. Konten bleiben, bis Sie uns bitten, sie zu schließen. Bestellungen bewahren wir so lange auf, wie das Steuerrecht es für Rechnungen verlangt.",
          ],
        },
        {
          heading: "Ihre Rechte",
          paragraphs: [
            "Sie dürfen sehen, berichtigen, mitnehmen und löschen lassen, was wir über Sie speichern: gleich hier, oder schreiben Sie an privacy@holdfast.example; ohne Formular und ohne Kosten.",
          ],
          links: [
            { path: "/account/data", label: "Ihre Daten, mit Konto" },
            { path: "/privacy/request", label: "Ihre Daten, ohne Konto" },
          ],
        },
      ],
    },
    terms: {
      title: "Allgemeine Geschäftsbedingungen",
      description: "Die Verkaufsbedingungen von Holdfast Outfitters in klaren Worten.",
      lead: "Kurz, und zum Lesen gedacht.",
      sections: [
        {
          heading: "Wer verkauft",
          paragraphs: [
            "Holdfast Outfitters, unter der Anschrift auf der Kontaktseite, verkauft an Privatleute und Unternehmen in allen Ländern, in die wir liefern.",
          ],
        },
        {
          heading: "Bestellung und Vertrag",
          paragraphs: [
            "Ihre Bestellung ist ein Angebot. Der Vertrag kommt zustande, wenn die Zahlung gelingt und die Ware Ihnen gehört; beides geschieht zusammen. Nie zahlen Sie für etwas, das wir nicht haben. Die Bestätigungsmail sagt es Ihnen.",
          ],
        },
        {
          heading: "Preise",
          paragraphs: [
            "Sie zahlen die Summe, die die Kasse zeigt. Ändert sich ein Preis, während Ihr Warenkorb offen ist, sagt es die Kasse, bevor Sie bezahlen. Wo es üblich oder vorgeschrieben ist, enthalten Preise die Mehrwertsteuer; anderswo kommt die Steuer an der Kasse hinzu.",
          ],
        },
        {
          heading: "Lieferung und Gefahr",
          paragraphs: ["Bis die Ware in Ihren Händen ist, gehört sie uns und reist auf unsere Gefahr."],
        },
        {
          heading: "Widerrufsrecht",
          paragraphs: [
            "Sie können den Vertrag binnen dreißig Tagen nach Ankunft der Ware ohne Grund widerrufen; wie, steht auf der Seite zur Rückgabe. Weitergehende Rechte Ihres Landes bleiben unberührt.",
          ],
        },
        {
          heading: "Mängel",
          paragraphs: [
            "Es gilt die gesetzliche Gewährleistung ohne Abstriche. Sagen Sie uns Bescheid, und wir reparieren, ersetzen oder erstatten, in dieser Reihenfolge, wenn Sie keine andere wünschen.",
          ],
        },
        {
          heading: "Recht",
          paragraphs: [
            "Es gilt das Recht von England und Wales. Verbrauchern nimmt es nicht den Schutz des Landes, in dem sie leben.",
          ],
        },
      ],
    },
    about: {
      title: "Über uns",
      description:
        "Ein Ausrüster für Menschen, die mit dem Wetter leben: wenige Dinge, gut zu reparieren, mit Beständen, die stimmen.",
      lead: "Ein Holdfast ist das Haftorgan, mit dem Tang im Sturm seinen Platz behält. Das gefällt uns.",
      sections: [
        {
          heading: "Was wir machen und aussuchen",
          paragraphs: [
            "Kleidung, Werkzeug und Vorräte für das Leben am Meer: Jacken mit Nähten, an die man herankommt, Wolle, die einen nassen Tag verzeiht, Lampen, die leuchten, wenn sie sollen. Wir führen wenige Dinge, und die über Jahre.",
          ],
        },
        {
          heading: "Bestände, die stimmen",
          paragraphs: [
            "„Nur noch drei“ heißt drei. Die Zahl auf der Seite ist die Zahl im Regal, in dieser Sekunde, und sobald Sie bezahlen, liegt Ihres für Sie zurück. Lieber verkaufen wir nichts als dasselbe zweimal.",
          ],
        },
        {
          heading: "Gut zu reparieren",
          paragraphs: [
            "Jedes Stück lässt sich instand setzen, und unsere Werkstatt tut es. Die haltbarste Jacke ist die, die Sie schon haben.",
          ],
        },
      ],
    },
  },
};
